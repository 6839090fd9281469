#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace steward::detail {

/// A time-out as the messages take it.
inline std::optional<std::int64_t> timeout_ns(std::optional<std::chrono::nanoseconds> timeout) {
    return timeout ? std::optional<std::int64_t>(timeout->count()) : std::nullopt;
}

}  // namespace steward::detail
