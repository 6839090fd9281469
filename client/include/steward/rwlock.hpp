#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <source_location>
#include <string_view>
#include <system_error>
#include <vector>

#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timed_lockable.hpp>
#include <steward/word_path.hpp>

namespace steward {

class Manager;

/// How a rwlock is opened or made.
using RWLockOptions = OpenOptions;

/// What acquiring an RWLock as a reader gives.
struct SharedAcquired {
    /// Who died holding the lock alone, where no writer has come since. What the lock protects may be half changed;
    /// every reader is told until a writer has had the occasion to repair it.
    std::optional<Abandonment> abandoned;
};

/// A lock that many hold at once to read, or one alone to write. Python's Manager has none; the names are those of
/// std::shared_timed_mutex ([thread.sharedtimedmutex]).
///
///     steward::RWLock lock = manager.rwlock("index");
///     {
///         std::shared_lock reading{lock};
///         search(index);
///     }
///     {
///         std::scoped_lock writing{lock};
///         change(index);
///     }
///
/// Neither side starves: who comes waits behind those who came before, readers behind a writer too, and readers that
/// stand together in line go together.
///
/// A hold, of either kind, is owned by the thread that acquired it, and ends with it or its process. A writer that dies
/// is told to the next owner. It is not recursive and cannot be upgraded: a thread that holds it in either way and
/// would wait for itself is refused with deadlock, also as a reader behind a writer who waits.
///
/// How it is acquired to write, TimedLockable says: acquire, acquire_for, acquire_until, try_acquire, lock, try_lock,
/// try_lock_for, try_lock_until, unlock.
///
/// Threads, processes, lifetime: see Object. The lock is not released when a proxy of it is destroyed.
///
/// To write, acquiring and releasing a lock of one's own user that nobody else holds or waits for is one
/// compare-and-swap each in shared memory, as with Lock; it works on while the daemon is stopped. Readers are counted
/// by the daemon, since each of them has to be known when it dies. Somebody who waits sees writers slip in for a
/// millisecond at most.
///
/// Every other operation is one round trip, throws no_such_object once the lock was removed, no_permission without
/// write permission (readers need it too, since they keep writers out), and not_connected when the daemon is gone.
class STEWARD_API RWLock : public Object, public TimedLockable<RWLock> {
  public:
    /// Opens the lock, as Manager::rwlock() does.
    RWLock(const Manager& manager, ObjectName name, const RWLockOptions& options = {},
           std::source_location where = std::source_location::current());

    /// The rwlock that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit RWLock(const Reference& reference, std::source_location where = std::source_location::current());

    /// As TimedLockable's; most often one compare-and-swap.
    void lock();

    /// Gives back what acquire() took; who stands first in line gets it. Does not block. Throws not_owner if this
    /// thread does not hold the lock alone (also after `steward break`).
    void release();
    void release(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { release(); });
    }

    /// Blocks until the lock is acquired beside other readers. Throws deadlock where that would never be,
    /// object_removed if the lock is removed meanwhile.
    SharedAcquired acquire_shared(std::source_location where = std::source_location::current()) {
        return acquire_shared_within(std::nullopt, where).value();
    }
    SharedAcquired acquire_shared(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire_shared(where); });
    }

    /// Blocks until it is acquired or the time is over: then empty. Zero and negative times do not wait.
    template <class Rep, class Period>
    std::optional<SharedAcquired> acquire_shared_for(std::chrono::duration<Rep, Period> timeout,
                                                     std::source_location where = std::source_location::current()) {
        return acquire_shared_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    std::optional<SharedAcquired> acquire_shared_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                                                     std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire_shared_for(timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    std::optional<SharedAcquired> acquire_shared_until(const std::chrono::time_point<Clock, Duration>& deadline,
                                                       std::source_location where = std::source_location::current()) {
        return acquire_shared_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    std::optional<SharedAcquired> acquire_shared_until(const std::chrono::time_point<Clock, Duration>& deadline,
                                                       std::error_code& ec,
                                                       std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire_shared_until(deadline, where); });
    }

    /// Does not wait: empty where acquire_shared() would. Also, for some microseconds after a writer who had waited has
    /// released it, though it is free by then: [thread.sharedmutex.requirements] lets a try fail so.
    std::optional<SharedAcquired> try_acquire_shared(std::source_location where = std::source_location::current()) {
        return acquire_shared_within(std::chrono::nanoseconds::zero(), where);
    }
    std::optional<SharedAcquired> try_acquire_shared(std::error_code& ec,
                                                     std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire_shared(where); });
    }

    /// Gives back what acquire_shared() took. Does not block. Throws not_owner if this thread does not hold it so.
    void release_shared();
    void release_shared(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { release_shared(); });
    }

    /// The standard's names for the same ([thread.sharedtimedmutex.requirements]), for std::shared_lock.
    void lock_shared() { acquire_shared(opened_at()); }
    bool try_lock_shared() { return try_acquire_shared(opened_at()).has_value(); }
    template <class Rep, class Period>
    bool try_lock_shared_for(const std::chrono::duration<Rep, Period>& timeout) {
        return acquire_shared_for(timeout, opened_at()).has_value();
    }
    template <class Clock, class Duration>
    bool try_lock_shared_until(const std::chrono::time_point<Clock, Duration>& deadline) {
        return acquire_shared_until(deadline, opened_at()).has_value();
    }

    /// Never throws; see unlock().
    void unlock_shared() noexcept {
        try {
            release_shared();
        } catch (const std::exception&) {
            return;
        }
    }

    /// Whether somebody holds the lock alone; may be outdated when it returns.
    bool locked() const;
    bool locked(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return locked(); });
    }

    /// How many readers hold it; may be outdated when it returns.
    std::size_t readers() const;
    std::size_t readers(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return readers(); });
    }

    /// Who holds it: one writer, or readers. Needs read permission.
    std::vector<HolderInfo> holders() const { return info().holders; }
    std::vector<HolderInfo> holders(std::error_code& ec) const { return info(ec).holders; }

    /// Whether this thread of this process holds it alone, or as a reader, by the daemon's word.
    bool held_by_me() const;
    bool held_by_me(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return held_by_me(); });
    }
    bool shared_by_me() const;
    bool shared_by_me(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return shared_by_me(); });
    }

    /// The fencing token of this thread's acquisition to write. Throws not_owner if it does not hold the lock alone.
    std::uint64_t token() const;
    std::uint64_t token(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return token(); });
    }

    /// Who died holding the lock alone before this thread acquired it, in either way; empty if nobody did or this
    /// thread does not hold it. Does not ask the daemon.
    std::optional<Abandonment> abandoned() const;

  private:
    friend class TimedLockable<RWLock>;

    void lock_slowly();
    void release_slowly();
    std::optional<Acquired> acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where);
    std::optional<SharedAcquired> acquire_shared_within(std::optional<std::chrono::nanoseconds> timeout,
                                                        std::source_location where);

    detail::WordPath word_;
};

}  // namespace steward
