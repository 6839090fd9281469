#pragma once

#include <cstdint>
#include <functional>

#include <boost/asio/io_context.hpp>

#include "daemon/fair_queue.hpp"

namespace steward::daemon {

class Connection;

/// Who is served when: a connection that has received something at once, unless others wait for their turns; then in
/// the order of the FairQueue, and for a short time where somebody wants little and is to get it soon.
class Turns {
  public:
    /// Around each turn.
    struct Around {
        std::function<std::uint64_t()> begin;  ///< returns the time
        std::function<void()> end;
    };

    Turns(boost::asio::io_context& loop, Around around) : loop_(loop), around_(std::move(around)) {}

    /// The connection has received something.
    void serve(Connection&);

    /// Whether the connection whose turn it is must let others have theirs; what it has left to do it postpones.
    bool is_over() const;
    void postpone(Connection&);

    /// The connection has ended.
    void forget(Connection&);

    /// Where connections have their places.
    FairQueue& queue() { return queue_; }

  private:
    void take(Connection&);
    void take_those_that_wait();
    void take_those_that_wait_soon();
    std::uint64_t length_of(const Connection&, std::uint64_t now_ns) const;
    void note(const Connection&, std::uint64_t began_ns, std::uint64_t used_ns);

    boost::asio::io_context& loop_;
    Around around_;
    FairQueue queue_;
    std::uint64_t ends_ns_ = 0;               ///< the turn that is taken
    const Connection* last_brief_ = nullptr;  ///< who was last to want little; only compared
    std::uint64_t last_brief_ns_ = 0;
    bool is_posted_ = false;
};

}  // namespace steward::daemon
