#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "daemon/waiting.hpp"

namespace steward::daemon {

/// Who waits for whom, as far as it can be reached from one agent: agents, their waits, and the objects that they want.
/// Made for one question and thrown away.
class WaitGraph {
  public:
    /// One that waits in a cycle, and for what.
    struct Step {
        shared::Agent agent;  ///< who holds what the step before wants
        shared::Wait wait;
    };

    /// `wanted` is what `from` is about to wait for.
    WaitGraph(const Daemon&, shared::Agent from, std::span<const WantedPart> wanted = {});

    /// From several agents; `blocked` never goes on.
    WaitGraph(const Daemon&, std::span<const shared::Agent> from, shared::Agent blocked);

    /// Whether the agent that it was made from goes on some time.
    bool goes_on() const { return nodes_.front().goes_on; }
    bool goes_on(shared::Agent) const;

    /// The shortest cycle through that agent, of those who never go on; empty where there is none.
    std::vector<Step> cycle() const;

    /// The agents that were reached.
    std::vector<shared::Agent> agents() const;

  private:
    enum class Kind : std::uint8_t { agent, wait, object };
    struct Node {
        Kind kind{};
        shared::Agent agent = {};
        shared::Wait wait = {};
        std::size_t missing = 0;  ///< so many of those that it waits for have to go on
        bool goes_on = false;
        std::vector<std::size_t> waits_for;
        std::vector<std::size_t> waited_for_by;
    };

    std::size_t add(Node);
    std::size_t agent_node(shared::Agent);
    std::size_t object_node(const Object&);
    void link(std::size_t from, std::size_t to);
    void explore();
    void expand(std::size_t agent);
    void add_waits_of(std::size_t agent, const Session&);
    void add_waits_in_name_of(std::size_t agent, const Session&);
    void add_wait(std::size_t agent, std::span<const WantedPart>);
    void set_going(std::size_t node);
    void settle();
    Step step_at(std::size_t wait, std::size_t object, std::span<const std::size_t> reached_from) const;

    const Daemon& daemon_;
    shared::Agent blocked_;
    std::span<const WantedPart> wanted_;
    std::vector<Node> nodes_;
    std::vector<std::size_t> unexpanded_;
    std::vector<std::size_t> going_;
    std::unordered_map<std::uint64_t, std::size_t> agents_;
    std::unordered_map<std::uint64_t, std::size_t> objects_;
};

}  // namespace steward::daemon
