#pragma once

#include "client/cli/json.hpp"

namespace steward::cli {

/// All commands with their arguments and options, and the exit codes, as `steward --describe` prints them: what the
/// manual is made of (client/man), so that it says what the program does.
Json description();

}  // namespace steward::cli
