#pragma once

#include <chrono>
#include <cstddef>

namespace steward::bench {

inline double nanoseconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

/// Runs operation(0), operation(1), ... and tells how long one takes.
template <class Operation>
double ns_per_operation(std::size_t count, Operation operation) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i)
        operation(i);
    return nanoseconds_since(start) / static_cast<double>(count);
}

/// Takes a result, so that the compiler cannot leave out what it comes from.
template <class T>
void keep(const T& result) {
    asm volatile("" : : "m"(result) : "memory");
}

}  // namespace steward::bench
