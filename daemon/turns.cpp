#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it

#include "daemon/turns.hpp"

#include <boost/asio/post.hpp>

#include "daemon/connection.hpp"
#include "daemon/daemon.hpp"

namespace steward::daemon {
namespace {

/// A turn is short while there is somebody who wants little at a time and is to get it soon: the price is that replies
/// of those who want much are sent in smaller pieces.
constexpr std::uint64_t short_turn_ns = 5'000;
constexpr std::uint64_t long_turn_ns = 100'000;
constexpr std::uint64_t longest_brief_turn_ns = 50'000;
constexpr std::uint64_t brief_is_remembered_ns = 50'000'000;

}  // namespace

void Turns::serve(Connection& connection) {
    if (!queue_.empty()) {
        postpone(connection);
        return;
    }
    queue_.serve_at_once(connection);
    take(connection);
}

bool Turns::is_over() const {
    return monotonic_now_ns() >= ends_ns_;
}

/// Between two turns the loop looks whether somebody else has sent something.
void Turns::postpone(Connection& connection) {
    queue_.add(connection);
    connection.expect_the_rest();
    take_those_that_wait_soon();
}

void Turns::forget(Connection& connection) {
    queue_.remove(connection);
}

void Turns::take_those_that_wait_soon() {
    if (std::exchange(is_posted_, true))
        return;
    boost::asio::post(loop_, [this] {
        is_posted_ = false;
        take_those_that_wait();
    });
}

void Turns::take_those_that_wait() {
    const auto end_ns = monotonic_now_ns() + short_turn_ns;
    while (auto* client = queue_.take_next()) {
        take(static_cast<Connection&>(*client));
        if (monotonic_now_ns() >= end_ns)
            break;
    }
    if (!queue_.empty())
        take_those_that_wait_soon();
}

void Turns::take(Connection& connection) {
    const auto kept = connection.shared_from_this();
    const auto began_ns = around_.begin();
    ends_ns_ = began_ns + length_of(connection, began_ns);
    connection.take_turn();
    around_.end();
    connection.read_on();
    const auto used_ns = monotonic_now_ns() - began_ns;
    queue_.charge(connection, used_ns);
    note(connection, began_ns, used_ns);
}

std::uint64_t Turns::length_of(const Connection& connection, std::uint64_t now_ns) const {
    const bool another_is_brief = last_brief_ != &connection && now_ns - last_brief_ns_ < brief_is_remembered_ns;
    return another_is_brief ? short_turn_ns : long_turn_ns;
}

void Turns::note(const Connection& connection, std::uint64_t began_ns, std::uint64_t used_ns) {
    if (used_ns > longest_brief_turn_ns || !connection.was_done_in_one_turn())
        return;
    last_brief_ = &connection;
    last_brief_ns_ = began_ns;
}

}  // namespace steward::daemon
