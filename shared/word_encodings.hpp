#pragma once

#include <cstdint>

#include "shared/agent.hpp"
#include "shared/words.hpp"

namespace steward::shared {

/// The words of the synchronization objects. The highest byte of each is flags (`word_flags`); `word_parity` is one of
/// them.

/// Somebody stands in line: who releases tells the daemon.
inline constexpr std::uint64_t word_waiters = std::uint64_t{1} << 56;
/// The daemon has been told, or is being told, that it may grant something; set by a client, cleared by the daemon.
inline constexpr std::uint64_t word_notified = std::uint64_t{1} << 57;
/// The head of the line has waited long: nobody slips in, whoever releases leaves it to the daemon.
inline constexpr std::uint64_t word_fair = std::uint64_t{1} << 58;
/// RLock: the daemon counts how often its owner owns it, and has to be asked.
inline constexpr std::uint64_t word_counted = std::uint64_t{1} << 59;
/// The next owner has something to be told: only the daemon grants.
inline constexpr std::uint64_t word_news = std::uint64_t{1} << 60;
/// The object is gone; the line is nobody's.
inline constexpr std::uint64_t word_closed = std::uint64_t{1} << 61;
/// The lock is offered to the owner that the word names, who takes it by clearing this.
inline constexpr std::uint64_t word_granted = std::uint64_t{1} << 62;

/// With any of these, a free word is for the daemon to grant.
inline constexpr std::uint64_t word_daemons = word_fair | word_news | word_closed;

/// Lock: session (32 bits) | thread (24 bits) of the owner; all zero is free.
struct LockWord {
    static constexpr std::uint32_t largest_thread = (1U << 24) - 1;

    static constexpr std::uint64_t free = 0;
    static constexpr std::uint64_t held_by(Agent agent) noexcept {
        return std::uint64_t{agent.session} << 24 | agent.thread;
    }
    static constexpr Agent owner(std::uint64_t word) noexcept {
        return {static_cast<std::uint32_t>(word >> 24), static_cast<std::uint32_t>(word) & largest_thread};
    }
};

/// Beside the word of a Lock or RLock: who stands first in its line and listens to a bell, so that whoever releases it
/// may wake him: number of the bell (32 bits) | his thread (24 bits). 0: the daemon wakes whoever it is. A word without
/// `waiters` has nobody to wake, whatever stands here.
struct NextInLine {
    /// Since the object was made: holds are of interest.
    static constexpr std::uint64_t somebody_has_waited = std::uint64_t{1} << 63;

    static constexpr std::uint64_t listener(std::uint32_t bell, std::uint32_t thread) noexcept {
        return bell == 0 ? 0 : std::uint64_t{bell} << 24 | thread;
    }
    static constexpr std::uint64_t listener(std::uint64_t next) noexcept { return next & ~somebody_has_waited; }
    static constexpr std::uint32_t bell(std::uint64_t next) noexcept { return static_cast<std::uint32_t>(next >> 24); }
};

/// RWLock: as Lock where a writer owns it; else session 0 and, in the place of the thread, how many readers there are.
struct RWLockWord {
    static constexpr std::uint64_t most_readers = LockWord::largest_thread;

    static constexpr std::uint64_t read_by(std::uint64_t readers) noexcept { return readers; }
    static constexpr std::uint64_t readers(std::uint64_t word) noexcept {
        return LockWord::owner(word) ? 0 : word & most_readers;
    }
};

/// Semaphore: free permits in the low 32 bits; above them, in 24 bits, how many were taken by the word since the line's
/// `acquisitions` were last added to, so that taking one is one change of one word.
struct SemaphoreWord {
    static constexpr std::uint64_t most_permits = (std::uint64_t{1} << 31) - 1;
    static constexpr std::uint64_t one_taken = std::uint64_t{1} << 32;
    static constexpr std::uint64_t most_taken = (std::uint64_t{1} << 24) - 1;

    static constexpr std::uint64_t permits(std::uint64_t word) noexcept { return word & most_permits; }
    static constexpr std::uint64_t taken(std::uint64_t word) noexcept { return word >> 32 & most_taken; }
};

/// Event: 1 where it is set.
struct EventWord {
    static constexpr std::uint64_t clear = 0;
    static constexpr std::uint64_t set = 1;

    static constexpr bool is_set(std::uint64_t word) noexcept { return (word & set) != 0; }
};

}  // namespace steward::shared
