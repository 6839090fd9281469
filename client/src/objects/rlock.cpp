#include <steward/rlock.hpp>

#include <utility>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/ownership.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/rlock.hpp"

namespace steward {

RLock::RLock(const Manager& manager, ObjectName name, const RLockOptions& options, std::source_location where)
    : RLock(detail::open(manager, ObjectType::rlock, proto::rlock::Open{detail::as_proto(name, options)}), where) {}

RLock::RLock(const Reference& reference, std::source_location where)
    : Object(reference, ObjectType::rlock), TimedLockable(where), word_(state().word) {}

RLock::RLock(std::shared_ptr<const detail::ObjectState> state, std::source_location where) noexcept
    : Object(std::move(state)), TimedLockable(where), word_(Object::state().word) {}

void RLock::lock() {
    if (!detail::take_first_quickly(word_)) [[unlikely]]
        lock_slowly();
}

/// Out of the way of the quick one, which then needs next to no registers.
[[gnu::noinline]] void RLock::lock_slowly() {
    detail::learn_quick_way(state(), word_, opened_at());
    TimedLockable::lock();
}

std::optional<RLockAcquired> RLock::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                                   std::source_location where) {
    if (const auto levels = detail::take_again(word_)) {
        if (detail::recorded_acquisitions != 0)
            detail::remember_acquisition(state(), std::nullopt, *levels);
        return RLockAcquired{detail::token_in(word_), std::nullopt, *levels};
    }
    const auto deadline = detail::deadline_after(detail::timeout_ns(timeout));
    const auto by_word = detail::take(state(), word_, timeout, where);
    if (by_word == detail::Attempt::done) {
        word_.line()->levels.store(1, std::memory_order_relaxed);  // model: first_level
        return RLockAcquired{detail::token_in(word_), std::nullopt, 1};
    }
    if (by_word == detail::Attempt::held && timeout && *timeout <= std::chrono::nanoseconds::zero())
        return std::nullopt;
    const auto line = detail::source_line(where);
    const auto reply = detail::ask_for(state(), word_,
                                       proto::rlock::Acquire{.object = id(),
                                                             .thread = detail::thread_number(),
                                                             .timeout_ns = detail::timeout_ns(timeout),
                                                             .where = line},
                                       deadline, where);
    if (reply.offered)
        word_.line()->levels.store(1, std::memory_order_relaxed);  // model: first_level
    else if (!reply.acquired)
        return std::nullopt;
    RLockAcquired acquired{reply.offered ? detail::token_in(word_) : reply.token, detail::described(reply.abandoned),
                           reply.offered ? 1 : reply.count};
    detail::remember_acquisition(state(), acquired.abandoned, acquired.count);
    return acquired;
}

std::uint64_t RLock::release() {
    if (detail::recorded_acquisitions == 0 && detail::let_go_last_quickly(word_)) [[likely]]
        return 0;
    return release_slowly();
}

[[gnu::noinline]] std::uint64_t RLock::release_slowly() {
    detail::forget_acquisition(state());
    if (const auto left = detail::let_go_once(word_))
        return *left;
    if (detail::let_go(state(), word_))
        return 0;
    return detail::ask(state(), proto::rlock::Release{.object = id(), .thread = detail::thread_number()})->count;
}

bool RLock::locked() const {
    return detail::is_owned<proto::rlock::Holding>(state(), word_);
}

std::optional<HolderInfo> RLock::holder() const {
    auto holders = info().holders;
    return holders.empty() ? std::nullopt : std::optional(std::move(holders.front()));
}

std::uint64_t RLock::count() const {
    if (const auto levels = detail::look_at_levels(word_))
        return *levels;
    return detail::holding_of<proto::rlock::Holding>(state()).count;
}

std::uint64_t RLock::token() const {
    return detail::own_token<proto::rlock::Holding>(state(), word_);
}

std::optional<Abandonment> RLock::abandoned() const {
    return detail::abandonment_of_acquisition(state());
}

}  // namespace steward
