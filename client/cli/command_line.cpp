#include "client/cli/command_line.hpp"
#include "client/cli/commands.hpp"
#include "client/cli/completion.hpp"
#include "client/cli/description.hpp"
#include "client/cli/exit_status.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/stands_for.hpp"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace steward::cli {
namespace {

constexpr int help_column = 28;
constexpr std::string_view program_mark = "--";
constexpr const char* hidden = "";  // to CLI11 a group without a name is one that is not shown

/// CLI11's help with a usage line of our own.
class HelpFormatter : public CLI::Formatter {
  public:
    explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) {
        column_width_ = help_column;
        label("Positionals", "Arguments");
    }

    std::string make_usage(const CLI::App*, std::string) const override { return "\nUsage: " + usage_ + '\n'; }

    /// Descriptions tell types, units and defaults.
    std::string make_option_opts(const CLI::Option* option) const override {
        const auto& text = option->get_option_text();
        return text.empty() ? text : ' ' + text;
    }

  private:
    std::string usage_;
};

std::string list_of_commands() {
    std::ostringstream text;
    text << "Commands (steward COMMAND --help tells more):\n";
    for (const auto* command : commands())
        text << "  " << std::left << std::setw(help_column - 2) << command->name << command->purpose << '\n';
    return text.str();
}

std::string list_of_exit_statuses() {
    std::ostringstream text;
    text << "Exit codes:\n";
    for (const auto& entry : exit_statuses)
        text << "  " << std::left << std::setw(help_column - 2) << static_cast<int>(entry.status) << entry.meaning
             << '\n';
    text << "  " << std::setw(help_column - 2) << "N, 128+N"
         << "run: the command ended with N, or by signal N";
    return text.str();
}

void add_global_options(CLI::App& app, GlobalOptions& options) {
    app.set_help_flag("-h,--help", "this text");
    app.add_flag("--json", options.json, "print JSON instead of a table")->group(group_of_every_command);
    app.add_option("--socket", options.socket,
                   "socket of the daemon (default: $STEWARD_SOCKET, then $XDG_RUNTIME_DIR/steward.sock, then "
                   "/run/steward/steward.sock)")
        ->option_text("PATH")
        ->check(names_file())
        ->group(group_of_every_command);
}

/// Whether there is something to carry out: false where help or the version was asked for and printed.
bool parse(CLI::App& app, std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // the order that CLI11 wants a vector in
    try {
        app.parse(std::move(arguments));
        return true;
    } catch (const CLI::CallForHelp&) {
        std::cout << app.help();
    } catch (const CLI::CallForVersion& version) {
        std::cout << version.what() << '\n';
    } catch (const CLI::ParseError& error) {
        throw Failure(ExitStatus::usage, std::string(error.what()) + "; see `" + app.get_name() + " --help`");
    }
    return false;
}

/// The command's name and all that stands behind it.
std::optional<std::vector<std::string>> read_global_options(const std::vector<std::string>& arguments,
                                                            GlobalOptions& options) {
    const auto app = declare_steward(options);
    if (!parse(*app, arguments))
        return std::nullopt;
    return app->remaining();
}

const Command& command_of(const std::vector<std::string>& words) {
    if (words.empty())
        throw Failure(ExitStatus::usage, "a command is missing; see `steward --help`");
    if (const auto* command = find_command(words.front()))
        return *command;
    throw Failure(ExitStatus::usage, "there is no command '" + words.front() + "'; see `steward --help`");
}

/// Cuts off what stands behind "--" of a command that runs a program, so that CLI11 does not interpret it.
std::vector<std::string> split_program(const Command& command, std::vector<std::string>& words) {
    if (!command.runs_program)
        return {};
    const auto mark = std::find(words.begin(), words.end(), program_mark);
    if (mark == words.end())
        return {};
    std::vector<std::string> program(mark + 1, words.end());
    words.erase(mark, words.end());
    return program;
}

}  // namespace

std::unique_ptr<CLI::App> declare_steward(GlobalOptions& options) {
    auto app = std::make_unique<CLI::App>("Looks into a steward daemon, and uses its objects from scripts.", "steward");
    app->formatter(std::make_shared<HelpFormatter>("steward [OPTIONS] COMMAND [ARGUMENTS]"));
    app->footer(list_of_commands() + '\n' + list_of_exit_statuses());
    app->prefix_command();
    add_global_options(*app, options);
    app->set_version_flag("--version", "steward " STEWARD_VERSION, "the version");
    app->add_flag_callback(
           "--describe", [] { throw CLI::CallForVersion(to_text(description()), 0); },
           "all commands, options and exit codes as JSON, of which the manual is made")
        ->group(hidden);
    return app;
}

DeclaredCommand declare(const Command& command, GlobalOptions& options) {
    const auto name = "steward " + std::string(command.name);
    DeclaredCommand declared;
    declared.app = std::make_unique<CLI::App>(std::string(command.purpose), name);
    declared.app->formatter(std::make_shared<HelpFormatter>(name + " [OPTIONS] " + std::string(command.synopsis)));
    declared.app->footer(std::string(default_footer));
    add_global_options(*declared.app, options);
    declared.action = command.prepare(*declared.app);
    return declared;
}

std::optional<Invocation> read_command_line(const std::vector<std::string>& arguments) {
    Invocation invocation;
    auto words = read_global_options(arguments, invocation.options);
    if (!words)
        return std::nullopt;
    if (!words->empty() && words->front() == completion_command) {
        invocation.action = [typed = std::vector<std::string>(words->begin() + 1, words->end())](Context&) {
            complete(typed, std::cout);
            return 0;
        };
        return invocation;
    }
    const auto& command = command_of(*words);
    words->erase(words->begin());
    invocation.program = split_program(command, *words);

    auto declared = declare(command, invocation.options);
    if (!parse(*declared.app, std::move(*words)))
        return std::nullopt;
    invocation.action = std::move(declared.action);
    return invocation;
}

}  // namespace steward::cli
