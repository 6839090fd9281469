#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "proto/object.hpp"
#include "proto/session.hpp"

namespace steward::cli {

/// Who waits for whom, as far as the user may see: agents wait for objects, which others hold. An agent that does not
/// wait itself, but runs another `steward run` inside, waits where that one does.
class WaitGraph {
  public:
    struct Agent {
        std::uint32_t session = 0;
        std::uint32_t thread = 0;

        friend auto operator<=>(const Agent&, const Agent&) = default;
    };

    struct Wait {
        const proto::ObjectInfo* object;
        const proto::AgentInfo* waiter;
    };

    static Agent agent_of(const proto::AgentInfo& info) { return {info.session, info.thread}; }

    explicit WaitGraph(std::vector<proto::ObjectInfo> objects, const std::vector<proto::SessionInfo>& sessions = {});
    WaitGraph(const WaitGraph&) = delete;
    WaitGraph& operator=(const WaitGraph&) = delete;

    /// In the order that they were given in, those that somebody waits for and others.
    const std::vector<proto::ObjectInfo>& objects() const { return objects_; }

    /// All who wait, by object and in the order of its line; one for several objects is there several times.
    const std::vector<Wait>& waits() const { return waits_; }

    /// What an agent waits for; several where it waits for any or all of them.
    std::vector<Wait> waits_of(Agent) const;

    /// Those inside of it that wait, where the agent does not wait itself.
    std::vector<const proto::AgentInfo*> waiting_inside(Agent) const;

    /// Whether the agent waits, by way of others, for itself, and nobody of them can go on. The daemon refuses such a
    /// wait unless one of them has a time-out.
    bool is_in_cycle(Agent) const;
    bool is_in_cycle(const proto::AgentInfo& agent) const { return is_in_cycle(agent_of(agent)); }

  private:
    void find_stuck();
    bool goes_on(Agent) const;
    bool goes_on(const proto::ObjectInfo&) const;
    std::vector<Agent> next_of(Agent) const;

    std::vector<proto::ObjectInfo> objects_;
    std::vector<Wait> waits_;
    std::multimap<Agent, Wait> waits_by_agent_;
    std::multimap<std::uint32_t, std::uint32_t> inside_;  ///< session to one in its name
    std::set<Agent> stuck_;                               ///< those who would never go on if there were no time-outs
};

}  // namespace steward::cli
