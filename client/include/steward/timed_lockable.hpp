#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <source_location>
#include <system_error>

#include <steward/error.hpp>
#include <steward/object.hpp>
#include <steward/timeout.hpp>

namespace steward {

/// What acquiring a lock gives.
struct Acquired {
    /// Grows with every acquisition of the lock. Send it along with what the lock protects: whoever stores a result
    /// refuses a token smaller than one that it has seen (a fencing token).
    std::uint64_t token = 0;

    /// Who died holding the lock; told once, to the next owner. What the lock protects may be half changed.
    std::optional<Abandonment> abandoned;
};

/// The forms of acquiring that all locks have, made from the two functions that each has of its own: acquire_within()
/// and release(). A class that derives from it is a Cpp17TimedLockable ([thread.req.lockable.timed]): std::scoped_lock,
/// std::unique_lock and std::condition_variable_any work with it. Those show in `steward show` the line that opened the
/// lock; acquire() and its kin show their own.
///
/// What a call throws besides, and what an acquisition means, each lock says itself.
template <class Self, class Result = Acquired>
class TimedLockable {
  public:
    /// Blocks until the lock is acquired; first come, first served. Throws deadlock (DeadlockError) where that would
    /// never be, object_removed if the lock is removed meanwhile.
    Result acquire(std::source_location where = std::source_location::current()) {
        return self().acquire_within(std::nullopt, where).value();
    }
    Result acquire(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire(where); });
    }

    /// Blocks until the lock is acquired or the time is over: then empty. Zero and negative times do not wait. Never
    /// throws deadlock.
    template <class Rep, class Period>
    std::optional<Result> acquire_for(std::chrono::duration<Rep, Period> timeout,
                                      std::source_location where = std::source_location::current()) {
        return self().acquire_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    std::optional<Result> acquire_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                                      std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire_for(timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    std::optional<Result> acquire_until(const std::chrono::time_point<Clock, Duration>& deadline,
                                        std::source_location where = std::source_location::current()) {
        return self().acquire_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    std::optional<Result> acquire_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                                        std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return acquire_until(deadline, where); });
    }

    /// Does not wait: empty where acquire() would. Also, for some microseconds, though it is free: until the daemon has
    /// heard that somebody who waited has had it. The standard lets a try fail so ([thread.mutex.requirements.mutex]).
    std::optional<Result> try_acquire(std::source_location where = std::source_location::current()) {
        return self().acquire_within(std::chrono::nanoseconds::zero(), where);
    }
    std::optional<Result> try_acquire(std::error_code& ec,
                                      std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire(where); });
    }

    /// The standard's names for the same ([thread.req.lockable]). They throw as acquire() does, and the lock is then
    /// not held. A lock whose owner died is simply acquired: ask abandoned().
    void lock() { acquire(opened_at_); }
    bool try_lock() { return lock_within(std::chrono::nanoseconds::zero()); }
    template <class Rep, class Period>
    bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
        return lock_within(detail::timeout_from(timeout));
    }
    template <class Clock, class Duration>
    bool try_lock_until(const std::chrono::time_point<Clock, Duration>& deadline) {
        return lock_within(detail::timeout_until(deadline));
    }

    /// Gives the lock back as release() does and never throws, so that it can stand in destructors. Whether the lock
    /// was lost before (broken by an administrator, daemon gone) is what held_by_me() tells.
    void unlock() noexcept {
        try {
            self().release();
        } catch (const std::exception&) {
            return;  // lost before, or the session is
        }
    }

  protected:
    /// For the locks of the library: the line of the standard's names is that which made the proxy.
    explicit TimedLockable(std::source_location opened_at) noexcept : opened_at_(opened_at) {}
    ~TimedLockable() = default;
    TimedLockable(const TimedLockable&) = default;
    TimedLockable(TimedLockable&&) noexcept = default;
    TimedLockable& operator=(const TimedLockable&) = default;
    TimedLockable& operator=(TimedLockable&&) noexcept = default;

    /// The line that opened the lock.
    const std::source_location& opened_at() const noexcept { return opened_at_; }

  private:
    Self& self() noexcept { return static_cast<Self&>(*this); }

    bool lock_within(std::optional<std::chrono::nanoseconds> timeout) {
        return self().acquire_within(timeout, opened_at_).has_value();
    }

    std::source_location opened_at_;
};

}  // namespace steward
