#pragma once

#include <cstddef>
#include <span>

#include "daemon/waiting.hpp"

namespace steward::daemon {

/// A quick look at who waits for whom. Nearly every wait is for something whose holders run, or wait for others that
/// do, and that is seen without making a WaitGraph. It gives up where it meets the agent that asks, and after so many
/// steps; then the graph has to tell.
class Outlook {
  public:
    Outlook(const Daemon& daemon, shared::Agent asking) : daemon_(daemon), asking_(asking) {}

    /// True: what is wanted can certainly be had some time. False: that is not known.
    bool is_good(std::span<const WantedPart> wanted);

  private:
    static constexpr std::size_t most_steps = 4096;
    static constexpr std::size_t deepest = 64;  ///< holders of holders; chains of single holders are not counted

    bool can_be_had(const Object&);
    bool goes_on(shared::Agent);
    bool goes_on(std::span<const shared::Agent>, Dependence);

    const Daemon& daemon_;
    shared::Agent asking_;
    std::size_t steps_ = 0;
    std::size_t depth_ = 0;
};

}  // namespace steward::daemon
