#pragma once

#include "shared/errors.hpp"

namespace steward::daemon {

/// Carries out a change of words that clients change too, and again from the beginning, from what it finds then, each
/// time that a client was quicker. Clients that keep the rules change a word far less often than the daemon can look at
/// it; where something else writes there, it is given up with WordChanged.
template <class F>
decltype(auto) retrying(F&& attempt) {
    constexpr int most = 1000;
    for (int left = most;; --left) {
        try {
            return attempt();
        } catch (const shared::WordChanged&) {
            if (left == 0)
                throw;
        }
    }
}

}  // namespace steward::daemon
