#include <steward/lock.hpp>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/lock.hpp"

namespace steward {

namespace words = proto::lock;

Lock::Lock(const Manager& manager, std::string_view name, const LockOptions& options, std::source_location where)
    : Object(detail::open(manager, ObjectType::lock, words::Open{detail::as_proto(name, options)})),
      opened_at_(where) {}

std::optional<Acquired> Lock::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                             std::source_location where) {
    const auto line = detail::source_line(where);
    const auto reply = detail::ask(state(), words::Acquire{.object = id(),
                                                           .thread = detail::thread_number(),
                                                           .timeout_ns = detail::timeout_ns(timeout),
                                                           .where = line});
    if (!reply->acquired)
        return std::nullopt;
    Acquired acquired{reply->token, detail::described(reply->abandoned)};
    detail::remember_acquisition(state().client->connection(), id(), acquired.abandoned);
    return acquired;
}

Acquired Lock::acquire(std::source_location where) {
    return acquire_within(std::nullopt, where).value();
}

void Lock::release() {
    detail::forget_acquisition(state().client->connection(), id());
    detail::ask(state(), words::Release{.object = id(), .thread = detail::thread_number()});
}

void Lock::release(std::error_code& ec) {
    detail::without_exceptions(ec, [&] { release(); });
}

bool Lock::lock_within(std::optional<std::chrono::nanoseconds> timeout) {
    return acquire_within(timeout, opened_at_).has_value();
}

void Lock::lock() {
    acquire(opened_at_);
}

bool Lock::try_lock() {
    return lock_within(std::chrono::nanoseconds::zero());
}

void Lock::unlock() noexcept {
    try {
        release();
    } catch (const std::exception&) {
        // Lost before, or the daemon is gone and took the session with it: held_by_me() tells.
        return;
    }
}

bool Lock::locked() const {
    return detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()})->locked;
}

bool Lock::locked(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return locked(); });
}

std::optional<HolderInfo> Lock::holder() const {
    auto holders = info().holders;
    return holders.empty() ? std::nullopt : std::optional(std::move(holders.front()));
}

std::optional<HolderInfo> Lock::holder(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return holder(); });
}

bool Lock::held_by_me() const {
    return detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()})->token.has_value();
}

bool Lock::held_by_me(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return held_by_me(); });
}

std::uint64_t Lock::token() const {
    const auto reply = detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()});
    if (!reply->token)
        throw Error(errc::not_owner, "lock '" + name() + "'");
    return *reply->token;
}

std::uint64_t Lock::token(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return token(); });
}

std::optional<Abandonment> Lock::abandoned() const {
    return detail::abandonment_of_acquisition(state().client->connection(), id());
}

}  // namespace steward
