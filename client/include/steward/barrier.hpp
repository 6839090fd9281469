#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <source_location>
#include <string_view>
#include <system_error>

#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timeout.hpp>

namespace steward {

class Manager;

/// How a barrier is opened or made.
using BarrierOptions = OpenOptions;

/// A place where a number of threads, of any processes, wait for one another and go on together. Python's
/// `Manager().Barrier(parties)`, without an action.
///
///     auto barrier = manager.barrier("step", 4);
///     for (;;) {
///         compute_my_part();
///         if (barrier.wait() == 0)           // one of the four
///             std::cerr << "step done\n";
///     }
///
/// Nobody hangs for somebody who does not come: a party whose process or thread ends while it waits, or whose time is
/// over, breaks the barrier. Those who wait get broken_barrier (Python: BrokenBarrierError), and so does everybody who
/// comes, until it is reset.
///
/// It can be used again at once: who comes after the parties have met waits for the next time.
///
/// Threads, processes, lifetime: see Object.
///
/// Every operation is one round trip, throws no_such_object once the barrier was removed, no_permission without the
/// permission (read to look, write for the rest), and not_connected when the daemon is gone.
class STEWARD_API Barrier : public Object {
  public:
    /// Opens the barrier, as Manager::barrier() does. `parties`, 1 to 65,535, must match what exists.
    Barrier(const Manager& manager, ObjectName name, std::size_t parties, const BarrierOptions& options = {});

    /// The barrier that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Barrier(const Reference& reference);

    /// Blocks until all parties are there. Returns a number from 0 (the first that came) to parties() - 1, another one
    /// to each. Throws broken_barrier, object_removed if the barrier is removed meanwhile.
    std::size_t wait(std::source_location where = std::source_location::current()) {
        return wait_within(std::nullopt, where).value();
    }
    std::size_t wait(std::error_code& ec, std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait(where); });
    }

    /// Blocks until all parties are there or the time is over: then empty, and the barrier is broken. A time of zero
    /// or less passes for the last of the parties only, and breaks the barrier for any other.
    template <class Rep, class Period>
    std::optional<std::size_t> wait_for(std::chrono::duration<Rep, Period> timeout,
                                        std::source_location where = std::source_location::current()) {
        return wait_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    std::optional<std::size_t> wait_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                                        std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_for(timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    std::optional<std::size_t> wait_until(const std::chrono::time_point<Clock, Duration>& deadline,
                                          std::source_location where = std::source_location::current()) {
        return wait_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    std::optional<std::size_t> wait_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                                          std::source_location where = std::source_location::current()) {
        return detail::without_exceptions(ec, [&] { return wait_until(deadline, where); });
    }

    /// Breaks the barrier: who waits and who comes gets broken_barrier, until it is reset. Does not block.
    void abort();
    void abort(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { abort(); });
    }

    /// Makes the barrier as new; who waits gets broken_barrier. Does not block.
    void reset();
    void reset(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { reset(); });
    }

    /// How many go through together.
    std::size_t parties() const;
    std::size_t parties(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return parties(); });
    }

    /// How many wait; may be outdated when it returns.
    std::size_t n_waiting() const;
    std::size_t n_waiting(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return n_waiting(); });
    }

    /// Whether it is broken; may be outdated when it returns.
    bool broken() const;
    bool broken(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return broken(); });
    }

  private:
    std::optional<std::size_t> wait_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where);
};

}  // namespace steward
