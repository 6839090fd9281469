#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/wait_graph.hpp"

namespace steward::cli {
namespace {

Json wait_json(const proto::ObjectInfo& object, const proto::AgentInfo& waiter, bool in_cycle) {
    return {
        {"name", object.name},
        {"type", as_json(object.type)},
        {"waiter", as_json(waiter)},
        {"since_ms", waiter.since_ms},
        {"timeout_ms", as_json(waiter.timeout_ms)},
        {"holders", as_json(object.holders)},
        {"in_cycle", in_cycle},
    };
}

int list_waits(Context& context) {
    Table table({
        {"waiter", "WAITER", ColumnType::agents},
        {"since_ms", "SINCE", ColumnType::age},
        {"timeout_ms", "TIME LEFT", ColumnType::age},
        {"type", "FOR"},
        {"name", "NAME"},
        {"holders", "HELD BY", ColumnType::agents},
        {"in_cycle", "IN A CYCLE", ColumnType::flag},
    });
    const auto objects = list_objects(context.daemon(), "", {});
    const WaitGraph graph(objects);
    for (const auto& object : objects)
        for (const auto& waiter : object.waiters)
            table.add(wait_json(object, waiter, graph.is_in_cycle(waiter)));
    context.print_listing(table);
    return 0;
}

Action prepare(CLI::App&) {
    return list_waits;
}

}  // namespace

extern const Command waits_command{"waits", "", "Lists who waits for what, and who holds it.", prepare};

}  // namespace steward::cli
