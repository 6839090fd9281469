#pragma once

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace steward::detail {

/// The steps of the ways around the daemon, and of the way to the next one, at each of which a process may die and
/// nothing may be lost. Tests have it die exactly there (tests/faults/quick_deaths_test.cpp,
/// reconnect_deaths_test.cpp); what is shipped has none of it.
enum class KillPoint : std::uint8_t {
    none,
    before_taking,
    taken,  ///< the word says so, and nothing else does yet
    spinning,
    before_asking,
    before_taking_offer,
    before_letting_go,
    let_go,           ///< the word says so, and those who wait have not been told
    notified,         ///< the notice is on its way, or the bell of the next in line is rung
    rung,             ///< has heard the bell, and not looked yet
    taken_when_rung,  ///< the word says so, and the daemon knows it as one that waits
    reconnecting,
    connected_again,  ///< and the session is not resumed
    session_resumed,  ///< over a connection that has not taken the place of the lost one
    taken_over,
    sent_again,
};

/// Where this process dies.
extern constinit std::atomic<KillPoint> dies_at;

/// Whether the library was built with its kill points (STEWARD_KILL_POINTS).
extern const bool has_kill_points;

#ifdef STEWARD_KILL_POINTS
inline void kill_point(KillPoint point) noexcept {
    if (point != KillPoint::none && dies_at.load(std::memory_order_relaxed) == point) [[unlikely]]
        ::kill(::getpid(), SIGKILL);
}
#else
constexpr void kill_point(KillPoint /*point*/) noexcept {}
#endif

}  // namespace steward::detail
