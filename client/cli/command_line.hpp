#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/command.hpp"

namespace steward::cli {

/// Options of every command, accepted before and after its name.
struct GlobalOptions {
    std::string socket;  ///< path; empty: where the client library looks
    bool json = false;
};

/// The group of these options, in the help and to whoever walks through an App.
inline constexpr const char* group_of_every_command = "Options of every command";

/// What stands below the help of a command that says nothing else there.
inline constexpr std::string_view default_footer = "Exit codes stand in `steward --help`.";

/// `steward` itself as it is parsed, described and completed; what it reads goes to `options`.
std::unique_ptr<CLI::App> declare_steward(GlobalOptions& options);

/// The same of one command.
struct DeclaredCommand {
    std::unique_ptr<CLI::App> app;
    Action action;
};
DeclaredCommand declare(const Command& command, GlobalOptions& options);

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
