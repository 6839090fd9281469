#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "client/src/shared_word.hpp"

namespace steward::detail {

/// The words of permits that belong to nobody, without the daemon: how many are free, in one compare-and-swap to take
/// one and one to give some back.

enum class Permit : std::uint8_t { taken, none, ask_daemon };

/// Takes a permit that is free.
inline Permit take_free_permit(shared::WordLine& line) noexcept {
    using shared::SemaphoreWord;
    auto found = line.word.load(std::memory_order_relaxed);
    for (;;) {
        if ((found & shared::word_daemons) != 0)
            return Permit::ask_daemon;
        if (SemaphoreWord::permits(found) == 0)
            return Permit::none;
        const bool full = SemaphoreWord::taken(found) == SemaphoreWord::most_taken;
        const auto counted =
            full ? found - SemaphoreWord::most_taken * SemaphoreWord::one_taken : found + SemaphoreWord::one_taken;
        // Acquire: what whoever gave the permit back wrote before is seen ([thread.sema.cnt]).
        // model: take_permit
        if (!line.word.compare_exchange_weak(found, counted - 1, std::memory_order_acquire, std::memory_order_relaxed))
            continue;
        if (full) [[unlikely]]  // model: count_taken
            line.acquisitions.fetch_add(SemaphoreWord::most_taken + 1, std::memory_order_relaxed);
        return Permit::taken;
    }
}

/// False: that takes more.
inline bool take_permit_quickly(const WordPath& path) noexcept {
    auto* line = quick_line(path);
    return line != nullptr && take_free_permit(*line) == Permit::taken;
}

/// Waits as `timeout` says, but no longer than is quicker than asking.
Attempt take_permit(const ObjectState& semaphore, WordPath& path,
                    std::optional<std::chrono::nanoseconds> timeout) noexcept;

/// What giving permits back makes of a word; nothing: the daemon has to be asked, which knows what is wrong.
inline std::optional<std::uint64_t> with_permits(const shared::WordLine& line, std::uint64_t word,
                                                 std::ptrdiff_t permits) noexcept {
    const auto free = shared::SemaphoreWord::permits(word);
    const auto bound = line.bound.load(std::memory_order_relaxed);
    if ((word & shared::word_closed) != 0 || permits < 0 || free > bound ||
        static_cast<std::uint64_t>(permits) > bound - free)
        return std::nullopt;
    return word + static_cast<std::uint64_t>(permits);
}

/// Gives permits back for which nobody waits. False: that takes more.
inline bool give_permits_quickly(const WordPath& path, std::ptrdiff_t permits) noexcept {
    auto* line = quick_line(path);
    if (line == nullptr)
        return false;
    auto found = line->word.load(std::memory_order_relaxed);
    const auto desired = with_permits(*line, found, permits);
    // Release: what was written before is seen by whoever takes one of them.
    // model: give_free
    return desired && (found & shared::word_waiters) == 0 &&
           line->word.compare_exchange_strong(found, *desired, std::memory_order_release, std::memory_order_relaxed);
}

/// False: the daemon has to be asked.
bool give_permits(const ObjectState& semaphore, WordPath& path, std::ptrdiff_t permits) noexcept;

/// How many are free; nothing where this process does not share the word, or the semaphore is gone.
std::optional<std::ptrdiff_t> look_at_permits(const WordPath& path) noexcept;

}  // namespace steward::detail
