#pragma once

#include <vector>

#include <steward/manager.hpp>

#include "client/cli/doctor/finding.hpp"

namespace steward::cli::doctor {

Finding judge_round_trip(double ns);
Finding judge_lock(double ns);

/// A round trip to the daemon, and a lock that nobody else wants. Throws Error, where a lock cannot be made.
std::vector<Finding> measure_speed(const Manager&);

}  // namespace steward::cli::doctor
