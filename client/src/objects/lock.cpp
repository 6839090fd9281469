#include <steward/lock.hpp>

#include <utility>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/ownership.hpp"
#include "proto/objects/lock.hpp"

namespace steward {

Lock::Lock(const Manager& manager, ObjectName name, const LockOptions& options, std::source_location where)
    : Lock(detail::open(manager, ObjectType::lock,
                        proto::lock::Open{detail::as_proto(name, options), options.transferable, options.fair}),
           where) {}

Lock::Lock(const Reference& reference, std::source_location where)
    : Object(reference, ObjectType::lock), TimedLockable(where), word_(state().word) {}

Lock::Lock(std::shared_ptr<const detail::ObjectState> state, std::source_location where) noexcept
    : Object(std::move(state)), TimedLockable(where), word_(Object::state().word) {}

void Lock::lock() {
    if (detail::take_quickly(word_) == nullptr) [[unlikely]]
        lock_slowly();
}

/// Out of the way of the quick one, which then needs next to no registers.
[[gnu::noinline]] void Lock::lock_slowly() {
    detail::learn_quick_way(state(), word_, opened_at());
    TimedLockable::lock();
}

std::optional<Acquired> Lock::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                             std::source_location where) {
    return detail::acquire_alone<proto::lock::Acquire>(state(), word_, timeout, where);
}

void Lock::release() {
    if (detail::recorded_acquisitions != 0 || !detail::let_go_quickly(word_)) [[unlikely]]
        release_slowly();
}

[[gnu::noinline]] void Lock::release_slowly() {
    detail::release_alone<proto::lock::Release>(state(), word_);
}

bool Lock::locked() const {
    return detail::is_owned<proto::lock::Holding>(state(), word_);
}

std::optional<HolderInfo> Lock::holder() const {
    auto holders = info().holders;
    return holders.empty() ? std::nullopt : std::optional(std::move(holders.front()));
}

bool Lock::held_by_me() const {
    return detail::is_owned_by_me<proto::lock::Holding>(state(), word_);
}

std::uint64_t Lock::token() const {
    return detail::own_token<proto::lock::Holding>(state(), word_);
}

std::optional<Abandonment> Lock::abandoned() const {
    return detail::abandonment_of_acquisition(state());
}

}  // namespace steward
