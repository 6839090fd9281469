#include "client/cli/description.hpp"

#include <string>

#include <CLI/App.hpp>

#include "client/cli/command_line.hpp"
#include "client/cli/commands.hpp"
#include "client/cli/exit_status.hpp"

namespace steward::cli {
namespace {

Json names_of(const CLI::Option& option) {
    if (option.get_positional())
        return Json::array({option.get_name()});
    auto names = Json::array();
    for (const auto& name : option.get_snames())
        names.push_back('-' + name);
    for (const auto& name : option.get_lnames())
        names.push_back("--" + name);
    return names;
}

Json describe(const CLI::Option& option) {
    return {
        {"names", names_of(option)},         {"takes_value", option.get_items_expected_max() > 0},
        {"value", option.get_option_text()}, {"description", option.get_description()},
        {"required", option.get_required()},
    };
}

/// What stands behind the name in a usage line, of a type of `make`.
std::string synopsis_of(const CLI::App& app) {
    std::string synopsis;
    for (const auto* option : app.get_options())
        if (option->get_positional())
            synopsis.insert(0, option->get_name());
        else if (option->get_required())
            synopsis += ' ' + option->get_name() + ' ' + option->get_option_text();
    return synopsis;
}

/// Without what every command has.
bool is_own(const CLI::Option& option) {
    const auto& group = option.get_group();
    return !group.empty() && group != group_of_every_command && !option.check_lname("help");
}

Json describe(const CLI::App& app, const std::string& name, const std::string& synopsis) {
    auto arguments = Json::array();
    auto options = Json::array();
    for (const auto* option : app.get_options())
        if (is_own(*option))
            (option->get_positional() ? arguments : options).push_back(describe(*option));
    auto variants = Json::array();
    for (const auto* variant : app.get_subcommands([](const CLI::App*) { return true; }))
        variants.push_back(describe(*variant, variant->get_name(), synopsis_of(*variant)));
    return {
        {"name", name},
        {"synopsis", synopsis},
        {"purpose", app.get_description()},
        {"details", app.get_footer() == default_footer ? "" : app.get_footer()},
        {"arguments", arguments},
        {"options", options},
        {"variants", variants},
    };
}

Json options_of_every_command() {
    GlobalOptions unused;
    const auto app = declare_steward(unused);
    auto options = Json::array();
    for (const auto* option : app->get_options())
        if (!option->get_group().empty())
            options.push_back(describe(*option));
    return options;
}

Json described_commands() {
    auto described = Json::array();
    for (const auto* command : commands()) {
        GlobalOptions unused;
        const auto declared = declare(*command, unused);
        described.push_back(describe(*declared.app, std::string(command->name), std::string(command->synopsis)));
    }
    return described;
}

Json described_exit_codes() {
    auto codes = Json::array();
    for (const auto& entry : exit_statuses)
        codes.push_back({{"code", static_cast<int>(entry.status)}, {"meaning", entry.meaning}});
    return codes;
}

}  // namespace

Json description() {
    return {
        {"name", "steward"},
        {"version", STEWARD_VERSION},
        {"options", options_of_every_command()},
        {"commands", described_commands()},
        {"exit_codes", described_exit_codes()},
    };
}

}  // namespace steward::cli
