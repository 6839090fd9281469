#pragma once

#include <cstdint>
#include <optional>
#include <source_location>
#include <utility>

#include <steward/lock.hpp>

namespace steward {

/// Holds a Lock for a scope, as std::scoped_lock does, and records the line that does so, which `steward show` prints.
///
///     {
///         steward::Guard guard{lock};
///         if (guard.abandoned())
///             repair();
///         store(result, guard.token());
///     }
///
/// A guard belongs to one thread and must end in it. It keeps a copy of the proxy, so it may outlive the original.
class Guard {
  public:
    /// Blocks until the lock is acquired; throws as Lock::acquire() does.
    explicit Guard(Lock lock, std::source_location where = std::source_location::current())
        : lock_(std::move(lock)), acquired_(lock_.acquire(where)) {}

    ~Guard() { lock_.unlock(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    /// The fencing token of this acquisition. Does not ask the daemon.
    std::uint64_t token() const noexcept { return acquired_.token; }

    /// Who died holding the lock before; empty if nobody did.
    const std::optional<Abandonment>& abandoned() const noexcept { return acquired_.abandoned; }

  private:
    Lock lock_;
    Acquired acquired_;
};

}  // namespace steward
