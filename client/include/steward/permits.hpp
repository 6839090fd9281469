#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <source_location>
#include <system_error>

#include <steward/error.hpp>
#include <steward/timeout.hpp>

namespace steward {

/// The forms of taking a permit that both semaphores have, with the names of std::counting_semaphore
/// ([thread.sema.cnt]), made from the functions that each has of its own: take_quickly(), acquire_within() and
/// release().
template <class Self>
class Permits {
  public:
    /// Blocks until there is a permit and takes it; those who wait are served in the order of their coming. Throws
    /// object_removed if the semaphore is removed meanwhile, deadlock (DeadlockError) where permits have owners and
    /// none can ever be given back.
    void acquire(std::source_location where = std::source_location::current()) {
        if (!self().take_quickly())
            self().acquire_within(std::nullopt, where);
    }
    void acquire(std::error_code& ec, std::source_location where = std::source_location::current()) {
        detail::without_exceptions(ec, [&] { acquire(where); });
    }

    /// Takes a permit if there is one now. Does not block.
    bool try_acquire(std::source_location where = std::source_location::current()) {
        return self().take_quickly() || self().acquire_within(std::chrono::nanoseconds::zero(), where);
    }
    bool try_acquire(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire(where); });
    }

    /// Blocks until there is a permit or the time is over: then false. Zero and negative times do not wait.
    template <class Rep, class Period>
    bool try_acquire_for(std::chrono::duration<Rep, Period> timeout,
                         std::source_location where = std::source_location::current()) {
        return self().acquire_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    bool try_acquire_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                         std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire_for(timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& deadline,
                           std::source_location where = std::source_location::current()) {
        return self().acquire_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                           std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire_until(deadline, where); });
    }

  protected:
    Permits() = default;
    ~Permits() = default;
    Permits(const Permits&) = default;
    Permits(Permits&&) noexcept = default;
    Permits& operator=(const Permits&) = default;
    Permits& operator=(Permits&&) noexcept = default;

  private:
    Self& self() noexcept { return static_cast<Self&>(*this); }
};

}  // namespace steward
