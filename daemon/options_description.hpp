#pragma once

#include <span>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace steward::daemon {

struct ExitCode {
    int code = 0;
    std::string_view meaning;
};

/// All options and exit codes as JSON, as `stewardd --describe` prints it: what the manual is made of (client/man), so
/// that it says what the program does. Of an option, by its name without dashes, is asked whether it takes effect while
/// the daemon runs.
std::string describe_options(const CLI::App& app, std::span<const ExitCode> exit_codes,
                             bool (*takes_effect_at_once)(std::string_view name));

}  // namespace steward::daemon
