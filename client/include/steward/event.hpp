#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string_view>
#include <system_error>

#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timeout.hpp>
#include <steward/word_path.hpp>

namespace steward {

class Manager;

/// How an event is opened or made.
struct EventOptions {
    OpenMode open_mode = OpenMode::open_or_create;  ///< as of OpenOptions, and so are the next two
    std::uint16_t mode = 0600;                      ///< who may look and use it
    bool ephemeral = false;                         ///< removed with its last session
    bool auto_reset = false;  ///< one waiter goes on per set() and clears it; must match what exists
};

/// A flag that processes wait for. Python's `Manager().Event()`.
///
///     auto done = manager.event("import/done");
///     if (!done.wait_for(10s))
///         std::cerr << "still importing\n";
///
/// It stays set until somebody clears it; everybody who waits goes on when it is set, also where it is cleared at once
/// afterwards.
///
/// With `auto_reset` it passes to one waiter per set(), the first in line, which clears it; a wait() that finds it set
/// clears it and goes on. set() where it is set already is lost: to count, use a Semaphore.
///
/// Threads, processes, lifetime: see Object. An event has no holder: the death of a process changes nothing about it.
///
/// Looking at an event of one's own user, and a wait that finds it set, is a load from shared memory
/// (ManagerOptions::shared_words). Every other operation is one round trip: that throws no_such_object once the event
/// was removed, no_permission without the permission (read to look and wait, write to set and clear), and not_connected
/// when the daemon is gone.
class STEWARD_API Event : public Object {
  public:
    /// Opens the event, as Manager::event() does.
    Event(const Manager& manager, ObjectName name, const EventOptions& options = {});

    /// The event that a reference is to. Does not ask the daemon. Throws type_mismatch where it is to another type.
    explicit Event(const Reference& reference);

    /// Sets the event: all who wait go on, or with `auto_reset` the first. Setting it twice is no error. Does not
    /// block.
    void set();
    void set(std::error_code& ec);

    /// Clears the event. Does not block.
    void clear();
    void clear(std::error_code& ec);

    /// Whether it is set; may be outdated when it returns. Does not block.
    bool is_set() const;
    bool is_set(std::error_code& ec) const;

    /// Blocks until the event is set; clears it where it was made with `auto_reset`. Throws object_removed if it is
    /// removed meanwhile.
    void wait(std::source_location where = std::source_location::current()) const;
    void wait(std::error_code& ec, std::source_location where = std::source_location::current()) const {
        detail::without_exceptions(ec, [&] { wait(where); });
    }

    /// Blocks until the event is set or the time is over: then false.
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

  private:
    std::optional<std::uint64_t> look_at_word() const noexcept;
    bool pass_by_word() const noexcept;
    bool is_set_slowly() const;
    bool wait_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) const;

    mutable detail::WordPath word_;  ///< is found with the first look, where it was not before
};

}  // namespace steward
