#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string_view>
#include <system_error>

#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timeout.hpp>

namespace steward {

class Manager;

using LockOptions = OpenOptions;

/// What acquiring a lock gives.
struct Acquired {
    /// Grows with every acquisition of the lock. Send it along with what the lock protects: whoever stores a result
    /// refuses a token smaller than one that it has seen (a fencing token).
    std::uint64_t token = 0;

    /// Who died holding the lock; told once, to the next owner. What the lock protects may be half changed.
    std::optional<Abandonment> abandoned;
};

/// A mutual exclusion lock between all threads of all processes that open its name. Python's `Manager().Lock()`, except
/// that it has an owner.
///
///     steward::Lock lock = manager.lock("cache/rebuild");
///     {
///         std::scoped_lock guard{lock};
///         rebuild_cache();
///     }
///     if (auto acquired = lock.acquire_for(200ms)) {
///         store(result, acquired->token);
///         lock.release();
///     }
///
/// It is owned by the thread that acquired it. It stays with its owner until released: no lease, no timer and no broken
/// connection takes it away. When the owner's process dies it is free within milliseconds, and the next owner is told
/// who died (Acquired::abandoned, abandoned()). It is not recursive.
///
/// It is a Cpp17TimedLockable ([thread.req.lockable.timed]): std::scoped_lock, std::unique_lock and
/// std::condition_variable_any work with it. Those show in `steward show` the line that opened the lock;
/// steward::Guard and acquire() show their own.
///
/// Threads, processes, lifetime: see Object. The lock is not released when a proxy of it is destroyed.
///
/// Every operation is one round trip to the daemon, throws no_such_object once the lock was removed, no_permission
/// without write permission, and not_connected when the daemon is gone.
class STEWARD_API Lock : public Object {
  public:
    /// Opens the lock, as Manager::lock() does.
    Lock(const Manager& manager, std::string_view name, const LockOptions& options = {},
         std::source_location where = std::source_location::current());

    /// Blocks until the lock is acquired; first come, first served. Throws deadlock if this thread holds it already,
    /// object_removed if it is removed meanwhile.
    Acquired acquire(std::source_location where = std::source_location::current());
    Acquired acquire(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire(where); });
    }

    /// Blocks until the lock is acquired or the time is over: then empty. Zero and negative times do not wait.
    /// A thread that holds the lock already waits in vain until its time is over.
    template <class Rep, class Period>
    std::optional<Acquired> acquire_for(std::chrono::duration<Rep, Period> timeout,
                                        std::source_location where = std::source_location::current()) {
        return acquire_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    std::optional<Acquired> acquire_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                                        std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire_for(timeout, where); });
    }

    /// The same until a point in time of any clock.
    template <class Clock, class Duration>
    std::optional<Acquired> acquire_until(const std::chrono::time_point<Clock, Duration>& deadline,
                                          std::source_location where = std::source_location::current()) {
        return acquire_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    std::optional<Acquired> acquire_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                                          std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire_until(deadline, where); });
    }

    /// Does not wait: empty if anybody holds the lock, this thread included.
    std::optional<Acquired> try_acquire(std::source_location where = std::source_location::current()) {
        return acquire_within(std::chrono::nanoseconds::zero(), where);
    }
    std::optional<Acquired> try_acquire(std::error_code& ec,
                                        std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire(where); });
    }

    /// Gives the lock back; the first in line gets it. Does not block. Throws not_owner if this thread does not hold it
    /// (also after `steward break`).
    void release();
    void release(std::error_code& ec);

    /// The standard's names for the same ([thread.req.lockable]). They throw as acquire() does, and the lock is then
    /// not held. A lock whose owner died is simply acquired: ask abandoned().
    void lock();
    bool try_lock();
    template <class Rep, class Period>
    bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
        return lock_within(detail::timeout_from(timeout));
    }
    template <class Clock, class Duration>
    bool try_lock_until(const std::chrono::time_point<Clock, Duration>& deadline) {
        return lock_within(detail::timeout_until(deadline));
    }

    /// Gives the lock back and never throws, so that it can stand in destructors. Whether the lock was lost before
    /// (broken by an administrator, daemon gone) is what held_by_me() tells.
    void unlock() noexcept;

    /// Whether anybody holds the lock; may be outdated when it returns. Python 3.14's `Lock.locked()`.
    bool locked() const;
    bool locked(std::error_code& ec) const;

    /// Who holds it; empty if nobody does. Needs read permission.
    std::optional<HolderInfo> holder() const;
    std::optional<HolderInfo> holder(std::error_code& ec) const;

    /// Whether this thread of this process holds it, by the daemon's word.
    bool held_by_me() const;
    bool held_by_me(std::error_code& ec) const;

    /// The fencing token of this thread's acquisition. Throws not_owner if it does not hold the lock.
    std::uint64_t token() const;
    std::uint64_t token(std::error_code& ec) const;

    /// Who died holding the lock before this thread acquired it; empty if nobody did or this thread has not acquired
    /// it. Does not ask the daemon: for use behind lock(), which has no result.
    std::optional<Abandonment> abandoned() const;

  private:
    std::optional<Acquired> acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where);
    bool lock_within(std::optional<std::chrono::nanoseconds> timeout);

    std::source_location opened_at_;
};

}  // namespace steward
