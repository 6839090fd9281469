#include <steward/rlock.hpp>

#include <utility>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/rlock.hpp"

namespace steward {

namespace words = proto::rlock;

RLock::RLock(const Manager& manager, ObjectName name, const RLockOptions& options, std::source_location where)
    : RLock(detail::open(manager, ObjectType::rlock, words::Open{detail::as_proto(name, options)}), where) {}

RLock::RLock(const Reference& reference, std::source_location where)
    : Object(reference, ObjectType::rlock), TimedLockable(where) {}

RLock::RLock(std::shared_ptr<const detail::ObjectState> state, std::source_location where) noexcept
    : Object(std::move(state)), TimedLockable(where) {}

std::optional<RLockAcquired> RLock::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                                   std::source_location where) {
    const auto line = detail::source_line(where);
    const auto reply = detail::ask(state(), words::Acquire{.object = id(),
                                                           .thread = detail::thread_number(),
                                                           .timeout_ns = detail::timeout_ns(timeout),
                                                           .where = line});
    if (!reply->acquired)
        return std::nullopt;
    RLockAcquired acquired{reply->token, detail::described(reply->abandoned), reply->count};
    detail::remember_acquisition(state(), acquired.abandoned, acquired.count);
    return acquired;
}

std::uint64_t RLock::release() {
    detail::forget_acquisition(state());
    return detail::ask(state(), words::Release{.object = id(), .thread = detail::thread_number()})->count;
}

bool RLock::locked() const {
    return detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()})->locked;
}

std::optional<HolderInfo> RLock::holder() const {
    auto holders = info().holders;
    return holders.empty() ? std::nullopt : std::optional(std::move(holders.front()));
}

std::uint64_t RLock::count() const {
    return detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()})->count;
}

std::uint64_t RLock::token() const {
    const auto reply = detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()});
    if (!reply->token)
        throw Error(errc::not_owner, detail::title(state()));
    return *reply->token;
}

std::optional<Abandonment> RLock::abandoned() const {
    return detail::abandonment_of_acquisition(state());
}

}  // namespace steward
