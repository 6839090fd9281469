#include "client/cli/wait_dot.hpp"

#include <chrono>
#include <map>
#include <set>

#include "client/cli/display_text.hpp"
#include "client/cli/objects.hpp"

namespace steward::cli {
namespace {

using Agent = WaitGraph::Agent;

std::string node_of(Agent agent) {
    return dot_string("session " + std::to_string(agent.session) + " thread " + std::to_string(agent.thread));
}

std::string node_of(const proto::ObjectInfo& object) {
    return dot_string("object " + std::to_string(object.object));
}

std::string colour(bool in_cycle) {
    return in_cycle ? ", color=red" : "";
}

/// Those who hold what somebody waits for, those inside of them, and those who wait.
std::map<Agent, const proto::AgentInfo*> agents_of(const WaitGraph& graph) {
    std::map<Agent, const proto::AgentInfo*> agents;
    for (const auto& [object, waiter] : graph.waits()) {
        agents.emplace(WaitGraph::agent_of(*waiter), waiter);
        for (const auto& holder : object->holders)
            agents.emplace(WaitGraph::agent_of(holder), &holder);
    }
    return agents;
}

void print_agent(std::ostream& out, const WaitGraph& graph, const proto::AgentInfo& agent) {
    const auto node = node_of(WaitGraph::agent_of(agent));
    out << "  " << node << " [shape=box, label=" << dot_string(agent_text(agent)) << colour(graph.is_in_cycle(agent))
        << "];\n";
    for (const auto* inner : graph.waiting_inside(WaitGraph::agent_of(agent)))
        out << "  " << node << " -> " << node_of(WaitGraph::agent_of(*inner)) << " [label=\"runs\"];\n";
}

void print_object(std::ostream& out, const proto::ObjectInfo& object) {
    out << "  " << node_of(object) << " [label=" << dot_string(printable(title(object)) + '\n' + object.state)
        << "];\n";
    for (const auto& holder : object.holders)
        out << "  " << node_of(object) << " -> " << node_of(WaitGraph::agent_of(holder))
            << " [label=" << dot_string("held for " + age_text(std::chrono::milliseconds(holder.since_ms))) << "];\n";
}

void print_wait(std::ostream& out, const WaitGraph& graph, const WaitGraph::Wait& wait) {
    auto label = "for " + age_text(std::chrono::milliseconds(wait.waiter->since_ms));
    if (wait.waiter->timeout_ms)
        label += '\n' + age_text(std::chrono::milliseconds(*wait.waiter->timeout_ms)) + " left";
    out << "  " << node_of(WaitGraph::agent_of(*wait.waiter)) << " -> " << node_of(*wait.object)
        << " [label=" << dot_string(label) << (wait.waiter->timeout_ms ? ", style=dashed" : "")
        << colour(graph.is_in_cycle(*wait.waiter)) << "];\n";
}

}  // namespace

std::string dot_string(std::string_view text) {
    std::string quoted = "\"";
    for (const char byte : text) {
        if (byte == '\n') {
            quoted += "\\n";
            continue;
        }
        if (byte == '"' || byte == '\\')
            quoted += '\\';
        quoted += byte;
    }
    return quoted + '"';
}

void print_dot(std::ostream& out, const WaitGraph& graph) {
    out << "digraph waits {\n  rankdir=LR;\n";
    for (const auto& [agent, info] : agents_of(graph))
        print_agent(out, graph, *info);
    std::set<std::uint64_t> drawn;
    for (const auto& wait : graph.waits()) {
        if (drawn.insert(wait.object->object).second)
            print_object(out, *wait.object);
        print_wait(out, graph, wait);
    }
    out << "}\n";
}

}  // namespace steward::cli
