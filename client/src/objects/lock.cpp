#include <steward/lock.hpp>

#include <utility>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "client/src/word_lock.hpp"
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
    detail::find_word(state(), word_);
    if (detail::may_use(word_))
        word_.place.set(detail::place_of(state(), opened_at()));
    TimedLockable::lock();
}

std::optional<Acquired> Lock::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                             std::source_location where) {
    const auto deadline = detail::deadline_after(detail::timeout_ns(timeout));
    const auto by_word = detail::take(state(), word_, timeout, where);
    if (by_word == detail::Attempt::done)
        return Acquired{.token = detail::token_in(word_), .abandoned = std::nullopt};
    if (by_word == detail::Attempt::held && timeout && *timeout <= std::chrono::nanoseconds::zero())
        return std::nullopt;
    const auto line = detail::source_line(where);
    const auto reply = detail::ask_for(state(), word_,
                                       proto::lock::Acquire{.object = id(),
                                                            .thread = detail::thread_number(),
                                                            .timeout_ns = detail::timeout_ns(timeout),
                                                            .where = line},
                                       deadline, where);
    if (!reply.acquired && !reply.offered)
        return std::nullopt;
    Acquired acquired{reply.offered ? detail::token_in(word_) : reply.token, detail::described(reply.abandoned)};
    detail::remember_acquisition(state(), acquired.abandoned, 1);
    return acquired;
}

void Lock::release() {
    if (detail::recorded_acquisitions != 0 || !detail::let_go_quickly(word_)) [[unlikely]]
        release_slowly();
}

[[gnu::noinline]] void Lock::release_slowly() {
    detail::forget_acquisition(state());
    if (!detail::let_go(state(), word_))
        detail::ask(state(), proto::lock::Release{.object = id(), .thread = detail::thread_number()});
}

bool Lock::locked() const {
    if (const auto word = detail::look_at_word(word_))
        return static_cast<bool>(shared::LockWord::owner(*word));
    return detail::ask(state(), proto::lock::Holding{.object = id(), .thread = detail::thread_number()})->locked;
}

std::optional<HolderInfo> Lock::holder() const {
    auto holders = info().holders;
    return holders.empty() ? std::nullopt : std::optional(std::move(holders.front()));
}

bool Lock::held_by_me() const {
    if (const auto word = detail::look_at_word(word_))
        return detail::is_mine(word_, *word);
    return detail::ask(state(), proto::lock::Holding{.object = id(), .thread = detail::thread_number()})
        ->token.has_value();
}

std::uint64_t Lock::token() const {
    if (const auto word = detail::look_at_word(word_); word && detail::is_mine(word_, *word))
        return detail::token_in(word_);
    const auto reply = detail::ask(state(), proto::lock::Holding{.object = id(), .thread = detail::thread_number()});
    if (!reply->token)
        throw Error(errc::not_owner, detail::title(state()));
    return *reply->token;
}

std::optional<Abandonment> Lock::abandoned() const {
    return detail::abandonment_of_acquisition(state());
}

}  // namespace steward
