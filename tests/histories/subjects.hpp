#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tests/histories/history.hpp"
#include "tests/histories/linearizability.hpp"
#include "tests/histories/play.hpp"

namespace steward::tests::histories {

/// How the objects are made that the models are of.
inline constexpr std::int64_t semaphore_permits = 2;
inline constexpr std::size_t barrier_parties = 3;
inline constexpr std::size_t queue_size = 4;
inline constexpr std::size_t array_length = 4;
inline constexpr unsigned number_of_keys = 4;

/// What became of the history of an object.
struct Report {
    Verdict verdict = Verdict::linearizable;
    std::uint64_t steps = 0;
    std::string text;  ///< what is wrong, for people; empty: nothing is
};

/// An object of a round: what clients do with it and what is checked of it.
struct Subject {
    std::string_view name;
    std::unique_ptr<Play> (*open)(const Manager& manager, const std::string& name);
    Report (*check)(const History& history);
};

std::span<const Subject> subjects();

}  // namespace steward::tests::histories
