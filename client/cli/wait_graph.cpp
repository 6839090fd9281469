#include "client/cli/wait_graph.hpp"

#include <set>

namespace steward::cli {

WaitGraph::WaitGraph(const std::vector<proto::ObjectInfo>& objects) {
    for (const auto& object : objects)
        if (object.type == proto::ObjectType::lock)
            add_line(object);
}

void WaitGraph::add_line(const proto::ObjectInfo& lock) {
    const auto* before = lock.holders.empty() ? nullptr : &lock.holders.front();
    for (const auto& waiter : lock.waiters) {
        if (before != nullptr)
            waits_for_.emplace(agent_of(waiter), agent_of(*before));
        before = &waiter;
    }
}

bool WaitGraph::is_in_cycle(const proto::AgentInfo& agent) const {
    std::set<Agent> seen;
    std::vector<Agent> to_visit{agent_of(agent)};
    while (!to_visit.empty()) {
        const auto [begin, end] = waits_for_.equal_range(to_visit.back());
        to_visit.pop_back();
        for (auto edge = begin; edge != end; ++edge) {
            if (edge->second == agent_of(agent))
                return true;
            if (seen.insert(edge->second).second)
                to_visit.push_back(edge->second);
        }
    }
    return false;
}

}  // namespace steward::cli
