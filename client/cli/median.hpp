#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace steward::cli {

/// So many measurements, of which the middle one counts, of so many operations each.
struct Repetitions {
    std::uint32_t repetitions = 7;
    std::uint32_t operations = 2000;
};

/// Nanoseconds that one operation takes.
template <class Operation>
double median_ns(const Repetitions& times, Operation&& operation) {
    using Clock = std::chrono::steady_clock;
    std::vector<double> measured;
    for (std::uint32_t repetition = 0; repetition < times.repetitions; ++repetition) {
        const auto begin = Clock::now();
        for (std::uint32_t i = 0; i < times.operations; ++i)
            operation();
        measured.push_back(std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / times.operations);
    }
    const auto middle = measured.begin() + static_cast<std::ptrdiff_t>(measured.size() / 2);
    std::ranges::nth_element(measured, middle);
    return *middle;
}

}  // namespace steward::cli
