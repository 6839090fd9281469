#include <iostream>
#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/display_text.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/stands_for.hpp"

namespace steward::cli {
namespace watch_parts {
namespace {

struct Options {
    std::string subject;
    std::size_t count = 0;
};

Json change_json(const Change& change) {
    Json json{{"name", change.name.empty() ? Json() : Json(change.name)},
              {"id", change.object},
              {"what", change.what},
              {"key", Json::parse(change.key.to_json())},
              {"version", change.version},
              {"lost", change.lost}};
    json["type"] = change.object != 0 ? Json(to_string(change.type)) : Json();
    return json;
}

std::string change_text(const Change& change) {
    std::string text;
    if (change.lost != 0)
        text += "(" + std::to_string(change.lost) + " changes before this were lost)\n";
    if (change.what == "gap")
        text += "(the daemon was away: what changed meanwhile is not known)\n";
    if (change.object == 0)
        return text;
    text += change.name.empty() ? "#" + std::to_string(change.object) : printable(change.name);
    text += " " + change.what;
    if (!change.key.is_nil())
        text += " " + printable(change.key.to_json());
    return text + "\n";
}

Watch watch_of(Daemon& daemon, const std::string& subject) {
    if (subject.starts_with('#'))
        if (const auto object = try_find_object(daemon, subject))
            return daemon.manager().watch(object->object);
    return daemon.watch(subject);
}

int watch(const Options& options, Context& context) {
    auto changes = watch_of(context.daemon(), options.subject);
    std::size_t seen = 0;
    for (const auto& change : changes) {
        if (context.wants_json())
            std::cout << change_json(change).dump() << '\n';
        else
            std::cout << change_text(change);
        std::cout.flush();
        if (++seen == options.count || !std::cout)
            break;
    }
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("SUBJECT", options->subject, "name of an object, #ID, or how names begin; empty: all")
        ->required()
        ->check(begins_names());
    arguments.add_option("--count", options->count, "end after so many changes (default: never)")->option_text("N");
    return [options](Context& context) { return watch(*options, context); };
}

}  // namespace
}  // namespace watch_parts

extern const Command watch_command{"watch", "SUBJECT", "Prints changes as they happen, a line each.",
                                   watch_parts::prepare};

}  // namespace steward::cli
