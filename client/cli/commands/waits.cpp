#include <iostream>
#include <memory>

#include "client/cli/context.hpp"
#include "client/cli/described_json.hpp"
#include "client/cli/failure.hpp"
#include "client/cli/objects.hpp"
#include "client/cli/sessions.hpp"
#include "client/cli/wait_dot.hpp"
#include "client/cli/wait_graph.hpp"
#include "client/cli/wait_tree.hpp"

namespace steward::cli {
namespace waits_parts {
namespace {

Json wait_json(const WaitGraph& graph, const WaitGraph::Wait& wait) {
    const bool in_cycle = graph.is_in_cycle(*wait.waiter);
    return {
        {"name", name_of(*wait.object)},
        {"type", as_json(wait.object->type)},
        {"waiter", as_json(*wait.waiter)},
        {"since_ms", wait.waiter->since_ms},
        {"timeout_ms", as_json(wait.waiter->timeout_ms)},
        {"holders", as_json(wait.object->holders)},
        {"in_cycle", in_cycle},
        {"cycle", in_cycle},
    };
}

Json waits_json(const WaitGraph& graph) {
    auto waits = Json::array();
    for (const auto& wait : graph.waits())
        waits.push_back(wait_json(graph, wait));
    return waits;
}

int draw(bool as_dot, Context& context) {
    if (as_dot && context.wants_json())
        throw Failure(ExitStatus::usage, "waits: --dot and --json exclude each other");
    auto& daemon = context.daemon();
    const WaitGraph graph(list_objects_and_nameless(daemon, {}), list_sessions(daemon));
    if (as_dot)
        print_dot(std::cout, graph);
    else if (context.wants_json())
        context.print_json(waits_json(graph));
    else if (graph.waits().empty())
        std::cout << "nobody waits\n";
    else
        print_tree(std::cout, graph);
    return 0;
}

Action prepare(CLI::App& arguments) {
    const auto as_dot = std::make_shared<bool>(false);
    arguments.add_flag("--dot", *as_dot, "print the graph for Graphviz, as in `steward waits --dot | dot -Tsvg`");
    arguments.footer(
        "Under each that waits stands what it wants, under that who holds it, and under those what they wait for in\n"
        "turn. #N is an object without a name, such as a condition's own lock.");
    return [as_dot](Context& context) { return draw(*as_dot, context); };
}

}  // namespace
}  // namespace waits_parts

extern const Command waits_command{"waits", "", "Draws who waits for what, and who holds it.", waits_parts::prepare};

}  // namespace steward::cli
