#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "tests/histories/history.hpp"
#include "tests/histories/operation.hpp"

// What clients write down of their calls, in memory that they share with the conductor and that survives them. A client
// may be killed at any instruction: a call is there as soon as it is begun, and what it returned as soon as it is
// ended.
namespace steward::tests::histories {

inline constexpr std::size_t number_of_places = 8;
inline constexpr std::size_t conductors_place = number_of_places;
inline constexpr std::size_t most_calls_of_a_place = 6'000;
inline constexpr std::size_t most_cuts_of_a_place = 1'000;

inline Nanoseconds now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * Nanoseconds{1'000'000'000} + time.tv_nsec;
}

/// A client, in all its lives, one after another.
struct Place {
    std::array<Call, most_calls_of_a_place> calls{};
    std::atomic<std::uint32_t> begun = 0;
    std::atomic<std::uint32_t> ended = 0;
    std::atomic<Nanoseconds> cut = 0;  ///< when its connection was closed last
    std::array<Loss, most_cuts_of_a_place> cuts{};
    std::atomic<std::uint32_t> times_cut = 0;

    bool in_mid_call() const { return begun.load() != ended.load(); }
};

/// Of a round.
struct Log {
    std::array<Place, number_of_places + 1> places{};
    std::atomic<bool> stopped = false;
};

}  // namespace steward::tests::histories
