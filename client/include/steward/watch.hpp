#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <steward/any.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timeout.hpp>

namespace steward {

namespace detail {

class WatchState;

}  // namespace detail

/// A change that a Watch saw.
struct Change {
    std::uint64_t lost = 0;              ///< changes before this one that were lost, because this program did not read
    std::uint64_t object = 0;            ///< its number; 0: no change, it only tells of losses or of a gap
    ObjectType type = ObjectType::lock;  ///< of the object
    std::string name;                    ///< of the object; empty: it has none
    std::string what;  ///< the verb that changed it ("set", "append", "release", ...), or "created", "removed",
                       ///< "abandoned", "broken"; or, without an object, "gap": see Watch
    Any key;           ///< key or index that the verb named; nil: none
    std::uint64_t version = 0;  ///< of the object after the change
};

/// Tells of changes, in the order in which they happened: of one object, or of all whose names begin with a prefix and
/// that may be read.
///
///     auto watch = manager.watch("jobs/");
///     for (const steward::Change& change : watch)
///         std::cout << change.name << ' ' << change.what << '\n';
///
/// The daemon never waits for a watcher: what does not fit into the buffer while this program does not read is lost,
/// and the next change tells how many were (Change::lost). What is told is that something changed and where, not the
/// new value: read it. What is acquired or given back without the daemon (see Lock, RLock, Semaphore) is not seen; to
/// watch all of it, have the Managers that do it ask always (ManagerOptions::shared_words).
///
/// Where the connection is lost, since the daemon was restarted, it is made again, for as long as the Manager waits for
/// a daemon (ManagerOptions::reconnect_timeout). Then the next change is a "gap": what changed in between is not told,
/// so read again what matters.
///
/// It has a connection and a session of its own, so a slow watcher delays nothing else. descriptor() is for poll(2) and
/// its kin: readable means that try_next() may have something; call it until it has nothing.
///
/// Threads: one at a time. Processes: not for use after fork() in the child. Lifetime: it keeps the connection of its
/// Manager open, which uses what keys refer to; its end ends the watch.
class STEWARD_API Watch {
  public:
    Watch(Watch&&) noexcept;
    Watch& operator=(Watch&&) noexcept;
    ~Watch();

    /// Blocks until there is a change. Throws not_connected when the daemon is gone for longer than the Manager waits,
    /// and no_such_object where the object that is watched is not there any more when it comes back.
    Change next();
    Change next(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return next(); });
    }

    /// Blocks until there is a change or the time is over: then empty.
    template <class Rep, class Period>
    std::optional<Change> next_for(std::chrono::duration<Rep, Period> timeout) {
        return next_within(detail::timeout_from(timeout));
    }
    template <class Rep, class Period>
    std::optional<Change> next_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return next_for(timeout); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    std::optional<Change> next_until(const std::chrono::time_point<Clock, Duration>& deadline) {
        return next_within(detail::timeout_until(deadline));
    }
    template <class Clock, class Duration>
    std::optional<Change> next_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return next_until(deadline); });
    }

    /// Does not wait: empty if there is no change now.
    std::optional<Change> try_next() { return next_within(std::chrono::nanoseconds::zero()); }
    std::optional<Change> try_next(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return try_next(); });
    }

    /// A descriptor that poll(2) can wait for; not to be read from or closed.
    int descriptor() const noexcept;

    /// An input iterator over changes as they come; it has no end but an exception.
    class Iterator {
      public:
        /// What the standard asks of an input iterator.
        using iterator_concept = std::input_iterator_tag;
        using value_type = Change;
        using difference_type = std::ptrdiff_t;

        /// Waits for the first change, as next() does, and ++ for each further one.
        explicit Iterator(Watch& watch) : watch_(&watch), change_(watch.next()) {}
        const Change& operator*() const noexcept { return change_; }
        Iterator& operator++() {
            change_ = watch_->next();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator&, std::default_sentinel_t) noexcept { return false; }

      private:
        Watch* watch_;
        Change change_;
    };

    /// Blocks for the first change.
    Iterator begin() { return Iterator(*this); }
    static std::default_sentinel_t end() noexcept { return std::default_sentinel; }

  private:
    friend class Manager;
    explicit Watch(std::unique_ptr<detail::WatchState> state) noexcept;

    std::optional<Change> next_within(std::optional<std::chrono::nanoseconds> timeout);

    std::unique_ptr<detail::WatchState> state_;
};

}  // namespace steward
