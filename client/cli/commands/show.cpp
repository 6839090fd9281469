#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "client/cli/context.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/stands_for.hpp"
#include "client/cli/wait_graph.hpp"
#include "proto/objects/condition.hpp"

namespace steward::cli {
namespace show_parts {
namespace {

std::vector<Column> columns_of(proto::ObjectType type) {
    std::vector<Column> columns{
        {"name", "Name", ColumnType::name},
        {"type", "Type"},
        {"owner", "Owner", ColumnType::user},
        {"group", "Group", ColumnType::number},
        {"mode", "Mode"},
        {"id", "Id", ColumnType::number},
        {"ephemeral", "Ephemeral", ColumnType::flag},
        {"references", "References", ColumnType::number},
        {"users", "Users", ColumnType::number},
        {"state", "State"},
        {"count", "Count", ColumnType::number},
        {"token", "Token", ColumnType::number},
        {"holders", "Held by", ColumnType::agents},
        {"waiters", "Waiting", ColumnType::agents},
        {"abandoned", "Abandoned by", ColumnType::agents},
        {"operations", "Operations", ColumnType::number},
        {"acquisitions", "Acquisitions", ColumnType::number},
        {"waits", "Waits", ColumnType::number},
        {"wait_total_ns", "Waited in all", ColumnType::time},
        {"wait_longest_ns", "Longest wait", ColumnType::time},
        {"hold_longest_ns", "Longest hold", ColumnType::time},
        {"wait_times", "Waits took", ColumnType::histogram},
        {"hold_times", "Holds took", ColumnType::histogram},
    };
    if (type == proto::ObjectType::condition)
        columns.insert(std::ranges::find(columns, "token", &Column::key), {"lock", "Lock"});
    return columns;
}

/// The name of a condition's lock, "#NUMBER" where it is its own, or null where it was removed.
Json lock_json(Daemon& daemon, const proto::ObjectInfo& condition) {
    const auto status = daemon.call(proto::condition::Status{condition.object});
    if (!status->lock)
        return nullptr;
    return status->own ? '#' + std::to_string(*status->lock)
                       : name_of(*daemon.call(proto::object::Info{*status->lock}));
}

/// The other objects that a waiter of this one waits for: those of a wait for any or all of several.
Json others_json(const WaitGraph& graph, const proto::ObjectInfo& object, const proto::AgentInfo& waiter) {
    auto others = Json::array();
    for (const auto& wait : graph.waits_of(WaitGraph::agent_of(waiter)))
        if (wait.object->object != object.object)
            others.push_back(title(*wait.object));
    return others;
}

/// Of an object that nobody ever waited for there is only the number of acquisitions.
void add_statistics(Json& json, const proto::object::Statistics::Result& statistics) {
    json["acquisitions"] = statistics.acquisitions;
    if (statistics.waits.empty())
        return;
    json["wait_total_ns"] = statistics.wait_total_ns;
    json["wait_longest_ns"] = statistics.wait_longest_ns;
    json["hold_total_ns"] = statistics.hold_total_ns;
    json["hold_longest_ns"] = statistics.hold_longest_ns;
    json["wait_times"] = statistics.waits;
    json["hold_times"] = statistics.holds;
}

int show(const std::string& name, Context& context) {
    auto& daemon = context.daemon();
    const auto object = find_object(daemon, name);
    auto json = object_json(object);
    if (object.type == proto::ObjectType::condition)
        json["lock"] = lock_json(daemon, object);
    if (!object.waiters.empty()) {
        const WaitGraph graph(list_objects_and_nameless(daemon, {}));
        for (std::size_t i = 0; i < object.waiters.size(); ++i)
            json["waiters"][i]["others"] = others_json(graph, object, object.waiters[i]);
    }
    add_statistics(json, *daemon.call(proto::object::Statistics{object.object}));
    Table table(columns_of(object.type));
    table.add(std::move(json));
    context.print_record(table);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto name = std::make_shared<std::string>();
    arguments.add_option("NAME", *name, "name of the object, or #ID, which is its number")
        ->required()
        ->check(names_object());
    return [name](Context& context) { return show(*name, context); };
}

}  // namespace
}  // namespace show_parts

extern const Command show_command{"show", "NAME", "Describes an object: who holds it, since when, who waits.",
                                  show_parts::prepare};

}  // namespace steward::cli
