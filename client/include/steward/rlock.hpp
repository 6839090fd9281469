#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <string_view>
#include <system_error>

#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timed_lockable.hpp>
#include <steward/word_path.hpp>

namespace steward {

class Manager;

/// How an rlock is opened or made.
using RLockOptions = OpenOptions;

/// What acquiring an RLock gives.
struct RLockAcquired {
    std::uint64_t token = 0;               ///< fencing token, as Acquired has it; of the first acquisition
    std::optional<Abandonment> abandoned;  ///< who died holding the lock; told once, to the next owner
    std::uint64_t count = 0;               ///< how often this thread holds it now
};

/// A lock that the thread that holds it may acquire again. Python's `Manager().RLock()`, and std::recursive_timed_mutex
/// ([thread.timedmutex.recursive]) between processes.
///
///     steward::RLock lock = manager.rlock("accounts");
///     void book(...) {
///         std::scoped_lock guard{lock};
///         ...
///     }
///     void transfer(...) {
///         std::scoped_lock guard{lock};      // held over both
///         book(from, -amount);
///         book(to, amount);
///     }
///
/// It counts: it is free when it was released as often as it was acquired. Everything else is as with Lock: it is owned
/// by a thread, and when the owner's process or thread ends it is free, however often it was held, and the next owner
/// is told who died.
///
/// How it is acquired, TimedLockable says: acquire, acquire_for, acquire_until, try_acquire, lock, try_lock,
/// try_lock_for, try_lock_until, unlock. The thread that holds it never waits.
///
/// Threads, processes, lifetime: see Object. The lock is not released when a proxy of it is destroyed.
///
/// As with Lock, acquiring and releasing is one compare-and-swap in shared memory where it is of one's own user and
/// nobody else holds it or waits for it, and acquiring it again is not even that; every other operation is one round
/// trip. That throws no_such_object once the lock was removed, no_permission without write permission, and
/// not_connected when the daemon is gone. Somebody who waits sees others slip in for a millisecond at most.
class STEWARD_API RLock : public Object, public TimedLockable<RLock, RLockAcquired> {
  public:
    /// Opens the lock, as Manager::rlock() does.
    RLock(const Manager& manager, ObjectName name, const RLockOptions& options = {},
          std::source_location where = std::source_location::current());

    /// The rlock that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit RLock(const Reference& reference, std::source_location where = std::source_location::current());

    /// As TimedLockable's; most often one compare-and-swap.
    void lock();

    /// Gives one acquisition back; with the last of them the first in line gets the lock. Does not block. Returns how
    /// often this thread still holds it. Throws not_owner if it does not (also after `steward break`).
    std::uint64_t release();
    std::uint64_t release(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return release(); });
    }

    /// Whether anybody holds the lock; may be outdated when it returns.
    bool locked() const;
    bool locked(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return locked(); });
    }

    /// Who holds it; empty if nobody does. Needs read permission.
    std::optional<HolderInfo> holder() const;
    std::optional<HolderInfo> holder(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return holder(); });
    }

    /// How often this thread of this process holds it, by the daemon's word; 0: it does not.
    std::uint64_t count() const;
    std::uint64_t count(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return count(); });
    }

    /// Whether the calling thread holds it.
    bool held_by_me() const { return count() != 0; }
    bool held_by_me(std::error_code& ec) const { return count(ec) != 0; }

    /// The fencing token of this thread's first acquisition. Throws not_owner if it does not hold the lock.
    std::uint64_t token() const;
    std::uint64_t token(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return token(); });
    }

    /// Who died holding the lock before this thread acquired it; empty if nobody did or this thread does not hold it.
    /// Does not ask the daemon.
    std::optional<Abandonment> abandoned() const;

  private:
    friend class Condition;
    friend class TimedLockable<RLock, RLockAcquired>;

    RLock(std::shared_ptr<const detail::ObjectState> state, std::source_location where) noexcept;

    void lock_slowly();
    std::uint64_t release_slowly();
    std::optional<RLockAcquired> acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                                std::source_location where);

    detail::WordPath word_;
};

}  // namespace steward
