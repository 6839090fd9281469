#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <string_view>
#include <system_error>
#include <variant>

#include <steward/export.hpp>
#include <steward/lock.hpp>
#include <steward/object.hpp>
#include <steward/rlock.hpp>
#include <steward/timed_lockable.hpp>
#include <steward/timeout.hpp>

namespace steward {

class Condition;
class Manager;

/// How a condition is opened or made.
using ConditionOptions = OpenOptions;

/// What can guard the wait for a Condition: its lock, or itself, which stands for its lock.
template <class T>
concept LockOfCondition = std::same_as<T, Lock> || std::same_as<T, RLock> || std::same_as<T, Condition>;

/// Waiting, with a lock, until another process has changed what the lock protects. Python's
/// `Manager().Condition(lock)`, and std::condition_variable_any ([thread.condition.condvarany]) between processes.
///
///     auto changed = manager.condition("jobs/changed");          // with an RLock of its own
///     {
///         std::unique_lock guard{changed};
///         changed.wait(guard, [&] { return jobs.size() != 0; });
///         work_on(jobs.pop(0));
///     }
///     {
///         std::scoped_lock guard{changed};                       // another process
///         jobs.append(job);
///         changed.notify_one();
///     }
///
/// Made by `manager.condition(name, lock)` it uses a given Lock or RLock; several conditions may use one lock. What it
/// offers of a lock (acquire and its kin as TimedLockable says, release, lock, unlock, token, abandoned) acts on that.
///
/// To wait is to give the lock up, however often this thread holds it, to wait to be notified, and to take it back with
/// its count, all in one request: no notification is lost in between. The lock is held again whenever a wait returns,
/// also when the time was over, and a time-out does not end the wait for the lock. Where a wait throws, the lock may be
/// lost (not_owner: it was not held; object_removed: it is gone).
///
/// wait() may return without a notification that was meant for it, as in Python: with a predicate it looks again.
///
/// A thread that notifies must hold the lock, as in Python and unlike std::condition_variable. Who is notified goes on
/// when it has the lock back, in the order of arrival.
///
/// Forms that take a `guard` check that it holds this condition's lock, else not_owner (it holds nothing) or
/// invalid_argument (another lock), and are otherwise those without.
///
/// Threads, processes, lifetime: see Object. It keeps its lock alive, and one of its own has no name.
///
/// Every operation is one round trip, throws no_such_object once the condition was removed, no_permission without write
/// permission, and not_connected when the daemon is gone.
class STEWARD_API Condition : public Object, public TimedLockable<Condition> {
  public:
    /// Opens the condition with an RLock of its own, as Manager::condition() does. Throws wrong_options where what
    /// exists was made with a given lock.
    Condition(const Manager& manager, ObjectName name, const ConditionOptions& options = {},
              std::source_location where = std::source_location::current());

    /// Opens the condition with a lock of the same Manager, else invalid_argument. The lock must match what exists,
    /// else wrong_options, and belong to the same user, else other_domain.
    Condition(const Manager& manager, ObjectName name, const Lock& lock, const ConditionOptions& options = {},
              std::source_location where = std::source_location::current());
    Condition(const Manager& manager, ObjectName name, const RLock& lock, const ConditionOptions& options = {},
              std::source_location where = std::source_location::current());

    /// The condition that a reference is to. One round trip. Throws type_mismatch where it is to another type, and
    /// no_such_object where its lock was removed.
    explicit Condition(const Reference& reference, std::source_location where = std::source_location::current());

    /// Gives its lock back; see Lock::release() and RLock::release().
    void release();
    void release(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { release(); });
    }

    /// Whether anybody, or this thread, holds its lock; this thread's fencing token, which is a new one after every
    /// wait; who died holding it. See Lock.
    bool locked() const;
    bool locked(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return locked(); });
    }
    bool held_by_me() const;
    bool held_by_me(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return held_by_me(); });
    }
    std::uint64_t token() const;
    std::uint64_t token(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return token(); });
    }
    std::optional<Abandonment> abandoned() const;

    /// Blocks until this thread is notified and has the lock back. Throws not_owner if it does not hold the lock,
    /// deadlock where it would never get the lock back, object_removed if the condition or its lock is removed
    /// meanwhile.
    void wait(std::source_location where = std::source_location::current()) { wait_within(std::nullopt, where); }
    void wait(std::error_code& ec, std::source_location where = std::source_location::current()) {
        detail::without_exceptions(ec, [&] { wait(where); });
    }
    template <LockOfCondition L>
    void wait(std::unique_lock<L>& guard, std::source_location where = std::source_location::current()) {
        check(guard);
        wait(where);
    }
    template <LockOfCondition L>
    void wait(std::unique_lock<L>& guard, std::error_code& ec,
              std::source_location where = std::source_location::current()) {
        detail::without_exceptions(ec, [&] { wait(guard, where); });
    }

    /// Blocks until the predicate, asked with the lock held, is true. Does not wait where it is true at once. Python's
    /// wait_for(predicate).
    template <std::predicate P>
    void wait(P predicate, std::source_location where = std::source_location::current()) {
        while (!predicate())
            wait(where);
    }
    template <std::predicate P>
    void wait(P predicate, std::error_code& ec, std::source_location where = std::source_location::current()) {
        detail::without_exceptions(ec, [&] { wait(std::ref(predicate), where); });
    }
    template <LockOfCondition L, std::predicate P>
    void wait(std::unique_lock<L>& guard, P predicate, std::source_location where = std::source_location::current()) {
        check(guard);
        wait(std::ref(predicate), where);
    }
    template <LockOfCondition L, std::predicate P>
    void wait(std::unique_lock<L>& guard, P predicate, std::error_code& ec,
              std::source_location where = std::source_location::current()) {
        detail::without_exceptions(ec, [&] { wait(guard, std::ref(predicate), where); });
    }

    /// Blocks until this thread is notified or the time is over, then false; and in either case until it has the lock
    /// back. A time of zero or less gives the lock up and takes it back. Python's wait(timeout).
    template <class Rep, class Period>
    bool wait_for(std::chrono::duration<Rep, Period> timeout,
                  std::source_location where = std::source_location::current()) {
        return wait_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    bool wait_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                  std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_for(timeout, where); });
    }
    template <LockOfCondition L, class Rep, class Period>
    bool wait_for(std::unique_lock<L>& guard, std::chrono::duration<Rep, Period> timeout,
                  std::source_location where = std::source_location::current()) {
        check(guard);
        return wait_for(timeout, where);
    }
    template <LockOfCondition L, class Rep, class Period>
    bool wait_for(std::unique_lock<L>& guard, std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                  std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_for(guard, timeout, where); });
    }

    /// Blocks until the predicate is true or the time is over, then false; the time is for all its waits together.
    /// Python's wait_for(predicate, timeout).
    template <class Rep, class Period, std::predicate P>
    bool wait_for(std::chrono::duration<Rep, Period> timeout, P predicate,
                  std::source_location where = std::source_location::current()) {
        return wait_while_false(predicate, detail::Countdown(detail::timeout_from(timeout)), where);
    }
    template <class Rep, class Period, std::predicate P>
    bool wait_for(std::chrono::duration<Rep, Period> timeout, P predicate, std::error_code& ec,
                  std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_for(timeout, std::ref(predicate), where); });
    }
    template <LockOfCondition L, class Rep, class Period, std::predicate P>
    bool wait_for(std::unique_lock<L>& guard, std::chrono::duration<Rep, Period> timeout, P predicate,
                  std::source_location where = std::source_location::current()) {
        check(guard);
        return wait_for(timeout, std::ref(predicate), where);
    }
    template <LockOfCondition L, class Rep, class Period, std::predicate P>
    bool wait_for(std::unique_lock<L>& guard, std::chrono::duration<Rep, Period> timeout, P predicate,
                  std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_for(guard, timeout, std::ref(predicate), where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    bool wait_until(const std::chrono::time_point<Clock, Duration>& deadline,
                    std::source_location where = std::source_location::current()) {
        return wait_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    bool wait_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                    std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_until(deadline, where); });
    }
    template <LockOfCondition L, class Clock, class Duration>
    bool wait_until(std::unique_lock<L>& guard, const std::chrono::time_point<Clock, Duration>& deadline,
                    std::source_location where = std::source_location::current()) {
        check(guard);
        return wait_until(deadline, where);
    }
    template <LockOfCondition L, class Clock, class Duration>
    bool wait_until(std::unique_lock<L>& guard, const std::chrono::time_point<Clock, Duration>& deadline,
                    std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_until(guard, deadline, where); });
    }
    template <class Clock, class Duration, std::predicate P>
    bool wait_until(const std::chrono::time_point<Clock, Duration>& deadline, P predicate,
                    std::source_location where = std::source_location::current()) {
        return wait_while_false(
            predicate, [&] { return detail::timeout_until(deadline); }, where);
    }
    template <class Clock, class Duration, std::predicate P>
    bool wait_until(const std::chrono::time_point<Clock, Duration>& deadline, P predicate, std::error_code& ec,
                    std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_until(deadline, std::ref(predicate), where); });
    }
    template <LockOfCondition L, class Clock, class Duration, std::predicate P>
    bool wait_until(std::unique_lock<L>& guard, const std::chrono::time_point<Clock, Duration>& deadline, P predicate,
                    std::source_location where = std::source_location::current()) {
        check(guard);
        return wait_until(deadline, std::ref(predicate), where);
    }
    template <LockOfCondition L, class Clock, class Duration, std::predicate P>
    bool wait_until(std::unique_lock<L>& guard, const std::chrono::time_point<Clock, Duration>& deadline, P predicate,
                    std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_until(guard, deadline, std::ref(predicate), where); });
    }

    /// Wakes the first `count` of those who wait, or fewer where there are fewer. Does not block. Returns how many it
    /// woke. Throws not_owner if this thread does not hold the lock. Python's notify(n).
    std::size_t notify(std::size_t count = 1);
    std::size_t notify(std::size_t count, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return notify(count); });
    }

    /// The same for one; whether there was one.
    bool notify_one() { return notify(1) != 0; }
    bool notify_one(std::error_code& ec) { return notify(1, ec) != 0; }

    /// The same for all.
    std::size_t notify_all();
    std::size_t notify_all(std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return notify_all(); });
    }

  private:
    friend class TimedLockable<Condition>;

    using ItsLock = std::variant<Lock, RLock>;
    struct Opened {
        std::shared_ptr<const detail::ObjectState> state;
        ItsLock lock;
    };

    Condition(Opened opened, std::source_location where);

    Condition(const Reference& reference, ItsLock lock, std::source_location where);

    static Opened open(const Manager& manager, ObjectName name, std::optional<ItsLock> lock,
                       const ConditionOptions& options, std::source_location where);

    std::optional<Acquired> acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where);
    bool wait_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where);

    /// Throws unless `held`, the lock that a guard holds, is this condition's.
    void check_guard(const Object* held) const;

    template <class L>
    void check(const std::unique_lock<L>& guard) const {
        check_guard(guard.owns_lock() ? guard.mutex() : nullptr);
    }

    template <class P, class Left>
    bool wait_while_false(P& predicate, const Left& left, std::source_location where) {
        while (!predicate()) {
            const std::chrono::nanoseconds timeout = left();
            if (timeout == timeout.zero())
                return false;
            wait_within(timeout, where);
        }
        return true;
    }

    ItsLock lock_;
};

}  // namespace steward
