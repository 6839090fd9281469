#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "daemon/object_class.hpp"
#include "daemon/session.hpp"
#include "proto/errors.hpp"

namespace steward::daemon {

struct Call;

/// Waiting, written once for all types: lines in order of arrival, deadlines, cancelling, and what happens when the
/// waiter or the object goes. The lines themselves are state of the objects, in the heap.
class Waiting {
  public:
    /// So many requests of one session may wait at the same time.
    static constexpr std::size_t most_waits_per_session = 16'384;

    explicit Waiting(Daemon& daemon) : daemon_(daemon) {}

    /// Answers the request: at once where the claim can be granted or `timeout_ns` is 0, else when it is granted or the
    /// time is over (no time-out: whenever that is).
    void enter(Call&, const Object&, const Claim&, std::optional<std::int64_t> timeout_ns);

    /// Grants from the head of the line as long as its head is ready. To be called after every change that may make it
    /// so.
    void advance(const Object&);

    /// False: no such request of the session waits. True: it is answered with `cancelled`.
    bool cancel(Session&, std::uint64_t request);

    /// Forgets all waits of a session, without an answer.
    void forget(Session&);

    /// Answers all who wait for the object with an error; before the object goes.
    void refuse_all(const Object&, proto::Errc, const std::string& detail);

    /// Answers everybody who waits for anything with an error; before the daemon goes.
    void refuse_everybody(proto::Errc, const std::string& detail);

    /// Answers those whose time is over.
    void expire();

    /// When expire() has to be called next; nothing: no wait has a deadline.
    std::optional<std::uint64_t> next_deadline_ns() const;

    std::size_t size() const { return waiting_; }

  private:
    using DeadlineKey = std::pair<std::uint64_t, std::uint64_t>;  ///< deadline, ticket

    bool try_grant(Session&, std::uint64_t request, const Object&, const Claim&);
    void join(Call&, const Object&, const Claim&, std::optional<std::int64_t> timeout_ns);
    void leave(const WaitPlace&);
    void forget_place(Session&, const shared::Wait&);
    void grant_first(Session&, const WaitPlace&, const shared::Wait&);
    void refuse(Session&, const WaitPlace&, proto::Errc, const std::string& detail);

    Daemon& daemon_;
    std::map<DeadlineKey, WaitPlace> deadlines_;
    std::size_t waiting_ = 0;
    std::uint64_t last_ticket_ = 0;
};

}  // namespace steward::daemon
