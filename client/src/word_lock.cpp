#include "client/src/word_lock.hpp"

#include <sched.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <exception>

#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "proto/session.hpp"

namespace steward::detail {
namespace {

using shared::LockWord;

/// So often is a word looked at that somebody else holds, on a machine where that somebody can be running meanwhile. A
/// lock that is held for less than a few microseconds is free by then, and asking costs more than that.
constexpr int most_looks = 2000;

/// Each thread looks once, and again in a forked child, which may have been given others.
bool has_several_processors() noexcept {
    struct Known {
        std::uint64_t generation = 0;
        bool several = false;
    };
    thread_local Known known;
    if (const auto generation = process_generation(); known.generation != generation) {
        cpu_set_t processors;
        known = {generation, sched_getaffinity(0, sizeof processors, &processors) != 0 || CPU_COUNT(&processors) > 1};
    }
    return known.several;
}

void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

bool is_shared(const ObjectState& lock) noexcept {
    return lock.word != nullptr && lock.generation == process_generation();
}

std::uint64_t me(const ObjectState& lock) noexcept {
    return LockWord::held_by({.session = lock.session, .thread = thread_number()});
}

constexpr bool is_free(std::uint64_t word) noexcept {
    return (word & ~shared::word_flags) == LockWord::free;
}

std::uint64_t coarse_now_ns() noexcept {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

/// The daemon's number of a line of source; 0 where there is no answer. Each thread remembers some and asks once for
/// each of them; what it remembers needs no destructor, so that a lock may be taken while a thread ends.
std::uint32_t place_of(const ObjectState& lock, const std::source_location& where) noexcept try {
    struct Known {
        const Client* client;
        const char* file;
        std::uint32_t session;
        std::uint_least32_t line;
        std::uint32_t place;
    };
    constexpr std::size_t most_remembered = 64;
    constinit thread_local std::array<Known, most_remembered> remembered{};
    auto& known = remembered[where.line() % most_remembered];
    const bool asked = known.line == where.line() && known.file == where.file_name() &&
                       known.client == lock.client.get() && known.session == lock.session;
    if (!asked) {
        const auto line = source_line(where);
        const auto reply = lock.client->connection().call(proto::session::Place{.where = line});
        known = {lock.client.get(), where.file_name(), lock.session, where.line(), reply->place};
    }
    return known.place;
} catch (const std::exception&) {
    return 0;
}

/// Only the holder writes these, and the daemon where it grants; whoever reads them for people may read them torn from
/// each other, so relaxed is enough.
std::uint64_t note_acquisition(shared::WordLine& line, std::uint32_t place) noexcept {
    const auto token = line.token.load(std::memory_order_relaxed) + 1;
    line.token.store(token, std::memory_order_relaxed);
    line.acquisitions.store(line.acquisitions.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    line.since_ns.store(coarse_now_ns(), std::memory_order_relaxed);
    line.place.store(place, std::memory_order_relaxed);
    return token;
}

void notify_daemon(const ObjectState& lock) noexcept {
    try {
        lock.client->connection().notify(lock.id);
    } catch (const Error&) {
        return;  // it finds out by itself
    }
}

enum class Attempt : std::uint8_t { acquired, held, daemons };

Attempt attempt(std::atomic<std::uint64_t>& word, std::uint64_t me) noexcept {
    auto found = word.load(std::memory_order_relaxed);
    while (is_free(found)) {
        if ((found & shared::word_daemons) != 0)
            return Attempt::daemons;
        // Acquire: what the holder before wrote under the lock is seen. Somebody who waits may see us slip in.
        if (word.compare_exchange_weak(found, found | me, std::memory_order_acquire, std::memory_order_relaxed))
            return Attempt::acquired;
    }
    return (found & shared::word_daemons) != 0 ? Attempt::daemons : Attempt::held;
}

Attempt attempt_for_a_while(std::atomic<std::uint64_t>& word, std::uint64_t me) noexcept {
    auto result = attempt(word, me);
    if (!has_several_processors())
        return result;
    for (int looks = 1; result == Attempt::held && looks < most_looks; ++looks) {
        pause();
        const auto found = word.load(std::memory_order_relaxed);
        if ((found & ~shared::word_flags) == me)
            return Attempt::held;  // the daemon has something to say to that
        if (is_free(found) || (found & shared::word_daemons) != 0)
            result = attempt(word, me);
    }
    return result;
}

}  // namespace

AcquiredByWord acquire_by_word(const ObjectState& lock, std::optional<std::chrono::nanoseconds> timeout,
                               const std::source_location& where) noexcept {
    if (!is_shared(lock))
        return {};
    const bool waits = !timeout || *timeout > std::chrono::nanoseconds::zero();
    auto& word = lock.word->word;
    switch (waits ? attempt_for_a_while(word, me(lock)) : attempt(word, me(lock))) {
        case Attempt::acquired:
            return {.outcome = ByWord::done, .token = note_acquisition(*lock.word, place_of(lock, where))};
        case Attempt::held: return {.outcome = waits ? ByWord::ask_daemon : ByWord::not_now};
        case Attempt::daemons: break;
    }
    return {};
}

bool release_by_word(const ObjectState& lock) noexcept {
    if (!is_shared(lock))
        return false;
    auto& word = lock.word->word;
    auto found = word.load(std::memory_order_relaxed);
    while (is_mine(lock, found)) {
        const auto flags = found & shared::word_flags;
        const bool waiters = (flags & shared::word_waiters) != 0;
        const auto desired = flags | (waiters ? shared::word_notified : 0);
        // Release: what was written under the lock is seen by the next holder.
        if (!word.compare_exchange_weak(found, desired, std::memory_order_release, std::memory_order_relaxed))
            continue;
        if (waiters && (flags & shared::word_notified) == 0)
            notify_daemon(lock);
        return true;
    }
    return false;
}

std::optional<std::uint64_t> look_at_word(const ObjectState& lock) noexcept {
    if (!is_shared(lock))
        return std::nullopt;
    return lock.word->word.load(std::memory_order_acquire);
}

bool is_mine(const ObjectState& lock, std::uint64_t word) noexcept {
    return (word & ~shared::word_flags) == me(lock);
}

}  // namespace steward::detail
