#pragma once

#include <time.h>

#include <cstdint>
#include <source_location>

#include "client/src/acquisitions.hpp"
#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "shared/word_encodings.hpp"

namespace steward::detail {

/// What all use of words without the daemon has in common; shared/word_encodings.hpp says what stands in them.
///
/// What happens most often is inline and needs no call: it is done where nothing is in the way and everything has been
/// asked for before, by this thread and in this process, and else left to a function that takes its time.

/// Whether this process may use the word: a forked child does not act in the name of its parent's session.
inline bool may_use(const WordPath& word) noexcept {
    return word.line() != nullptr && word.process() == process_generation();
}
/// The line, where that is known already; null: that takes more.
inline shared::WordLine* quick_line(const WordPath& word) noexcept {
    return word.process() == Identity::known_generation() ? word.line() : nullptr;
}

/// Whether the word may be looked at: not while operations are under way that the reader would overtake.
inline bool may_look(const WordPath& word) noexcept {
    return may_use(word) && word.pipelined()->load(std::memory_order_acquire) == 0;
}

inline const shared::WordLine* quick_line_to_look_at(const WordPath& word) noexcept {
    const auto* line = quick_line(word);
    return line != nullptr && word.pipelined()->load(std::memory_order_acquire) == 0 ? line : nullptr;
}

/// The calling thread, as an owner's word says it.
inline std::uint64_t me(const WordPath& word) noexcept {
    return word.session() | thread_number();
}

inline std::uint64_t now_ns_of(clockid_t clock) noexcept {
    timespec now;  // NOLINT(*-init-variables,*-member-init): the next line does, and this is on the way to every lock
    clock_gettime(clock, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}
inline std::uint64_t coarse_now_ns() noexcept {
    return now_ns_of(CLOCK_MONOTONIC_COARSE);
}
inline std::uint64_t precise_now_ns() noexcept {
    return now_ns_of(CLOCK_MONOTONIC);
}

/// Sees to it that the path is this process's own. Where the proxy came by a reference or over a fork, the daemon is
/// asked for the word, once.
void find_word(const ObjectState& object, WordPath& path) noexcept;

/// The daemon's number of a line of source, for which each session asks once; 0 where there is no answer.
std::uint32_t place_of(const ObjectState& object, const std::source_location& where) noexcept;

/// One who waits has been passed over, or something can be granted.
void notify_daemon(const ObjectState& object) noexcept;

/// The daemon does not see how long something was held by its word: once in a while it is told.
void tell_held(const ObjectState& object, std::uint64_t held_ns) noexcept;

enum class Attempt : std::uint8_t {
    done,
    held,       ///< by somebody who will let it go without the daemon
    ask_daemon  ///< it passes it on, or has something to say
};

/// Between two looks at a word, however many there were.
class Spin {
  public:
    /// False: enough; asking is not slower any more.
    bool again() noexcept;

  private:
    int looks_ = 0;
};

}  // namespace steward::detail
