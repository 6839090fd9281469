#pragma once

#include <chrono>
#include <thread>

namespace steward::tests {

/// How long a test waits for what must happen before it calls it a failure: far longer than it ever takes.
inline constexpr std::chrono::milliseconds watchdog = std::chrono::seconds(30);

/// Asks until the condition holds; false where it does not before the watchdog barks.
template <class Condition>
bool eventually(Condition&& condition, std::chrono::milliseconds limit = watchdog) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace steward::tests
