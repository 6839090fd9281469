#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "proto/object.hpp"

namespace steward::cli {

/// Who waits for whom: a waiter for the holder of a lock and for who stands before it in line. Objects without a
/// certain owner (semaphores, events) add nothing.
class WaitGraph {
  public:
    explicit WaitGraph(const std::vector<proto::ObjectInfo>& objects);

    /// Whether the agent waits, by way of others, for itself. Where each wait has a time-out the daemon lets that be.
    bool is_in_cycle(const proto::AgentInfo& agent) const;

  private:
    using Agent = std::pair<std::uint32_t, std::uint32_t>;  // session, thread

    static Agent agent_of(const proto::AgentInfo& info) { return {info.session, info.thread}; }
    void add_line(const proto::ObjectInfo& lock);

    std::multimap<Agent, Agent> waits_for_;
};

}  // namespace steward::cli
