#pragma once

#include <chrono>
#include <cstddef>
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

struct SemaphoreOptions {
    OpenMode open_mode = OpenMode::open_or_create;
    std::uint16_t mode = 0600;
    bool ephemeral = false;
    bool recover = false;  ///< permits that a process held when it died return; must match what exists
};

/// A counting semaphore between processes. Python's `Manager().Semaphore(n)`, with the names of std::counting_semaphore
/// ([thread.sema]) beside them.
///
///     auto gpu = manager.semaphore("gpu", 2, {.recover = true});
///     if (gpu.try_acquire_for(200ms)) {
///         render();
///         gpu.release();
///     }
///
/// Permits belong to nobody unless the semaphore was made with `recover`: anyone may release, which makes a semaphore a
/// signal too, and permits of a process that dies are gone. With `recover` they return.
///
/// Threads, processes, lifetime: see Object. Permits are not released when a proxy is destroyed.
///
/// Every operation is one round trip, throws no_such_object once the semaphore was removed, no_permission without write
/// permission, and not_connected when the daemon is gone.
class STEWARD_API Semaphore : public Object {
  public:
    /// Opens the semaphore, as Manager::semaphore() does.
    Semaphore(const Manager& manager, std::string_view name, std::ptrdiff_t permits = 1,
              const SemaphoreOptions& options = {});

    /// Blocks until there is a permit and takes it; first come, first served. Throws object_removed if the semaphore is
    /// removed meanwhile.
    void acquire(std::source_location where = std::source_location::current());
    void acquire(std::error_code& ec, std::source_location where = std::source_location::current()) {
        detail::without_exceptions(ec, [&] { acquire(where); });
    }

    /// Takes a permit if there is one now.
    bool try_acquire(std::source_location where = std::source_location::current()) {
        return acquire_within(std::chrono::nanoseconds::zero(), where);
    }
    bool try_acquire(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire(where); });
    }

    /// Blocks until there is a permit or the time is over: then false. Zero and negative times do not wait.
    template <class Rep, class Period>
    bool try_acquire_for(std::chrono::duration<Rep, Period> timeout,
                         std::source_location where = std::source_location::current()) {
        return acquire_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    bool try_acquire_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                         std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire_for(timeout, where); });
    }

    /// The same until a point in time of any clock.
    template <class Clock, class Duration>
    bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& deadline,
                           std::source_location where = std::source_location::current()) {
        return acquire_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    bool try_acquire_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                           std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return try_acquire_until(deadline, where); });
    }

    /// Gives `permits` back, or makes new ones. Does not block. Throws invalid_argument for a negative number,
    /// semaphore_overflow where the count would not fit.
    void release(std::ptrdiff_t permits = 1);
    void release(std::ptrdiff_t permits, std::error_code& ec);
    void release(std::error_code& ec) { release(1, ec); }

    /// How many permits are free; may be outdated when it returns. Needs read permission.
    std::ptrdiff_t value() const;
    std::ptrdiff_t value(std::error_code& ec) const;

  private:
    bool acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where);
};

}  // namespace steward
