#include "daemon/wait_graph.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "daemon/daemon.hpp"

namespace steward::daemon {
namespace {

using shared::Agent;
using shared::WaitMode;

constexpr std::size_t nobody = SIZE_MAX;

std::uint64_t agent_key(Agent agent) {
    return std::uint64_t{agent.session} << 32U | agent.thread;
}

}  // namespace

WaitGraph::WaitGraph(const Daemon& daemon, Agent from, std::span<const WantedPart> wanted)
    : daemon_(daemon), wanted_(wanted) {
    agent_node(from);
    explore();
}

WaitGraph::WaitGraph(const Daemon& daemon, std::span<const Agent> from, Agent blocked)
    : daemon_(daemon), blocked_(blocked) {
    for (const auto agent : from)
        agent_node(agent);
    explore();
}

bool WaitGraph::goes_on(Agent agent) const {
    return nodes_[agents_.at(agent_key(agent))].goes_on;
}

void WaitGraph::explore() {
    while (!unexpanded_.empty()) {
        const auto next = unexpanded_.back();
        unexpanded_.pop_back();
        expand(next);
    }
    settle();
}

std::size_t WaitGraph::add(Node node) {
    nodes_.push_back(std::move(node));
    return nodes_.size() - 1;
}

std::size_t WaitGraph::agent_node(Agent agent) {
    const auto [found, is_new] = agents_.try_emplace(agent_key(agent), nodes_.size());
    if (is_new)
        unexpanded_.push_back(add({.kind = Kind::agent, .agent = agent, .missing = 1}));
    return found->second;
}

void WaitGraph::link(std::size_t from, std::size_t to) {
    nodes_[from].waits_for.push_back(to);
    nodes_[to].waited_for_by.push_back(from);
}

void WaitGraph::set_going(std::size_t node) {
    if (!std::exchange(nodes_[node].goes_on, true))
        going_.push_back(node);
}

void WaitGraph::expand(std::size_t agent) {
    const auto who = nodes_[agent].agent;
    if (who == blocked_)
        return;
    const auto* session = daemon_.sessions.find(who.session);
    if (session == nullptr) {
        set_going(agent);
        return;
    }
    if (agent == 0 && !wanted_.empty())
        add_wait(agent, wanted_);
    add_waits_of(agent, *session);
    if (nodes_[agent].waits_for.empty() && !nodes_[agent].goes_on)
        add_waits_in_name_of(agent, *session);
    if (nodes_[agent].waits_for.empty())
        set_going(agent);
}

/// A thread with several waits runs several tasks, and any of them may let go what the thread holds.
void WaitGraph::add_waits_of(std::size_t agent, const Session& session) {
    const auto* waits = session.waits_of(nodes_[agent].agent.thread);
    if (waits == nullptr)
        return;
    const auto& place = waits->place;
    const bool is_about_to_wait = !nodes_[agent].waits_for.empty();
    const bool ends_by_itself = daemon_.waiting.wait_at(place).deadline_ns != shared::no_deadline;
    if (waits->count > 1 || is_about_to_wait || ends_by_itself) {
        set_going(agent);
        return;
    }
    std::vector<WantedPart> parts;
    for (const auto& each : daemon_.waiting.places_of(place))
        parts.push_back({.object = each.object, .claim = daemon_.waiting.wait_at(each)});
    add_wait(agent, parts);
}

/// One that does not wait itself waits where a session in its name does.
void WaitGraph::add_waits_in_name_of(std::size_t agent, const Session& session) {
    for (const auto number : session.in_its_name) {
        const auto* inner = daemon_.sessions.find(number);
        if (inner == nullptr)
            continue;
        auto last = nobody;
        for (const auto& [thread, request] : inner->waits_by_thread)
            if (const auto node = agent_node({.session = number, .thread = thread}); node != last)
                link(agent, last = node);
    }
    // A session that is about to wait has no wait yet.
    if (!wanted_.empty() && agent != 0 &&
        std::ranges::find(session.in_its_name, nodes_.front().agent.session) != session.in_its_name.end())
        link(agent, 0);
}

void WaitGraph::add_wait(std::size_t agent, std::span<const WantedPart> parts) {
    const auto& claim = parts.front().claim;
    const bool all = claim.mode == WaitMode::all;
    const auto wait = add({.kind = Kind::wait, .wait = claim, .missing = all ? parts.size() : 1});
    link(agent, wait);
    for (const auto& part : parts)
        link(wait, object_node(part.object));
}

std::size_t WaitGraph::object_node(const Object& object) {
    const auto [found, is_new] = objects_.try_emplace(object.id(), nodes_.size());
    const auto node = found->second;
    if (!is_new)
        return node;
    add({.kind = Kind::object, .wait = {.object = object.header->id.load()}});
    const auto& type = class_of(object.type());
    const auto dependence = type.dependence(object);
    if (dependence == Dependence::nobody) {
        set_going(node);
        return node;
    }
    const auto holders = type.holders(object);
    nodes_[node].missing = dependence == Dependence::all_holders ? holders.size() : 1;
    for (const auto holder : holders)
        link(node, agent_node(holder));
    if (holders.empty())
        set_going(node);
    return node;
}

/// From what certainly goes on to all that goes on because of it.
void WaitGraph::settle() {
    while (!going_.empty()) {
        const auto node = going_.back();
        going_.pop_back();
        for (const auto dependent : nodes_[node].waited_for_by)
            if (!nodes_[dependent].goes_on && --nodes_[dependent].missing == 0)
                set_going(dependent);
    }
}

std::vector<WaitGraph::Step> WaitGraph::cycle() const {
    std::vector<std::size_t> reached_from(nodes_.size(), nobody);
    std::deque<std::size_t> next{0};
    while (!next.empty()) {
        const auto node = next.front();
        next.pop_front();
        for (const auto to : nodes_[node].waits_for) {
            if (nodes_[to].goes_on || reached_from[to] != nobody)
                continue;
            reached_from[to] = node;
            if (to == 0)
                break;
            next.push_back(to);
        }
        if (reached_from[0] != nobody)
            break;
    }
    std::vector<Step> steps;
    if (reached_from[0] == nobody)
        return steps;
    for (std::size_t node = reached_from[0], after = 0; node != 0; after = std::exchange(node, reached_from[node]))
        if (nodes_[node].kind == Kind::wait)
            steps.push_back(step_at(node, after, reached_from));
    std::ranges::reverse(steps);
    return steps;
}

/// Who waits there is the agent that holds what is wanted before: it may wait by a session in its name.
WaitGraph::Step WaitGraph::step_at(std::size_t wait, std::size_t object,
                                   std::span<const std::size_t> reached_from) const {
    auto agent = reached_from[wait];
    while (nodes_[reached_from[agent]].kind == Kind::agent)
        agent = reached_from[agent];
    Step step{.agent = nodes_[agent].agent, .wait = nodes_[wait].wait};
    step.wait.object = nodes_[object].wait.object;  // of several, the one by which the cycle goes on
    return step;
}

std::vector<Agent> WaitGraph::agents() const {
    std::vector<Agent> agents;
    for (const auto& node : nodes_)
        if (node.kind == Kind::agent)
            agents.push_back(node.agent);
    return agents;
}

}  // namespace steward::daemon
