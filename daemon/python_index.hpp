#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace steward::daemon {

/// Positions as Python counts them (Python Language Reference, 3.14, section 6.3.2 "Subscriptions" and the table of
/// "Common Sequence Operations").

/// The position in a sequence of `size`; negative counts from the end. Nothing where there is no such item.
std::optional<std::size_t> item_position(std::int64_t index, std::size_t size);

/// The position before which something is inserted or at which a search begins or ends; one beyond an end is that end.
std::size_t clamped_position(std::int64_t index, std::size_t size);

/// The items that a slice selects: `count` of them at first, first + step, ... in the slice's order.
struct Slice {
    std::size_t first = 0;
    std::int64_t step = 1;
    std::size_t count = 0;

    std::size_t at(std::size_t i) const {
        return static_cast<std::size_t>(static_cast<std::int64_t>(first) + static_cast<std::int64_t>(i) * step);
    }
    /// The same items from the lowest position to the highest.
    std::size_t lowest() const { return step > 0 || count == 0 ? first : at(count - 1); }
};

/// `step` is not 0. As slice.indices() in Python.
Slice resolve_slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop, std::int64_t step,
                    std::size_t size);

}  // namespace steward::daemon
