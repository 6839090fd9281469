#include "daemon/python_index.hpp"

#include <algorithm>
#include <limits>

namespace steward::daemon {
namespace {

/// Into [lowest, highest], where a negative index counts from the end first.
std::int64_t clamp_bound(std::int64_t bound, std::int64_t size, std::int64_t lowest, std::int64_t highest) {
    if (bound < 0)
        bound += size;
    return std::clamp(bound, lowest, highest);
}

}  // namespace

std::optional<std::size_t> item_position(std::int64_t index, std::size_t size) {
    const auto length = static_cast<std::int64_t>(size);
    if (index < 0)
        index += length;
    if (index < 0 || index >= length)
        return std::nullopt;
    return static_cast<std::size_t>(index);
}

std::size_t clamped_position(std::int64_t index, std::size_t size) {
    const auto length = static_cast<std::int64_t>(size);
    return static_cast<std::size_t>(clamp_bound(index, length, 0, length));
}

Slice resolve_slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop, std::int64_t step,
                    std::size_t size) {
    const auto length = static_cast<std::int64_t>(size);
    const bool forward = step > 0;
    if (step == std::numeric_limits<std::int64_t>::min())
        ++step;  // so that it has an opposite; no list is that long
    const std::int64_t lowest = forward ? 0 : -1;
    const std::int64_t highest = forward ? length : length - 1;
    const auto first = start ? clamp_bound(*start, length, lowest, highest) : (forward ? lowest : highest);
    const auto last = stop ? clamp_bound(*stop, length, lowest, highest) : (forward ? highest : lowest);
    std::int64_t count = 0;
    if (forward && first < last)
        count = (last - first - 1) / step + 1;
    if (!forward && last < first)
        count = (first - last - 1) / -step + 1;
    return {.first = static_cast<std::size_t>(std::max<std::int64_t>(first, 0)),
            .step = step,
            .count = static_cast<std::size_t>(count)};
}

}  // namespace steward::daemon
