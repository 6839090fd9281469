#pragma once

#include <string>
#include <vector>

#include "tests/bench/result.hpp"

namespace steward::bench {

/// A table for people: a line for each row's figure and, beside it, one for each peer.
std::string as_table(const std::vector<Result>&);

/// A line for each row: whether it reaches all that it has to reach, and by which figures.
std::string as_verdicts(const std::vector<Result>&);

/// The same figures as a table for README.md.
std::string as_markdown(const std::vector<Result>&);

/// [{"row", "unit", "better", "steward", "peers": {name: figure}, "ratios": {name: steward / peer}}, ...]
std::string as_json(const std::vector<Result>&);

}  // namespace steward::bench
