#pragma once

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "client/src/patience.hpp"

namespace steward::detail {

inline timespec time_until(std::chrono::steady_clock::time_point until) {
    const auto left =
        std::max(std::chrono::nanoseconds::zero(), std::chrono::nanoseconds(until - std::chrono::steady_clock::now()));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    return {.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
}

/// Nothing happens to any of them: the patience is over, or the wait was interrupted.
inline void poll_until(std::array<pollfd, 2>& polled, Patience patience) {
    const auto time = patience ? time_until(*patience) : timespec{};
    ppoll(polled.data(), polled.size(), patience ? &time : nullptr, nullptr);
}

}  // namespace steward::detail
