#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace steward::detail {

class Uses;

/// A handle that keeps an object in use. Proxies and references of one object share it; with the last of them the
/// receipts that it counts are given back to the daemon. Safe to destroy in a forked child, which gives back nothing of
/// its parent's, and when the connection is lost.
class Use {
  public:
    Use(std::shared_ptr<Uses> uses, std::uint64_t object) noexcept : uses_(std::move(uses)), object_(object) {}
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use();

    std::uint64_t object() const noexcept { return object_; }

  private:
    friend class Uses;

    const std::shared_ptr<Uses> uses_;
    const std::uint64_t object_;
    std::uint64_t receipts_ = 0;  ///< under the mutex of all Uses
    bool lasts_ = false;          ///< the session uses the object until it ends
};

/// The objects that this process uses by way of one Client, and the receipts that its session has got for them.
///
///     auto use = uses->told(reference.object);       // as soon as the reply is there
///     auto same = uses->find(reference.object);      // while `use` lives
///
/// A handle gives back exactly what it has counted: a receipt that arrives while the last handle of its object is dying
/// goes to that one, if it is not dead yet, or to a new one.
///
/// Thread-safe, and safe across fork(): no thread is in the middle of a change when a process forks.
class Uses : public std::enable_shared_from_this<Uses> {
  public:
    /// Must not throw; called without a lock.
    using GiveBack = std::function<void(std::uint64_t object, std::uint64_t receipts)>;

    explicit Uses(GiveBack give_back);

    /// The session was told of an object and has got a receipt for it.
    std::shared_ptr<Use> told(std::uint64_t object);

    /// The session has opened it by name, and uses it until the session ends, with or without a handle.
    std::shared_ptr<Use> opened_by_name(std::uint64_t object);

    /// The handle that there is; nullptr: none.
    std::shared_ptr<Use> find(std::uint64_t object) const;

    /// This process has a new session, which has no receipts yet: the handles that a forked child has inherited. For
    /// each the session is to send an object.use, of which the receipt is counted already.
    std::vector<std::shared_ptr<Use>> begin_session();

    /// Nothing is given back any longer.
    void close() noexcept;

  private:
    friend class Use;

    std::shared_ptr<Use> handle(std::uint64_t object);  ///< with the mutex held
    void end(const Use& use) noexcept;

    const GiveBack give_back_;
    std::unordered_map<std::uint64_t, std::weak_ptr<Use>> handles_;
    std::uint64_t process_ = 0;  ///< whose session the receipts are of; 0: nobody's
};

}  // namespace steward::detail
