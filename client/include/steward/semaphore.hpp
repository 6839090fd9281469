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
#include <steward/permits.hpp>
#include <steward/word_path.hpp>

namespace steward {

class Manager;

/// How a semaphore is opened or made.
struct SemaphoreOptions {
    OpenMode open_mode = OpenMode::open_or_create;  ///< as of OpenOptions, and so are the next two
    std::uint16_t mode = 0600;                      ///< who may look and use it
    bool ephemeral = false;                         ///< removed with its last session
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
/// signal too, and permits of a process that dies are gone. With `recover` they return. See BoundedSemaphore for one
/// that cannot have more permits than at first.
///
/// How a permit is taken, Permits says: acquire, try_acquire, try_acquire_for, try_acquire_until. Several permits at
/// once: Manager::acquire_all().
///
/// Threads, processes, lifetime: see Object. Permits are not released when a proxy is destroyed.
///
/// Taking and giving back a permit is one compare-and-swap in shared memory where it was made without `recover`, is of
/// one's own user and nobody waits for it (ManagerOptions::shared_words); it works on while the daemon is stopped.
/// Every other operation is one round trip: that throws no_such_object once the semaphore was removed, no_permission
/// without write permission, and not_connected when the daemon is gone. Somebody who waits sees others slip in for a
/// millisecond at most.
class STEWARD_API Semaphore : public Object, public Permits<Semaphore> {
  public:
    /// Opens the semaphore, as Manager::semaphore() does.
    Semaphore(const Manager& manager, ObjectName name, std::ptrdiff_t permits = 1,
              const SemaphoreOptions& options = {});

    /// The semaphore that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Semaphore(const Reference& reference);

    /// Gives `permits` back, or makes new ones. Does not block. Throws invalid_argument for a negative number,
    /// semaphore_overflow where there would be more than 2,147,483,647.
    void release(std::ptrdiff_t permits = 1);
    void release(std::ptrdiff_t permits, std::error_code& ec) {
        detail::without_exceptions(ec, [&] { release(permits); });
    }
    void release(std::error_code& ec) { release(1, ec); }

    /// How many permits are free; may be outdated when it returns. Needs read permission.
    std::ptrdiff_t value() const;
    std::ptrdiff_t value(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return value(); });
    }

  private:
    friend class Permits<Semaphore>;

    bool take_quickly() noexcept;
    void release_slowly(std::ptrdiff_t permits);
    bool acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where);

    detail::WordPath word_;
};

}  // namespace steward
