#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace steward::bench {

/// Steward, or a peer that does the same. What `measure` captures owns the processes that it needs.
struct Contender {
    std::string name;
    std::function<double()> measure;  ///< the figure of one repetition
};

/// What a row has to reach: a bound on the ratio to a peer or, without a peer, on the figure itself.
struct Goal {
    std::string peer;
    double bound = 0;
};

enum class Better : std::uint8_t { lower, higher };

/// How the figures of the repetitions become one.
enum class Summary : std::uint8_t { median, smallest };

/// One line of the report.
struct Row {
    std::string name;
    std::string unit;
    Better better = Better::lower;
    std::vector<Goal> goals = {};
    Summary summary = Summary::median;
    bool warm_up = true;                                  ///< measures once more before, and forgets it
    int most_repetitions = 100'000;                       ///< where one takes long
    std::function<std::vector<Contender>()> set_up = {};  ///< Steward first
};

}  // namespace steward::bench
