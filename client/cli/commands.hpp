#pragma once

#include <span>
#include <string_view>

#include "client/cli/command.hpp"

namespace steward::cli {

/// All commands in the order of the help.
std::span<const Command* const> commands();

/// The command of a name, or null.
const Command* find_command(std::string_view name);

}  // namespace steward::cli
