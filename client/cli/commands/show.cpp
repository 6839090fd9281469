#include <memory>
#include <string>

#include "client/cli/context.hpp"
#include "client/cli/objects.hpp"

namespace steward::cli {
namespace {

int show(const std::string& name, Context& context) {
    Table table({
        {"name", "Name"},
        {"type", "Type"},
        {"owner", "Owner", ColumnType::user},
        {"group", "Group", ColumnType::number},
        {"mode", "Mode"},
        {"ephemeral", "Ephemeral", ColumnType::flag},
        {"state", "State"},
        {"count", "Count", ColumnType::number},
        {"token", "Token", ColumnType::number},
        {"holders", "Held by", ColumnType::agents},
        {"waiters", "Waiting", ColumnType::agents},
        {"abandoned", "Abandoned by", ColumnType::agents},
        {"operations", "Operations", ColumnType::number},
        {"waits", "Waits", ColumnType::number},
    });
    table.add(object_json(find_object(context.daemon(), name)));
    context.print_record(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto name = std::make_shared<std::string>();
    arguments.add_option("NAME", *name, "name of the object")->required();
    return [name](Context& context) { return show(*name, context); };
}

}  // namespace

extern const Command show_command{"show", "NAME", "Describes an object: who holds it, since when, who waits.", prepare};

}  // namespace steward::cli
