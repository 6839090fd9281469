#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <source_location>

#include "client/src/kill_point.hpp"
#include "client/src/patience.hpp"
#include "client/src/shared_word.hpp"

namespace steward::detail {

/// The words of what one thread at a time owns, without the daemon: one compare-and-swap where nobody is in the way.
/// Whoever holds it has put his own number there by the very store that acquired it, so there is no moment at which the
/// death of a holder would leave nobody to blame.

/// Whether this acquisition is one of those of which it is looked how long they last: one in 64.
inline bool is_sampled(const shared::WordLine& line) noexcept {
    return line.token.load(std::memory_order_relaxed) % 64 == 0;
}

/// Of one that is looked at, and that others have had to wait for: notes exactly when it began.
void note_exact_time(shared::WordLine& line) noexcept;

/// Only the holder writes these, and the daemon where it grants; whoever reads them for people may read them torn from
/// each other, so relaxed is enough.
inline void note_acquisition(shared::WordLine& line, std::uint32_t place, std::uint64_t now_ns) noexcept {
    line.token.store(line.token.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    line.acquisitions.store(line.acquisitions.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    line.place.store(place, std::memory_order_relaxed);
    line.since_ns.store(now_ns, std::memory_order_relaxed);
    if (is_sampled(line)) [[unlikely]]
        note_exact_time(line);
}

/// Takes a lock that is free and looks as it did when it was last free, by the line that opened the proxy. The word is
/// not looked at before: that would cost a third of the whole. Returns its line; null: that takes more.
inline shared::WordLine* take_quickly(const WordPath& path) noexcept {
    auto* const line = quick_line(path);
    const auto place = path.place.get();
    if (line == nullptr || place == 0 || connection_of_words != path.connection())
        return nullptr;
    auto free = path.free.get();
    kill_point(KillPoint::before_taking);
    const auto now_ns = coarse_now_ns();  // before the swap: behind it, it would take its full time
    // Acquire: what the holder before wrote under the lock is seen.
    // model: acquire_free
    if (!line->word.compare_exchange_strong(free, free | path.session() | Identity::thread, std::memory_order_acquire,
                                            std::memory_order_relaxed))
        return nullptr;
    kill_point(KillPoint::taken);
    note_acquisition(*line, place, now_ns);
    return line;
}

/// Waits as `timeout` says, but no longer than is quicker than asking.
Attempt take(const ObjectState& lock, WordPath& path, std::optional<std::chrono::nanoseconds> timeout,
             const std::source_location& where) noexcept;

/// Of the acquisition under way.
inline std::uint64_t token_in(const WordPath& path) noexcept {
    return path.line()->token.load(std::memory_order_relaxed);
}

/// Whether the calling thread holds it. What it is only offered is not its own yet.
inline bool is_mine(const WordPath& path, std::uint64_t word) noexcept {
    return (word & ~(shared::word_flags & ~shared::word_granted)) == me(path);
}

/// Takes what the daemon has offered. False: it has taken the offer back, since it was not taken in time.
bool take_offer(WordPath& path, std::uint32_t place) noexcept;

/// Takes it where the calling thread stands first in line and whoever released it has rung. False: it is not free, or
/// others stand first.
bool take_when_rung(const ObjectState& lock, WordPath& path, std::uint32_t place) noexcept;

/// Asks for a lock that its word did not give, and takes it by its word where it is offered there, or released while
/// this thread stands first in line. `request`: lock.acquire or the like; `deadline`: when its time-out is over, of
/// which some has passed. Who missed an offer asks again; the daemon keeps its place in line, and its time.
template <class Request>
typename Request::Result ask_for(const ObjectState& lock, WordPath& path, Request request, Patience deadline,
                                 const std::source_location& where) {
    request.by_word = may_use(path);
    const auto place = request.by_word ? place_of(lock, where) : 0;  // now, since it may have to ask
    const HearsBell hears = [&] { return take_when_rung(lock, path, place); };
    for (;;) {
        const auto reply = ask(lock, request, deadline, request.by_word ? &hears : nullptr);
        if (reply.is_needless()) {
            typename Request::Result taken{};
            taken.offered = true;  // as it were
            return taken;
        }
        if (!reply->offered || take_offer(path, place))
            return *reply;
    }
}

/// Lets go of a lock that looks as it did when it was taken: nobody waits for it. False: that takes more.
inline bool let_go_quickly(const WordPath& path, shared::WordLine* line) noexcept {
    const auto free = path.free.get();
    auto held = free | path.session() | Identity::thread;
    kill_point(KillPoint::before_letting_go);
    // Release: what was written under the lock is seen by the next holder.
    // model: release_free
    if (line == nullptr || is_sampled(*line) ||
        !line->word.compare_exchange_strong(held, free, std::memory_order_release, std::memory_order_relaxed))
        return false;
    kill_point(KillPoint::let_go);
    return true;
}

inline bool let_go_quickly(const WordPath& path) noexcept {
    return let_go_quickly(path, quick_line(path));
}

/// The same for a lock that its owner may own several times, which counts in its line.
inline bool take_first_quickly(const WordPath& path) noexcept {
    auto* const line = take_quickly(path);
    if (line != nullptr)
        line->levels.store(1, std::memory_order_relaxed);  // model: first_level
    return line != nullptr;
}
inline bool let_go_last_quickly(const WordPath& path) noexcept {
    auto* const line = quick_line(path);
    return line != nullptr && line->levels.load(std::memory_order_relaxed) <= 1 && let_go_quickly(path, line);
}

/// Once more where the calling thread owns the lock by its word alone; returns how often then. Nothing: that takes
/// more.
std::optional<std::uint64_t> take_again(const WordPath& path) noexcept;

/// Once less in the same way, but not for the last time; returns how often it still does.
std::optional<std::uint64_t> let_go_once(const WordPath& path) noexcept;

/// False: the daemon has to be asked, which knows what is wrong where something is.
bool let_go(const ObjectState& lock, const WordPath& path) noexcept;

/// Nothing where this process does not share the word, or the lock is gone.
std::optional<std::uint64_t> look_at_word(const WordPath& path) noexcept;

/// How often the calling thread owns a lock that counts; nothing: the daemon has to be asked.
std::optional<std::uint64_t> look_at_levels(const WordPath& path) noexcept;

}  // namespace steward::detail
