#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <source_location>

#include <steward/lock.hpp>

#include "client/src/acquisitions.hpp"
#include "client/src/described.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "client/src/word_lock.hpp"

namespace steward::detail {

/// What the proxies have in common of what one thread at a time owns: by its word where that goes, else by the daemon.
/// `Acquire`, `Release` and `Holding` are the messages of the type.

/// What the quick way has to know: the word, and the daemon's number of the line that opened the proxy.
inline void learn_quick_way(const ObjectState& lock, WordPath& path, const std::source_location& opened_at) {
    find_word(lock, path);
    if (may_use(path))
        path.place.set(place_of(lock, opened_at));
}

template <class Acquire>
std::optional<Acquired> acquire_alone(const ObjectState& lock, WordPath& path,
                                      std::optional<std::chrono::nanoseconds> timeout,
                                      const std::source_location& where) {
    const auto deadline = deadline_after(timeout_ns(timeout));
    const auto by_word = take(lock, path, timeout, where);
    if (by_word == Attempt::done)
        return Acquired{.token = token_in(path), .abandoned = std::nullopt};
    if (by_word == Attempt::held && timeout && *timeout <= std::chrono::nanoseconds::zero())
        return std::nullopt;
    const auto line = source_line(where);
    const auto reply =
        ask_for(lock, path,
                Acquire{.object = lock.id, .thread = thread_number(), .timeout_ns = timeout_ns(timeout), .where = line},
                deadline, where);
    if (!reply.acquired && !reply.offered)
        return std::nullopt;
    Acquired acquired{reply.offered ? token_in(path) : reply.token, described(reply.abandoned)};
    remember_acquisition(lock, acquired.abandoned, 1);
    return acquired;
}

template <class Release>
void release_alone(const ObjectState& lock, const WordPath& path) {
    forget_acquisition(lock);
    if (!let_go(lock, path))
        ask(lock, Release{.object = lock.id, .thread = thread_number()});
}

/// What the daemon knows of it and of the calling thread.
template <class Holding>
typename Holding::Result holding_of(const ObjectState& lock) {
    return *ask(lock, Holding{.object = lock.id, .thread = thread_number()});
}

/// Whether anybody owns it.
template <class Holding>
bool is_owned(const ObjectState& lock, const WordPath& path) {
    if (const auto word = look_at_word(path))
        return static_cast<bool>(shared::LockWord::owner(*word));
    return holding_of<Holding>(lock).locked;
}

/// Whether the calling thread does.
template <class Holding>
bool is_owned_by_me(const ObjectState& lock, const WordPath& path) {
    if (const auto word = look_at_word(path))
        return is_mine(path, *word);
    return holding_of<Holding>(lock).token.has_value();
}

/// Of the calling thread's acquisition. Throws not_owner where it owns nothing.
template <class Holding>
std::uint64_t own_token(const ObjectState& lock, const WordPath& path) {
    if (const auto word = look_at_word(path); word && is_mine(path, *word))
        return token_in(path);
    const auto holding = holding_of<Holding>(lock);
    if (!holding.token)
        throw Error(errc::not_owner, title(lock));
    return *holding.token;
}

}  // namespace steward::detail
