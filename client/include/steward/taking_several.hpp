#pragma once

#include <chrono>
#include <optional>
#include <source_location>
#include <system_error>
#include <utility>
#include <vector>

#include <steward/error.hpp>
#include <steward/several.hpp>
#include <steward/timeout.hpp>

namespace steward {

/// The forms of waiting for any of several objects, and of acquiring all of several, that a Manager has, made from two
/// functions of its own.
///
/// Threads, processes, lifetime: as of Manager.
template <class Self>
class TakingSeveral {
  public:
    /// Waits for any of several objects of this Manager and takes the first that it can get: a lock, a permit, an event
    /// that is set, a queue that has an item, a process that has ended. Exactly one is taken; of those that can be got
    /// at once it is the first in the order of the call.
    ///
    ///     auto got = manager.wait_any({jobs, stop});
    ///     if (got.index == 1)
    ///         return;
    ///     auto job = jobs.try_take();            // empty where another was quicker
    ///
    /// A lock or permit that it took is released as if it had been acquired by itself.
    ///
    /// Blocks until there is one. One round trip. Throws deadlock where that would never be, object_removed if one of
    /// them is removed meanwhile, other_domain where they belong to different users, invalid_argument for no objects,
    /// an object twice, and one of another Manager, and what each would throw.
    AnyAcquired wait_any(const std::vector<Waitable>& objects,
                         std::source_location where = std::source_location::current()) const {
        return self().wait_any_within(objects, std::nullopt, where).value();
    }
    AnyAcquired wait_any(const std::vector<Waitable>& objects, std::error_code& ec,
                         std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return wait_any(objects, where); });
    }

    /// Blocks until there is one or the time is over: then empty. Zero and negative times do not wait.
    template <class Rep, class Period>
    std::optional<AnyAcquired> wait_any_for(const std::vector<Waitable>& objects,
                                            std::chrono::duration<Rep, Period> timeout,
                                            std::source_location where = std::source_location::current()) const {
        return self().wait_any_within(objects, detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    std::optional<AnyAcquired> wait_any_for(const std::vector<Waitable>& objects,
                                            std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                                            std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return wait_any_for(objects, timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    std::optional<AnyAcquired> wait_any_until(const std::vector<Waitable>& objects,
                                              const std::chrono::time_point<Clock, Duration>& deadline,
                                              std::source_location where = std::source_location::current()) const {
        return self().wait_any_within(objects, detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    std::optional<AnyAcquired> wait_any_until(const std::vector<Waitable>& objects,
                                              const std::chrono::time_point<Clock, Duration>& deadline,
                                              std::error_code& ec,
                                              std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return wait_any_until(objects, deadline, where); });
    }

    /// Does not wait: empty where none can be got now.
    std::optional<AnyAcquired> try_wait_any(const std::vector<Waitable>& objects,
                                            std::source_location where = std::source_location::current()) const {
        return self().wait_any_within(objects, std::chrono::nanoseconds::zero(), where);
    }
    std::optional<AnyAcquired> try_wait_any(const std::vector<Waitable>& objects, std::error_code& ec,
                                            std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return try_wait_any(objects, where); });
    }

    /// Takes locks and permits of several objects of this Manager, 1 to 64, all at once or none. The holder gives them
    /// back.
    ///
    ///     auto all = manager.acquire_all({accounts, steward::Part::shared(index), {gpu, 2}});
    ///
    /// Better than `std::scoped_lock guard{a, b}`, which takes one and tries the others ([thread.lock.algorithm]): that
    /// holds some while it tries for the rest, so that others wait for what it cannot use yet; it gives back and begins
    /// anew whenever one is taken, at the end of each line, so that under load it may never come to an end; it asks
    /// the daemon for every step; and it knows nothing of permits and readers. This holds nothing while it waits, keeps
    /// its place in every line, cannot make a deadlock with another acquire_all whatever the order of the parts, and is
    /// one round trip.
    ///
    /// Blocks until all are acquired. Throws deadlock where that would never be (this thread may hold other locks),
    /// object_removed if one of them is removed meanwhile, other_domain where they belong to different users,
    /// invalid_argument for an object twice, one of another Manager, and more permits than a bounded semaphore has in
    /// all, and what each would throw.
    [[nodiscard]] AllAcquired acquire_all(std::vector<Part> parts,
                                          std::source_location where = std::source_location::current()) const {
        return self().acquire_all_within(std::move(parts), std::nullopt, where).value();
    }
    [[nodiscard]] AllAcquired acquire_all(std::vector<Part> parts, std::error_code& ec,
                                          std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return acquire_all(std::move(parts), where); });
    }

    /// Blocks until all are acquired or the time is over: then empty. Zero and negative times do not wait.
    template <class Rep, class Period>
    std::optional<AllAcquired> acquire_all_for(std::vector<Part> parts, std::chrono::duration<Rep, Period> timeout,
                                               std::source_location where = std::source_location::current()) const {
        return self().acquire_all_within(std::move(parts), detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    std::optional<AllAcquired> acquire_all_for(std::vector<Part> parts, std::chrono::duration<Rep, Period> timeout,
                                               std::error_code& ec,
                                               std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return acquire_all_for(std::move(parts), timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    std::optional<AllAcquired> acquire_all_until(std::vector<Part> parts,
                                                 const std::chrono::time_point<Clock, Duration>& deadline,
                                                 std::source_location where = std::source_location::current()) const {
        return self().acquire_all_within(std::move(parts), detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    std::optional<AllAcquired> acquire_all_until(std::vector<Part> parts,
                                                 const std::chrono::time_point<Clock, Duration>& deadline,
                                                 std::error_code& ec,
                                                 std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return acquire_all_until(std::move(parts), deadline, where); });
    }

    /// Does not wait: empty where not all can be acquired now.
    std::optional<AllAcquired> try_acquire_all(std::vector<Part> parts,
                                               std::source_location where = std::source_location::current()) const {
        return self().acquire_all_within(std::move(parts), std::chrono::nanoseconds::zero(), where);
    }
    std::optional<AllAcquired> try_acquire_all(std::vector<Part> parts, std::error_code& ec,
                                               std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return try_acquire_all(std::move(parts), where); });
    }

  private:
    const Self& self() const noexcept { return static_cast<const Self&>(*this); }
};

}  // namespace steward
