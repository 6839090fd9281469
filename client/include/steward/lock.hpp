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

/// As OpenOptions, and of what kind the lock is, which must match what exists.
struct LockOptions {
    OpenMode open_mode = OpenMode::open_or_create;  ///< as of OpenOptions, and so are the next two
    std::uint16_t mode = 0600;                      ///< who may look and use it
    bool ephemeral = false;                         ///< removed with its last session
    bool transferable = false;  ///< anyone may release it, as Python's; no deadlock is found that it takes part in
    bool fair = false;          ///< nobody slips in before those who wait
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
/// connection takes it away. When the owner's process or thread ends it is free within milliseconds, and the next owner
/// is told who died (Acquired::abandoned, abandoned()). It is not recursive: acquire() throws deadlock where this
/// thread holds it already, and acquire_for() waits in vain until its time is over. See RLock.
///
/// With `transferable` one thread may acquire it and another release it, as with Python's. Unlike Python's it is free
/// when the thread or process that acquired it ends: that still holds it.
///
/// How it is acquired, TimedLockable says: acquire, acquire_for, acquire_until, try_acquire, lock, try_lock,
/// try_lock_for, try_lock_until, unlock. Several at once: Manager::acquire_all(). steward::Guard shows its own line in
/// `steward show`, and so do acquire() and its kin.
///
/// Threads, processes, lifetime: see Object. The lock is not released when a proxy of it is destroyed.
///
/// Acquiring and releasing a lock of one's own user that nobody else holds or waits for is one compare-and-swap each in
/// shared memory (ManagerOptions::shared_words); it works on while the daemon is stopped. Where somebody holds it, a
/// thread looks for it to become free for some microseconds and then asks the daemon, as every other operation does in
/// one round trip: that throws no_such_object once the lock was removed, no_permission without write permission, and
/// not_connected when the daemon is gone. Whoever releases it wakes the first in line, mostly without the daemon, and
/// also while that is stopped. Somebody who waits sees others slip in for a millisecond at most, and never with `fair`.
class STEWARD_API Lock : public Object, public TimedLockable<Lock> {
  public:
    /// Opens the lock, as Manager::lock() does.
    Lock(const Manager& manager, ObjectName name, const LockOptions& options = {},
         std::source_location where = std::source_location::current());

    /// The lock that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Lock(const Reference& reference, std::source_location where = std::source_location::current());

    /// As TimedLockable's; most often one compare-and-swap.
    void lock();

    /// Gives the lock back; the first in line gets it. Does not block. Throws not_owner if this thread does not hold it
    /// (also after `steward break`), or, where it is transferable, if nobody does.
    void release();
    void release(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { release(); });
    }

    /// Whether anybody holds the lock; may be outdated when it returns. Python 3.14's `Lock.locked()`.
    bool locked() const;
    bool locked(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return locked(); });
    }

    /// Who holds it; empty if nobody does. Needs read permission.
    std::optional<HolderInfo> holder() const;
    std::optional<HolderInfo> holder(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return holder(); });
    }

    /// Whether this thread of this process holds it, by the daemon's word.
    bool held_by_me() const;
    bool held_by_me(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return held_by_me(); });
    }

    /// The fencing token of this thread's acquisition. Throws not_owner if it does not hold the lock.
    std::uint64_t token() const;
    std::uint64_t token(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return token(); });
    }

    /// Who died holding the lock before this thread acquired it; empty if nobody did or this thread has not acquired
    /// it. Does not ask the daemon: for use behind lock(), which has no result.
    std::optional<Abandonment> abandoned() const;

  private:
    friend class Condition;
    friend class TimedLockable<Lock>;

    Lock(std::shared_ptr<const detail::ObjectState> state, std::source_location where) noexcept;

    void lock_slowly();
    void release_slowly();
    std::optional<Acquired> acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where);

    detail::WordPath word_;
};

}  // namespace steward
