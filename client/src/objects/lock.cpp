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

namespace words = proto::lock;

Lock::Lock(const Manager& manager, ObjectName name, const LockOptions& options, std::source_location where)
    : Lock(detail::open(manager, ObjectType::lock,
                        words::Open{detail::as_proto(name, options), options.transferable, options.fair}),
           where) {}

Lock::Lock(const Reference& reference, std::source_location where)
    : Object(reference, ObjectType::lock), TimedLockable(where) {}

Lock::Lock(std::shared_ptr<const detail::ObjectState> state, std::source_location where) noexcept
    : Object(std::move(state)), TimedLockable(where) {}

/// False: it takes more than looking at the word.
bool Lock::lock_by_word() noexcept {
    if (detail::acquire_by_word(state(), std::nullopt, opened_at()).outcome != detail::ByWord::done)
        return false;
    detail::note_use_of_words(state());
    return true;
}

std::optional<Acquired> Lock::acquire_within(std::optional<std::chrono::nanoseconds> timeout,
                                             std::source_location where) {
    const auto by_word = detail::acquire_by_word(state(), timeout, where);
    if (by_word.outcome == detail::ByWord::done) {
        detail::note_use_of_words(state());
        return Acquired{.token = by_word.token, .abandoned = std::nullopt};
    }
    if (by_word.outcome == detail::ByWord::not_now)
        return std::nullopt;
    const auto line = detail::source_line(where);
    const auto reply = detail::ask(state(), words::Acquire{.object = id(),
                                                           .thread = detail::thread_number(),
                                                           .timeout_ns = detail::timeout_ns(timeout),
                                                           .where = line});
    if (!reply->acquired)
        return std::nullopt;
    Acquired acquired{reply->token, detail::described(reply->abandoned)};
    detail::remember_acquisition(state(), acquired.abandoned, 1);
    return acquired;
}

void Lock::release() {
    if (detail::has_acquisitions())
        detail::forget_acquisition(state());
    if (detail::release_by_word(state()))
        return;
    detail::ask(state(), words::Release{.object = id(), .thread = detail::thread_number()});
}

bool Lock::locked() const {
    if (const auto word = detail::look_at_word(state()))
        return static_cast<bool>(shared::LockWord::owner(*word));
    return detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()})->locked;
}

std::optional<HolderInfo> Lock::holder() const {
    auto holders = info().holders;
    return holders.empty() ? std::nullopt : std::optional(std::move(holders.front()));
}

bool Lock::held_by_me() const {
    if (const auto word = detail::look_at_word(state()))
        return detail::is_mine(state(), *word);
    return detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()})->token.has_value();
}

std::uint64_t Lock::token() const {
    if (const auto word = detail::look_at_word(state()); word && detail::is_mine(state(), *word))
        return state().word->token.load(std::memory_order_relaxed);
    const auto reply = detail::ask(state(), words::Holding{.object = id(), .thread = detail::thread_number()});
    if (!reply->token)
        throw Error(errc::not_owner, detail::title(state()));
    return *reply->token;
}

std::optional<Abandonment> Lock::abandoned() const {
    return detail::abandonment_of_acquisition(state());
}

}  // namespace steward
