#include "client/cli/wait_graph.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace steward::cli {
namespace {

using proto::ObjectType;

/// What of the holders has to go on before a waiter can have the object.
enum class Needs : std::uint8_t { nobody, any_holder, all_holders };

Needs needs_of(ObjectType type) {
    switch (type) {
        case ObjectType::lock:
        case ObjectType::rlock:
        case ObjectType::rwlock: return Needs::all_holders;
        case ObjectType::semaphore:
        case ObjectType::bounded_semaphore: return Needs::any_holder;
        default: return Needs::nobody;  // whoever may set, put or notify need not hold anything
    }
}

}  // namespace

WaitGraph::WaitGraph(std::vector<proto::ObjectInfo> objects, const std::vector<proto::SessionInfo>& sessions)
    : objects_(std::move(objects)) {
    for (const auto& object : objects_)
        for (const auto& waiter : object.waiters) {
            waits_.push_back({&object, &waiter});
            waits_by_agent_.emplace(agent_of(waiter), waits_.back());
        }
    std::map<std::uint32_t, std::uint32_t> outer;
    for (const auto& session : sessions)
        outer.emplace(session.session, session.in_name_of);
    for (const auto& session : sessions)
        for (auto at = outer.find(session.in_name_of); at != outer.end(); at = outer.find(at->second))
            inside_.emplace(at->first, session.session);
    find_stuck();
}

std::vector<WaitGraph::Wait> WaitGraph::waits_of(Agent agent) const {
    std::vector<Wait> waits;
    const auto [begin, end] = waits_by_agent_.equal_range(agent);
    std::transform(begin, end, std::back_inserter(waits), [](const auto& entry) { return entry.second; });
    return waits;
}

std::vector<const proto::AgentInfo*> WaitGraph::waiting_inside(Agent agent) const {
    std::vector<const proto::AgentInfo*> waiting;
    if (waits_by_agent_.contains(agent))
        return waiting;
    const auto [begin, end] = inside_.equal_range(agent.session);
    for (auto inner = begin; inner != end; ++inner) {
        std::set<Agent> seen;
        for (auto wait = waits_by_agent_.lower_bound({inner->second, 0});
             wait != waits_by_agent_.end() && wait->first.session == inner->second; ++wait)
            if (seen.insert(wait->first).second)
                waiting.push_back(wait->second.waiter);
    }
    return waiting;
}

/// All who wait, without those who certainly go on, as long as there are some of those.
void WaitGraph::find_stuck() {
    for (const auto& object : objects_)
        for (const auto& holder : object.holders)
            stuck_.insert(agent_of(holder));
    for (const auto& wait : waits_)
        stuck_.insert(agent_of(*wait.waiter));
    while (std::erase_if(stuck_, [this](Agent agent) { return goes_on(agent); }) != 0) {
    }
}

/// One that waits for several objects wants all of them; where one of them has no owner it is content with any.
bool WaitGraph::goes_on(Agent agent) const {
    if (const auto waits = waits_of(agent); !waits.empty())
        return std::ranges::any_of(waits,
                                   [](const auto& wait) { return needs_of(wait.object->type) == Needs::nobody; }) ||
               std::ranges::all_of(waits, [this](const auto& wait) { return goes_on(*wait.object); });
    const auto inside = waiting_inside(agent);
    return inside.empty() ||
           std::ranges::any_of(inside, [this](const auto* inner) { return !stuck_.contains(agent_of(*inner)); });
}

bool WaitGraph::goes_on(const proto::ObjectInfo& object) const {
    const auto free = [this](const auto& holder) { return !stuck_.contains(agent_of(holder)); };
    switch (needs_of(object.type)) {
        case Needs::nobody: return true;
        case Needs::any_holder: return object.holders.empty() || std::ranges::any_of(object.holders, free);
        case Needs::all_holders: return std::ranges::all_of(object.holders, free);
    }
    return true;
}

std::vector<WaitGraph::Agent> WaitGraph::next_of(Agent agent) const {
    std::vector<Agent> next;
    for (const auto& wait : waits_of(agent))
        std::ranges::transform(wait.object->holders, std::back_inserter(next), agent_of);
    for (const auto* inner : waiting_inside(agent))
        next.push_back(agent_of(*inner));
    return next;
}

bool WaitGraph::is_in_cycle(Agent agent) const {
    std::set<Agent> seen;
    std::vector<Agent> to_visit{agent};
    while (!to_visit.empty()) {
        const auto at = to_visit.back();
        to_visit.pop_back();
        for (const auto next : next_of(at)) {
            if (!stuck_.contains(next))
                continue;
            if (next == agent)
                return true;
            if (seen.insert(next).second)
                to_visit.push_back(next);
        }
    }
    return false;
}

}  // namespace steward::cli
