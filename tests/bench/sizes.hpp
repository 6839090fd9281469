#pragma once

#include <cstddef>

namespace steward::bench {

/// How much is done for one figure of one repetition. Times are of less than a millisecond, so that most of them are
/// not interrupted by what else the machine does.
struct Sizes {
    std::size_t round_trips = 100;
    std::size_t batches = 5;         ///< of as many requests as are in flight
    std::size_t manager_calls = 50;  ///< of Python's Manager, and of Steward beside it
    std::size_t locks_in_a_row = 10'000;
    std::size_t words_in_a_row = 500;
    std::size_t handovers = 10;
    std::size_t reads_in_a_row = 10'000;
    std::size_t entries_to_read = 100'000;
    std::size_t crowd = 1'000'000;  ///< objects of a daemon that has many
    std::size_t idle_sessions = 5'000;
    std::size_t entries = 1'000'000;  ///< of a dict that grows
    std::size_t locks = 1'000'000;    ///< whose memory is measured
};

/// So little that the figures mean nothing: to see that everything works.
inline constexpr Sizes quick_sizes{.round_trips = 20,
                                   .batches = 2,
                                   .manager_calls = 20,
                                   .locks_in_a_row = 100,
                                   .words_in_a_row = 20,
                                   .handovers = 2,
                                   .reads_in_a_row = 20,
                                   .entries_to_read = 1'000,
                                   .crowd = 1'000,
                                   .idle_sessions = 50,
                                   .entries = 2'000,
                                   .locks = 2'000};

}  // namespace steward::bench
