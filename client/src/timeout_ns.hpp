#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace steward::detail {

/// A time-out as the messages take it.
inline std::optional<std::int64_t> timeout_ns(std::optional<std::chrono::nanoseconds> timeout) {
    return timeout ? std::optional<std::int64_t>(timeout->count()) : std::nullopt;
}

/// What is left of one that began to run then.
inline std::optional<std::int64_t> left_of(std::optional<std::int64_t> timeout_ns,
                                           std::chrono::steady_clock::time_point begun) {
    if (!timeout_ns)
        return std::nullopt;
    const auto passed = std::chrono::nanoseconds(std::chrono::steady_clock::now() - begun).count();
    return std::max<std::int64_t>(0, *timeout_ns - passed);
}

}  // namespace steward::detail
