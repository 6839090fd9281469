#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <unordered_map>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace steward::daemon {

class Connection;

/// What clients have to do in time: open their sessions, send the rest of a message.
class TimeLimits {
  public:
    /// `on_due` is called when the time of a connection is over, and calls end_overdue().
    TimeLimits(boost::asio::io_context& loop, std::function<void()> on_due)
        : timer_(loop), on_due_(std::move(on_due)) {}

    /// A connection is told (Connection::run_out_of_time) that does not tell by `due_ns` that nothing is expected of it
    /// any more (0). Before it told `before_ns`.
    void expect(Connection&, std::uint64_t before_ns, std::uint64_t due_ns);
    void end_overdue(std::uint64_t now_ns);

    /// Connections of a user whose sessions are not open, though the server reads them.
    void count_handshake(uid_t, bool begins);
    std::size_t handshakes_of(uid_t) const;

  private:
    void set_timer();

    boost::asio::steady_timer timer_;
    std::function<void()> on_due_;
    std::set<std::pair<std::uint64_t, Connection*>> expected_;  ///< by when
    std::uint64_t timer_ns_ = 0;                                ///< what the timer is set to; 0: not set
    std::unordered_map<uid_t, std::size_t> handshakes_;
};

/// CLOCK_MONOTONIC in nanoseconds, which libstdc++'s steady_clock is.
inline std::chrono::steady_clock::time_point time_point_of(std::uint64_t monotonic_ns) {
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(monotonic_ns));
}

}  // namespace steward::daemon
