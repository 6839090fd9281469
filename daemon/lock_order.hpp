#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/object_class.hpp"
#include "daemon/session.hpp"

namespace steward::daemon {

/// In which order threads take locks, and a warning where somebody takes them the other way round: two that do so at
/// the same time can end in a deadlock, even if none has happened yet. Only for sessions that ask for it.
///
/// All of it is private memory and bounded, so it may miss an order and never accuses wrongly: so many orders of a
/// domain are known, one thread is looked after for so many locks at a time, and an opposite order is looked for among
/// so many others. What belongs to removed objects makes room while others are noted.
class LockOrder {
  public:
    static constexpr std::size_t most_orders_per_domain = 65'536;
    static constexpr std::size_t most_held_per_thread = 64;
    static constexpr std::size_t most_orders_looked_at = 4096;

    explicit LockOrder(Daemon& daemon) : daemon_(daemon) {}

    /// The claim was granted and the session asked for warnings. What there is no memory for is not noted.
    void note_granted(Session&, const Object&, const Claim&) noexcept;

    /// A session, or one thread of it, is gone. Its orders stay known.
    void forget(std::uint32_t session);
    void forget(shared::Agent);

    /// Orders that are known of a domain.
    std::size_t known(const shared::Domain&) const;

  private:
    /// A thread, as a warning tells of it when it may have gone.
    struct Witness {
        std::int32_t pid = 0;
        std::string command;
        std::uint32_t thread = 0;
    };

    struct Held {
        std::uint64_t object = 0;
        std::uint32_t place = 0;
    };

    struct Thread {
        std::shared_ptr<const Witness> witness;
        std::vector<Held> held;  ///< in the order of acquisition; may hold some that were released meanwhile
    };

    /// How somebody took one lock while it held another: who, and the lines of source of both.
    struct Sighting {
        std::shared_ptr<const Witness> witness;
        std::uint32_t place_held = 0;
        std::uint32_t place = 0;
        bool warned = false;  ///< it was the opposite of another when it was noted
    };

    using Order = std::pair<std::uint64_t, std::uint64_t>;  ///< what was held, and what was taken then

    struct Graph {
        std::map<Order, Sighting> orders;
        Order swept;  ///< where tidying goes on
    };

    /// One order of several that lead from one lock to another.
    struct Step {
        std::uint64_t held = 0;
        std::uint64_t taken = 0;
        const Sighting* sighting = nullptr;
    };

    using Reached = std::unordered_map<std::uint64_t, Step>;    ///< by object, the step that leads there first
    using ThreadKey = std::pair<std::uint32_t, std::uint32_t>;  ///< session, thread

    Thread& thread_of(const Session&, shared::Agent);
    void drop_released(Thread&, shared::Agent) const;
    std::vector<Held> new_orders(const Graph&, const Thread&, const Object& granted) const;
    void note_orders(Session&, const Thread&, const Object& granted, const Claim&);
    static bool was_warned_of(const Graph&, const Order&);
    /// A little at a time, so that no grant pays for what others left behind.
    void tidy_threads();
    void tidy(Graph&) const;

    Reached reached_from(const Graph&, std::uint64_t from) const;
    /// The shortest way in which `to` was taken after `from`; empty: none was found.
    static std::vector<Step> path(const Reached&, std::uint64_t from, std::uint64_t to);
    void warn(Session&, const Step& now, std::span<const Step> before) const;
    std::string sentence(const Step& now, std::span<const Step> before) const;
    std::string told(const Step&, bool now) const;
    std::string called(std::uint64_t object) const;

    Daemon& daemon_;
    std::map<ThreadKey, Thread> threads_;
    ThreadKey swept_;  ///< where tidying goes on
    std::unordered_map<const shared::Domain*, Graph> graphs_;
};

}  // namespace steward::daemon
