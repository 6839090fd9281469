#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/cli/command.hpp"

namespace steward::cli {

/// Options of every command, accepted before and after its name.
struct GlobalOptions {
    std::string socket;  ///< path; empty: where the client library looks
    bool json = false;
};

/// A command line that has been read.
struct Invocation {
    GlobalOptions options;
    std::vector<std::string> program;  ///< of `run`: what stands behind "--"
    Action action;
};

/// Reads the arguments behind the program's own name. Nothing where help or the version was asked for, which has been
/// printed then. Throws Failure(usage).
std::optional<Invocation> read_command_line(const std::vector<std::string>& arguments);

}  // namespace steward::cli
