#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <source_location>
#include <system_error>

#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timeout.hpp>

namespace steward {

class Manager;

/// Any process of this host, so that its end can be waited for, alone or with other things (Manager::wait_any()).
/// Python's `multiprocessing.Process.join()` of a process that need not be a child.
///
///     auto worker = manager.process(pid);
///     auto done = manager.event("import/done");
///     if (manager.wait_any({done, worker}).index == 1)
///         std::cerr << "the worker died\n";
///
/// It means the process that has the number when the proxy is made, and no other one that gets the number later. It has
/// no name, no exit status, and needs no permission: that a process exists is no secret.
///
/// Threads, processes: see Object. Lifetime: as of an object without a name, which it is.
///
/// Every operation is one round trip and throws not_connected when the daemon is gone.
class STEWARD_API Process : public Object {
  public:
    /// Opens the process, as Manager::process() does. `pid` is the number as the daemon sees it, which in a container
    /// may be another one. Throws no_such_object where no process has it.
    Process(const Manager& manager, std::int32_t pid);

    /// The process that a reference is to. One round trip. Throws type_mismatch where it is to another type.
    explicit Process(const Reference& reference);

    /// The number that it was opened by. Does not ask the daemon.
    std::int32_t pid() const noexcept { return pid_; }

    /// Blocks until the process has ended; at once where it has.
    void wait(std::source_location where = std::source_location::current()) const { wait_within(std::nullopt, where); }
    void wait(std::error_code& ec, std::source_location where = std::source_location::current()) const {
        detail::without_exceptions(ec, [&] { wait(where); });
    }

    /// Blocks until it has ended or the time is over: then false. Zero and negative times do not wait.
    template <class Rep, class Period>
    bool wait_for(std::chrono::duration<Rep, Period> timeout,
                  std::source_location where = std::source_location::current()) const {
        return wait_within(detail::timeout_from(timeout), where);
    }
    template <class Rep, class Period>
    bool wait_for(std::chrono::duration<Rep, Period> timeout, std::error_code& ec,
                  std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return wait_for(timeout, where); });
    }

    /// The same until a point in time of any clock, as that stands at the call.
    template <class Clock, class Duration>
    bool wait_until(const std::chrono::time_point<Clock, Duration>& deadline,
                    std::source_location where = std::source_location::current()) const {
        return wait_within(detail::timeout_until(deadline), where);
    }
    template <class Clock, class Duration>
    bool wait_until(const std::chrono::time_point<Clock, Duration>& deadline, std::error_code& ec,
                    std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return wait_until(deadline, where); });
    }

    /// Whether it has ended. Does not block.
    bool ended() const { return wait_for(std::chrono::nanoseconds::zero()); }
    bool ended(std::error_code& ec) const { return wait_for(std::chrono::nanoseconds::zero(), ec); }

  private:
    bool wait_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) const;

    std::int32_t pid_;
};

}  // namespace steward
