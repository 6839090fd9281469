#include "daemon/options_description.hpp"

#include "daemon/version.hpp"

namespace steward::daemon {
namespace {

/// What is described are our own sentences: nothing in them needs an escape but these two.
std::string json_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\')
            quoted += '\\';
        quoted += letter;
    }
    return quoted + '"';
}

std::string names_of(const CLI::Option& option) {
    std::string names;
    for (const auto& name : option.get_snames())
        names += json_text('-' + name) + ", ";
    return '[' + names + json_text("--" + option.get_lnames().front()) + ']';
}

std::string describe(const CLI::Option& option, bool at_once) {
    const auto flag = [](bool value) { return value ? "true" : "false"; };
    return "{\"names\": " + names_of(option) + ", \"value\": " + json_text(option.get_option_text()) +
           ", \"description\": " + json_text(option.get_description()) +
           ", \"configurable\": " + flag(option.get_configurable()) + ", \"at_once\": " + flag(at_once) + '}';
}

std::string describe(const ExitCode& entry) {
    return "{\"code\": " + std::to_string(entry.code) + ", \"meaning\": " + json_text(entry.meaning) + '}';
}

void append(std::string& list, const std::string& entry) {
    list += (list.empty() ? "" : ",\n ") + entry;
}

}  // namespace

std::string describe_options(const CLI::App& app, std::span<const ExitCode> exit_codes,
                             bool (*takes_effect_at_once)(std::string_view name)) {
    std::string options;
    for (const auto* option : app.get_options())
        if (!option->get_group().empty())
            append(options, describe(*option, takes_effect_at_once(option->get_lnames().front())));
    std::string codes;
    for (const auto& entry : exit_codes)
        append(codes, describe(entry));
    return "{\"name\": \"stewardd\", \"version\": " + json_text(version) + ", \"options\": [" + options +
           "],\n\"exit_codes\": [" + codes + "]}";
}

}  // namespace steward::daemon
