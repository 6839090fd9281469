#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace steward::daemon {

/// Whose turn it is where more work has come than one thread does at once: first of the users, then of one user's
/// clients, the one that has had the least time. So a flood of requests costs its own sender.
///
/// It is start-time fair queueing (Goyal, Vin, Cheng, 1996) on two levels: whoever comes after a rest starts where
/// those are who have been busy, so that resting earns nothing. No clock and no I/O: time is what callers charge. Not
/// thread-safe.
class FairQueue {
    struct User;

  public:
    /// Who has work to be done. In the queue it stays where it is in memory.
    class Client {
      public:
        Client(FairQueue& queue, uid_t uid) : queue_(queue), user_(queue.join(uid)) {}
        Client(const Client&) = delete;
        Client& operator=(const Client&) = delete;
        ~Client() { queue_.leave(*this); }

        /// Whether it is in the queue.
        bool waits() const { return waits_; }

      private:
        friend class FairQueue;

        FairQueue& queue_;
        std::shared_ptr<User> user_;
        std::uint64_t used_ns_ = 0;  ///< where it starts next
        std::uint64_t arrival_ = 0;
        bool waits_ = false;
    };

    bool empty() const { return users_waiting_.empty(); }

    /// The client has work.
    void add(Client&);

    /// It has none any more.
    void remove(Client&);

    /// The client whose turn it is, which leaves the queue; null where it is empty.
    Client* take_next();

    /// The same as add() and take_next() of the only client that has work.
    void serve_at_once(Client&);

    /// What a turn of the client has taken, in the queue or not.
    void charge(Client&, std::uint64_t used_ns);

  private:
    /// Least time first, then in the order in which they came.
    template <class T>
    using Line = std::set<std::tuple<std::uint64_t, std::uint64_t, T*>>;

    struct User {
        uid_t uid = 0;
        std::uint64_t used_ns = 0;
        std::uint64_t arrival = 0;
        std::uint64_t clock_ns = 0;  ///< where the client whose turn it was last has started
        Line<Client> clients_waiting;
    };

    std::shared_ptr<User> join(uid_t uid);
    void leave(Client&);

    std::unordered_map<uid_t, std::weak_ptr<User>> users_;
    Line<User> users_waiting_;
    std::uint64_t clock_ns_ = 0;  ///< where the user whose turn it was last has started
    std::uint64_t arrivals_ = 0;
};

}  // namespace steward::daemon
