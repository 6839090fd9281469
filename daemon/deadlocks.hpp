#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "daemon/waiting.hpp"

namespace steward::daemon {

/// Deadlocks, found at the moment of blocking. A waiter goes on if its wait can be fulfilled; a wait with a time-out
/// can, and a thread with several waits goes on anyway; one for several objects can if all of them (acquire_all) or any
/// (wait_any) can be had; an object can be had if those who hold it go on, and if it has no certain owner. What cannot
/// go on by this (the least fixed point over all that the new wait can reach) never will.
///
/// Only holders are followed. Who stands before one in a line waits for the same holders, and goes on when they do. The
/// exception is an acquire_all, which may stand first and lack something else; it is overtaken where its place would
/// close a cycle, since it holds nothing yet.
class Deadlocks {
  public:
    explicit Deadlocks(Daemon& daemon) : daemon_(daemon) {}

    /// Throws Refusal (deadlock, with the cycle) where this wait without a time-out would close a cycle.
    void refuse_to_close(std::span<const WantedPart>) const;

    /// A wait that was refused so that the others of its cycle go on.
    struct Victim {
        shared::Agent agent;
        std::uint64_t request = 0;
        std::string sentence;
        std::string data;
    };

    /// The youngest wait of a cycle that the agent closes by waiting, of those that can be refused; nothing: it closes
    /// none, or none of them can be.
    std::optional<Victim> closed_by(shared::Agent) const;

    /// The agent has begun to wait: whoever now waits behind an acquire_all that waits for him, overtakes it.
    void overtake_for(shared::Agent);

  private:
    void let_overtake(shared::Agent);
    bool overtakes_at(const WaitPlace&, shared::Agent);

    Daemon& daemon_;
};

}  // namespace steward::daemon
