#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/row.hpp"

namespace steward::bench {

struct PeerFigure {
    std::string name;
    double figure = 0;
    double ratio = 0;  ///< Steward's figure by this one
};

/// What came out of a row.
struct Result {
    std::string row = {};
    std::string unit = {};
    Better better = Better::lower;
    double steward = 0;
    std::vector<PeerFigure> peers = {};
    std::vector<Goal> goals = {};
};

/// Measures a row: its contenders take turns, so that what disturbs the machine disturbs all of them alike.
Result measure(const Row&, int repetitions);

/// Whether the goal is reached; nothing where its peer was not there to be measured.
std::optional<bool> reached(const Result&, const Goal&);

enum class Verdict : std::uint8_t { no_goal, reached, not_measured, missed };

/// Of all its goals: one that is missed decides, then one that could not be measured.
Verdict verdict(const Result&);

}  // namespace steward::bench
