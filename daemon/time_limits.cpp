#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it

#include "daemon/time_limits.hpp"

#include "daemon/connection.hpp"

namespace steward::daemon {

void TimeLimits::expect(Connection& connection, std::uint64_t before_ns, std::uint64_t due_ns) {
    if (before_ns != 0)
        expected_.erase({before_ns, &connection});
    if (due_ns != 0)
        expected_.emplace(due_ns, &connection);
    set_timer();
}

/// Set anew only for what is due earlier: most of it is done by then, and the timer finds nothing.
void TimeLimits::set_timer() {
    if (expected_.empty() || (timer_ns_ != 0 && timer_ns_ <= expected_.begin()->first))
        return;
    timer_ns_ = expected_.begin()->first;
    timer_.expires_at(time_point_of(timer_ns_));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error)
            return;
        timer_ns_ = 0;
        on_due_();
        set_timer();
    });
}

void TimeLimits::end_overdue(std::uint64_t now_ns) {
    while (!expected_.empty() && expected_.begin()->first <= now_ns) {
        const auto connection = expected_.begin()->second->shared_from_this();
        connection->run_out_of_time();
    }
}

void TimeLimits::count_handshake(uid_t uid, bool begins) {
    if (begins)
        ++handshakes_[uid];
    else if (const auto found = handshakes_.find(uid); --found->second == 0)
        handshakes_.erase(found);
}

std::size_t TimeLimits::handshakes_of(uid_t uid) const {
    const auto found = handshakes_.find(uid);
    return found == handshakes_.end() ? 0 : found->second;
}

}  // namespace steward::daemon
