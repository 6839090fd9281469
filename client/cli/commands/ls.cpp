#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/cli/context.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/stands_for.hpp"
#include "proto/object_type.hpp"

namespace steward::cli {
namespace ls_parts {
namespace {

struct Options {
    std::string prefix;
    std::string type;
    bool anonymous = false;
};

std::set<std::string> type_names() {
    std::set<std::string> names;
    for (const auto& entry : proto::object_types)
        names.emplace(entry.name);
    return names;
}

std::vector<proto::ObjectInfo> chosen(const Options& options, Daemon& daemon) {
    const auto type = proto::object_type_from(options.type);
    if (!options.anonymous)
        return list_objects(daemon, options.prefix, type);
    if (!options.prefix.empty())
        throw Failure(ExitStatus::usage, "ls: PREFIX and --anonymous exclude each other");
    return list_objects_and_nameless(daemon, type);
}

int list(const Options& options, Context& context) {
    Table table({
        {"name", "NAME", ColumnType::name},
        {"type", "TYPE"},
        {"owner", "OWNER", ColumnType::user},
        {"mode", "MODE"},
        {"state", "STATE"},
        {"holders", "HELD BY", ColumnType::agents},
        {"waiters", "WAITERS", ColumnType::count},
    });
    for (const auto& object : chosen(options, context.daemon()))
        table.add(object_json(object));
    context.print_listing(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.add_option("PREFIX", options->prefix, "only names that begin so (default: all)")->check(begins_names());
    arguments.add_option("--type", options->type, "only objects of this type (default: all)")
        ->option_text("TYPE")
        ->check(CLI::IsMember(type_names()));
    arguments.add_flag("--anonymous", options->anonymous,
                       "also objects without a name, as #ID, which every command takes");
    return [options](Context& context) { return list(*options, context); };
}

}  // namespace
}  // namespace ls_parts

extern const Command ls_command{"ls", "[PREFIX]", "Lists objects, who holds them and how many wait.",
                                ls_parts::prepare};

}  // namespace steward::cli
