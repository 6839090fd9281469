#pragma once

#include <chrono>

namespace steward::tests {

using ElapsedClock = std::chrono::steady_clock;

inline double ms_since(ElapsedClock::time_point begin) {
    return std::chrono::duration<double, std::milli>(ElapsedClock::now() - begin).count();
}

}  // namespace steward::tests
