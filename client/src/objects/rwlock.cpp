#include <steward/rwlock.hpp>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/rwlock.hpp"

namespace steward {

RWLock::RWLock(const Manager& manager, ObjectName name, const RWLockOptions& options, std::source_location where)
    : Object(detail::open(manager, ObjectType::rwlock, proto::rwlock::Open{detail::as_proto(name, options)})),
      TimedLockable(where) {}

RWLock::RWLock(const Reference& reference, std::source_location where)
    : Object(reference, ObjectType::rwlock), TimedLockable(where) {}

std::optional<Acquired> RWLock::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                               std::source_location where) {
    const auto line = detail::source_line(where);
    const auto reply = detail::ask(state(), proto::rwlock::Acquire{.object = id(),
                                                                   .thread = detail::thread_number(),
                                                                   .timeout_ns = detail::timeout_ns(timeout),
                                                                   .where = line});
    if (!reply->acquired)
        return std::nullopt;
    Acquired acquired{reply->token, detail::described(reply->abandoned)};
    detail::remember_acquisition(state(), acquired.abandoned, 1);
    return acquired;
}

void RWLock::release() {
    detail::forget_acquisition(state());
    detail::ask(state(), proto::rwlock::Release{.object = id(), .thread = detail::thread_number()});
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
    return detail::ask(state(), proto::rwlock::Holding{.object = id(), .thread = detail::thread_number()})->locked;
}

std::size_t RWLock::readers() const {
    return detail::ask(state(), proto::rwlock::Holding{.object = id(), .thread = detail::thread_number()})->readers;
}

bool RWLock::held_by_me() const {
    return detail::ask(state(), proto::rwlock::Holding{.object = id(), .thread = detail::thread_number()})
        ->token.has_value();
}

bool RWLock::shared_by_me() const {
    return detail::ask(state(), proto::rwlock::Holding{.object = id(), .thread = detail::thread_number()})->shared;
}

std::uint64_t RWLock::token() const {
    const auto reply = detail::ask(state(), proto::rwlock::Holding{.object = id(), .thread = detail::thread_number()});
    if (!reply->token)
        throw Error(errc::not_owner, detail::title(state()));
    return *reply->token;
}

std::optional<Abandonment> RWLock::abandoned() const {
    return detail::abandonment_of_acquisition(state());
}

}  // namespace steward
