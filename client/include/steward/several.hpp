#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include <steward/error.hpp>
#include <steward/export.hpp>
#include <steward/object.hpp>
#include <steward/timed_lockable.hpp>

/// Waiting for several objects at once: the arguments and results of Manager::wait_any() and Manager::acquire_all().
namespace steward {

class BoundedSemaphore;
class Event;
class Lock;
class Manager;
class Process;
class RLock;
class RWLock;
class Semaphore;

namespace detail {
class QueueRequests;
}

/// One of the things that Manager::wait_any() waits for; made from a proxy, which it is a copy of.
class STEWARD_API Waitable {
  public:
    Waitable(const Lock& lock);                    ///< until it is acquired
    Waitable(const RLock& lock);                   ///< until it is acquired, perhaps once more
    Waitable(const RWLock& lock);                  ///< until it is acquired alone
    Waitable(const Semaphore& semaphore);          ///< until a permit is taken
    Waitable(const BoundedSemaphore& semaphore);   ///< until a permit is taken
    Waitable(const Event& event);                  ///< until it is set; clears it where it is auto_reset
    Waitable(const detail::QueueRequests& queue);  ///< a Queue<T>: until it has an item, which is not taken
    Waitable(const Process& process);              ///< until it has ended

  private:
    friend class Manager;

    std::shared_ptr<const detail::ObjectState> object_;
};

/// What came first of several.
struct AnyAcquired {
    std::size_t index = 0;                 ///< which one, counted from 0 in the order of the call
    std::uint64_t token = 0;               ///< fencing token where it is a lock; see Acquired
    std::optional<Abandonment> abandoned;  ///< who died holding the lock; told once, to the next owner
};

/// One of the things that Manager::acquire_all() takes; made from a proxy, which it is a copy of.
///
///     manager.acquire_all({lock, steward::Part::shared(index), {gpu, 2}});
class STEWARD_API Part {
  public:
    Part(const Lock& lock);    ///< which nobody else holds then
    Part(const RLock& lock);   ///< once, or once more where the thread holds it
    Part(const RWLock& lock);  ///< alone, to write

    /// So many permits, 1 or more.
    Part(const Semaphore& semaphore, std::size_t permits = 1);
    Part(const BoundedSemaphore& semaphore, std::size_t permits = 1);

    /// As a reader.
    static Part shared(const RWLock& lock);

  private:
    friend class AllAcquired;
    friend class Manager;

    explicit Part(const Object& object, std::size_t permits = 1, bool shared = false);

    std::shared_ptr<const detail::ObjectState> object_;
    std::uint64_t permits_;
    bool shared_ = false;
};

/// Holds what Manager::acquire_all() took, and gives it back in its destructor, all in one step.
///
///     {
///         auto both = manager.acquire_all({from, to});
///         transfer(from, to, both.tokens());
///     }
///
/// Threads: what it holds is owned by the thread that acquired it; the holder may be moved, and end, in another one.
/// Lifetime: it keeps the connection open. A copy of it in a forked child is of no effect.
class STEWARD_API AllAcquired {
  public:
    /// Holds nothing: what an acquire_all() gives that takes a std::error_code and fails.
    AllAcquired() noexcept = default;

    AllAcquired(AllAcquired&& other) noexcept;
    AllAcquired& operator=(AllAcquired&& other) noexcept;

    /// Gives everything back as release() does and never throws.
    ~AllAcquired();

    /// Whether it holds anything.
    explicit operator bool() const noexcept { return !parts_.empty(); }

    /// Gives everything back, in one round trip; does not block. Does nothing where it holds nothing. Throws not_owner
    /// where a part was lost (broken by an administrator, released by itself), no_such_object where one was removed,
    /// not_connected; what is still held of the others is given back all the same.
    void release();
    void release(std::error_code& ec) {
        detail::without_exceptions(ec, [&] { release(); });
    }

    /// What each part gave, in the order of the call: the fencing token (0: it is no lock that is held alone), and who
    /// died holding it before.
    const std::vector<Acquired>& acquired() const noexcept { return acquired_; }

    /// The fencing tokens alone.
    std::vector<std::uint64_t> tokens() const;

  private:
    friend class Manager;

    AllAcquired(std::vector<Part> parts, std::vector<Acquired> acquired);

    void give_back(const std::vector<Part>& parts) const;

    std::vector<Part> parts_;
    std::vector<Acquired> acquired_;
    std::uint32_t thread_ = 0;
    std::uint64_t process_ = 0;
};

}  // namespace steward
