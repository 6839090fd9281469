#include <steward/rwlock.hpp>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/ownership.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/rwlock.hpp"

namespace steward {

RWLock::RWLock(const Manager& manager, ObjectName name, const RWLockOptions& options, std::source_location where)
    : Object(detail::open(manager, ObjectType::rwlock, proto::rwlock::Open{detail::as_proto(name, options)})),
      TimedLockable(where),
      word_(state().word) {}

RWLock::RWLock(const Reference& reference, std::source_location where)
    : Object(reference, ObjectType::rwlock), TimedLockable(where), word_(state().word) {}

std::optional<Acquired> RWLock::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                               std::source_location where) {
    return detail::acquire_alone<proto::rwlock::Acquire>(state(), word_, timeout, where);
}

void RWLock::lock() {
    if (detail::take_quickly(word_) == nullptr) [[unlikely]]
        lock_slowly();
}

/// Out of the way of the quick one, which then needs next to no registers.
[[gnu::noinline]] void RWLock::lock_slowly() {
    detail::learn_quick_way(state(), word_, opened_at());
    TimedLockable::lock();
}

void RWLock::release() {
    if (detail::recorded_acquisitions != 0 || !detail::let_go_quickly(word_)) [[unlikely]]
        release_slowly();
}

[[gnu::noinline]] void RWLock::release_slowly() {
    detail::release_alone<proto::rwlock::Release>(state(), word_);
}

std::optional<SharedAcquired> RWLock::acquire_shared_within(std::optional<std::chrono::nanoseconds> timeout,
                                                            std::source_location where) {
    const auto line = detail::source_line(where);
    const auto reply = detail::ask(state(), proto::rwlock::AcquireShared{.object = id(),
                                                                         .thread = detail::thread_number(),
                                                                         .timeout_ns = detail::timeout_ns(timeout),
                                                                         .where = line});
    if (!reply->acquired)
        return std::nullopt;
    SharedAcquired acquired{detail::described(reply->abandoned)};
    detail::remember_acquisition(state(), acquired.abandoned);
    return acquired;
}

void RWLock::release_shared() {
    detail::forget_acquisition(state());
    detail::ask(state(), proto::rwlock::ReleaseShared{.object = id(), .thread = detail::thread_number()});
}

bool RWLock::locked() const {
    return detail::is_owned<proto::rwlock::Holding>(state(), word_);
}

std::size_t RWLock::readers() const {
    if (const auto word = detail::look_at_word(word_))
        return shared::RWLockWord::readers(*word);
    return detail::holding_of<proto::rwlock::Holding>(state()).readers;
}

bool RWLock::held_by_me() const {
    return detail::is_owned_by_me<proto::rwlock::Holding>(state(), word_);
}

bool RWLock::shared_by_me() const {
    return detail::holding_of<proto::rwlock::Holding>(state()).shared;
}

std::uint64_t RWLock::token() const {
    return detail::own_token<proto::rwlock::Holding>(state(), word_);
}

std::optional<Abandonment> RWLock::abandoned() const {
    return detail::abandonment_of_acquisition(state());
}

}  // namespace steward
