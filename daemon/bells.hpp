#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "daemon/session.hpp"

namespace steward::daemon {

/// The bells of the sessions: an eventfd each, which its own client listens to while it waits, and which other clients
/// of the same user ring when they release what it waits for. What rings means nothing more than "look at the word".
///
/// Numbers are not those of a former daemon, whose bells clients may still know.
class Bells {
  public:
    /// Each is a descriptor. Who gets none is woken by the daemon, as is everybody at first.
    static constexpr std::size_t most_bells = 4096;

    Bells();

    /// The number of the session's own bell, which it gets now where it has none; 0: there are too many.
    std::uint32_t own(Session&);

    /// The descriptor of a bell that the session may ring; -1: there is none.
    int ringable_by(const Session&, std::uint32_t bell) const;

    /// The session has ended.
    void forget(const Session&);

  private:
    std::unordered_map<std::uint32_t, const Session*> sessions_;  ///< by bell
    std::uint32_t last_ = 0;
};

}  // namespace steward::daemon
