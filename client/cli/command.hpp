#pragma once

#include <functional>
#include <string_view>

#include <CLI/App.hpp>

namespace steward::cli {

class Context;

/// What a command does once its arguments are read. Returns the exit code; throws Failure or steward::Error.
using Action = std::function<int(Context&)>;

/// A command of `steward`. Each has a file of its own in commands/, with its options, what it asks of the daemon and
/// how it prints the answer, in this order; commands.cpp lists them.
struct Command {
    std::string_view name;
    std::string_view synopsis;  ///< what stands behind the name: "NAME [KEY|INDEX] VALUE"
    std::string_view purpose;   ///< one sentence

    /// Declares options and positional arguments; the action is called after they have been read.
    Action (*prepare)(CLI::App& arguments);

    bool runs_program = false;  ///< what stands behind "--" is a program and its arguments
};

}  // namespace steward::cli
