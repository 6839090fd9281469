#include "client/cli/wait_tree.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "client/cli/display_text.hpp"
#include "client/cli/objects.hpp"

namespace steward::cli {
namespace {

using Agent = WaitGraph::Agent;

/// A line and those under it.
struct Branch {
    std::string line;
    std::vector<Branch> under;
};

std::string wait_line(const WaitGraph::Wait& wait) {
    auto line = title(*wait.object);
    if (wait.object->holders.empty())
        line += " (" + wait.object->state + ')';
    line += ", for " + age_text(std::chrono::milliseconds(wait.waiter->since_ms));
    if (wait.waiter->timeout_ms)
        line += ", " + age_text(std::chrono::milliseconds(*wait.waiter->timeout_ms)) + " left";
    if (!wait.waiter->where.empty())
        line += ", at " + wait.waiter->where;
    return line;
}

std::string holder_line(const proto::ObjectInfo& object, const proto::AgentInfo& holder) {
    if (object.type == proto::ObjectType::queue)
        return agent_text(holder) + ", has taken an item";
    return agent_text(holder) + ", has held it for " + age_text(std::chrono::milliseconds(holder.since_ms));
}

class Trees {
  public:
    explicit Trees(const WaitGraph& graph) : graph_(graph) {}

    std::vector<Branch> grow() {
        std::vector<Branch> trees;
        const auto waited_for = agents_waited_for();
        for (const bool in_circles : {false, true})
            for (const auto& [object, waiter] : graph_.waits())
                if (const auto agent = WaitGraph::agent_of(*waiter);
                    !told_.contains(agent) && (in_circles || !waited_for.contains(agent)))
                    trees.push_back(branch(agent_text(*waiter), agent));
        return trees;
    }

  private:
    std::set<Agent> agents_waited_for() const {
        std::set<Agent> agents;
        for (const auto& [object, waiter] : graph_.waits())
            for (const auto& holder : object->holders) {
                const auto agent = WaitGraph::agent_of(holder);
                agents.insert(agent);
                for (const auto* inner : graph_.waiting_inside(agent))
                    agents.insert(WaitGraph::agent_of(*inner));
            }
        return agents;
    }

    Branch branch(std::string line, Agent agent) {
        const auto waits = graph_.waits_of(agent);
        const auto inside = graph_.waiting_inside(agent);
        if (waits.empty() && inside.empty())
            return {std::move(line) + ", running", {}};
        if (std::ranges::find(path_, agent) != path_.end() && graph_.is_in_cycle(agent))
            return {std::move(line) + ": a cycle, which lasts until a time is over", {}};
        if (!told_.insert(agent).second)
            return {std::move(line) + ", waits as told above", {}};
        path_.push_back(agent);
        Branch grown{std::move(line), {}};
        for (const auto& wait : waits)
            grown.under.push_back(branch(wait));
        for (const auto* inner : inside)
            grown.under.push_back(branch("inside of it " + agent_text(*inner), WaitGraph::agent_of(*inner)));
        path_.pop_back();
        return grown;
    }

    Branch branch(const WaitGraph::Wait& wait) {
        Branch grown{wait_line(wait), {}};
        for (const auto& holder : wait.object->holders)
            grown.under.push_back(branch(holder_line(*wait.object, holder), WaitGraph::agent_of(holder)));
        return grown;
    }

    const WaitGraph& graph_;
    std::set<Agent> told_;
    std::vector<Agent> path_;
};

void print_under(std::ostream& out, const Branch& branch, const std::string& indentation) {
    for (const auto& under : branch.under) {
        const bool last = &under == &branch.under.back();
        out << indentation << (last ? "└─ " : "├─ ") << printable(under.line) << '\n';
        print_under(out, under, indentation + (last ? "   " : "│  "));
    }
}

}  // namespace

void print_tree(std::ostream& out, const WaitGraph& graph) {
    for (const auto& tree : Trees(graph).grow()) {
        out << printable(tree.line) << '\n';
        print_under(out, tree, "");
    }
}

}  // namespace steward::cli
