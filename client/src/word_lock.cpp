#include "client/src/word_lock.hpp"

#include <algorithm>

namespace steward::detail {
namespace {

/// Whether the word says that nobody holds it, and leaves it to whoever comes. That others wait does not matter: they
/// see somebody slip in.
constexpr bool may_be_taken(std::uint64_t word) noexcept {
    return (word & ~(shared::word_waiters | shared::word_notified | shared::word_parity)) == shared::LockWord::free;
}

bool somebody_has_waited(const shared::WordLine& line) noexcept {
    return (line.next.load(std::memory_order_relaxed) & shared::NextInLine::somebody_has_waited) != 0;
}

/// How long the calling thread has held what it is about to let go, where that is looked at; 0: it is not.
std::uint64_t held_for_ns(const shared::WordLine& line) noexcept {
    if (!is_sampled(line) || !somebody_has_waited(line))
        return 0;
    const auto since_ns = line.since_ns.load(std::memory_order_relaxed);
    const auto now_ns = precise_now_ns();
    return now_ns > since_ns ? now_ns - since_ns : 0;
}

/// What there is to do about a word that may not be taken.
Attempt held_by_others(std::uint64_t word) noexcept {
    const bool daemons = (word & (shared::word_daemons | shared::word_counted)) != 0;
    return daemons ? Attempt::ask_daemon : Attempt::held;
}

/// Whoever stands first in line, himself where that goes: it is quicker than by way of the daemon, which he tells. Who
/// dies, or leaves the line, before he has heard it is seen by the daemon, which goes on then; one that is stopped, by
/// the 10 ms check.
///
/// Where somebody has been woken already, he tells the daemon: by the request that he withdraws, if that is this
/// thread.
void wake_next(const ObjectState& lock, const WordPath& path, bool is_notified) noexcept {
    auto* connection = lock.client->working_connection();
    if (connection == nullptr)
        return;  // the daemon finds out by itself
    // model: ring_next
    if (!is_notified && !connection->wake(path.line()->next.load(std::memory_order_seq_cst)))
        connection->notify(lock.id);
    connection->tell_what_is_due();
}

Attempt attempt(WordPath& path, std::uint32_t place) noexcept {
    auto& word = path.line()->word;
    auto found = word.load(std::memory_order_relaxed);
    while (may_be_taken(found)) {
        kill_point(KillPoint::before_taking);
        // Acquire: what the holder before wrote under the lock is seen.
        // model: acquire_free
        if (!word.compare_exchange_weak(found, found | me(path), std::memory_order_acquire, std::memory_order_relaxed))
            continue;
        kill_point(KillPoint::taken);
        path.free.set(found & shared::word_parity);
        note_acquisition(*path.line(), place, coarse_now_ns());
        return Attempt::done;
    }
    return held_by_others(found);
}

Attempt attempt_for_a_while(WordPath& path, std::uint32_t place) noexcept {
    auto result = attempt(path, place);
    if (result == Attempt::held && is_mine(path, path.line()->word.load(std::memory_order_relaxed)))
        return Attempt::ask_daemon;  // which says that this would never end
    if (result == Attempt::held)
        path.place.set(0);  // the next one looks before it swaps: a swap in vain takes the line from the holder
    for (Spin spin; result == Attempt::held && spin.again();) {
        kill_point(KillPoint::spinning);
        result = attempt(path, place);
    }
    kill_point(result == Attempt::held ? KillPoint::before_asking : KillPoint::none);
    return result;
}

}  // namespace

void note_exact_time(shared::WordLine& line) noexcept {
    if (somebody_has_waited(line))
        line.since_ns.store(precise_now_ns(), std::memory_order_relaxed);
}

Attempt take(const ObjectState& lock, WordPath& path, std::optional<std::chrono::nanoseconds> timeout,
             const std::source_location& where) noexcept {
    find_word(lock, path);
    if (!may_use(path))
        return Attempt::ask_daemon;
    const bool waits = !timeout || *timeout > std::chrono::nanoseconds::zero();
    const auto found = path.line()->word.load(std::memory_order_relaxed);
    if (!waits && !may_be_taken(found))
        return held_by_others(found);
    note_use_of_words(lock);
    const auto place = place_of(lock, where);  // before the lock is taken, since it may have to ask
    return waits ? attempt_for_a_while(path, place) : attempt(path, place);
}

bool take_offer(WordPath& path, std::uint32_t place) noexcept {
    constexpr auto other_flags = shared::word_flags & ~(shared::word_granted | shared::word_closed);
    if (!may_use(path))
        return false;
    auto& word = path.line()->word;
    auto found = word.load(std::memory_order_relaxed);
    while ((found & ~other_flags) == (me(path) | shared::word_granted)) {
        kill_point(KillPoint::before_taking_offer);
        // Acquire: what the holder before wrote under the lock is seen, by way of the daemon's swaps in between.
        // model: take_offer
        if (!word.compare_exchange_weak(found, found & ~(shared::word_granted | shared::word_news),
                                        std::memory_order_acquire, std::memory_order_relaxed))
            continue;
        kill_point(KillPoint::taken);
        path.free.set(found & shared::word_parity);
        note_acquisition(*path.line(), place, coarse_now_ns());
        return true;
    }
    return false;
}

bool take_when_rung(const ObjectState& lock, WordPath& path, std::uint32_t place) noexcept {
    constexpr auto daemons = shared::word_granted | shared::word_news | shared::word_closed;
    auto* connection = lock.client->working_connection();
    if (connection == nullptr || !may_use(path))
        return false;
    kill_point(KillPoint::rung);
    // Relaxed: who rang saw this thread stand first, and rang after that.
    const auto first = shared::NextInLine::listener(path.line()->next.load(std::memory_order_relaxed));
    if (first == 0 || first != connection->listener())
        return false;
    auto& word = path.line()->word;
    auto found = word.load(std::memory_order_relaxed);
    // `fair` keeps others away from the first in line, not himself.
    while (shared::LockWord::owner(found) == shared::Agent{} && (found & daemons) == 0) {
        // Acquire: what the holder before wrote under the lock is seen.
        // model: acquire_rung
        if (!word.compare_exchange_weak(found, found | me(path), std::memory_order_acquire, std::memory_order_relaxed))
            continue;
        kill_point(KillPoint::taken_when_rung);
        path.free.set(found & shared::word_parity);
        note_acquisition(*path.line(), place, coarse_now_ns());
        return true;
    }
    connection->notify(lock.id);  // somebody was quicker, and `notified` says that the daemon knows
    return false;
}

/// The daemon does not touch the levels of a word that it does not count, so that its owner may do so without more.
std::optional<std::uint64_t> take_again(const WordPath& path) noexcept {
    const auto levels = look_at_levels(path).value_or(0);
    if (levels == 0)
        return std::nullopt;
    path.line()->levels.store(levels + 1, std::memory_order_relaxed);  // model: count_up
    return levels + 1;
}

std::optional<std::uint64_t> let_go_once(const WordPath& path) noexcept {
    const auto levels = look_at_levels(path).value_or(0);
    if (levels <= 1)
        return std::nullopt;
    path.line()->levels.store(levels - 1, std::memory_order_relaxed);  // model: count_down
    return levels - 1;
}

bool let_go(const ObjectState& lock, const WordPath& path) noexcept {
    if (!may_use(path))
        return false;
    auto& word = path.line()->word;
    auto found = word.load(std::memory_order_relaxed);
    const auto held_ns = held_for_ns(*path.line());
    // Of an object that is gone the daemon says so.
    while (is_mine(path, found) && (found & (shared::word_counted | shared::word_closed)) == 0) {
        const auto flags = found & shared::word_flags;
        const bool waiters = (flags & shared::word_waiters) != 0;
        const auto desired = flags | (waiters ? shared::word_notified : 0);
        kill_point(KillPoint::before_letting_go);
        // Release: what was written under the lock is seen by the next holder. Sequentially consistent, with the load
        // of `next` after it, as the daemon's store of that and its load of the word: see Waiting::leave_to_its_holder.
        // model: release_free release_notify hand_over release_again
        if (!word.compare_exchange_weak(found, desired, std::memory_order_seq_cst, std::memory_order_relaxed))
            continue;
        kill_point(KillPoint::let_go);
        if (waiters)
            wake_next(lock, path, (flags & shared::word_notified) != 0);
        kill_point(KillPoint::notified);
        if (held_ns != 0)
            tell_held(lock, held_ns);
        return true;
    }
    return false;
}

std::optional<std::uint64_t> look_at_word(const WordPath& path) noexcept {
    if (!may_use(path))
        return std::nullopt;
    const auto word = path.line()->word.load(std::memory_order_acquire);
    return (word & shared::word_closed) == 0 ? std::optional(word) : std::nullopt;
}

std::optional<std::uint64_t> look_at_levels(const WordPath& path) noexcept {
    const auto found = look_at_word(path);
    if (!found || (*found & shared::word_counted) != 0)
        return std::nullopt;
    return is_mine(path, *found) ? std::max<std::uint64_t>(1, path.line()->levels.load(std::memory_order_relaxed)) : 0;
}

}  // namespace steward::detail
