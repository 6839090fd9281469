#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <source_location>

#include "client/src/object_state.hpp"
#include "shared/word_encodings.hpp"

namespace steward::detail {

/// A lock's word, without the daemon: one compare-and-swap where nobody is in the way. shared/word_encodings.hpp says
/// what stands in the word. Whoever holds it has put his own number there by the very store that acquired it, so there
/// is no moment at which the death of a holder would leave nobody to blame.

enum class ByWord : std::uint8_t {
    done,
    not_now,    ///< somebody has it, and the caller does not wait
    ask_daemon  ///< somebody has it for long, the daemon is to pass it on, or this process does not share the word
};

struct AcquiredByWord {
    ByWord outcome = ByWord::ask_daemon;
    std::uint64_t token = 0;
};

AcquiredByWord acquire_by_word(const ObjectState& lock, std::optional<std::chrono::nanoseconds> timeout,
                               const std::source_location& where) noexcept;

/// False: the daemon has to be asked, which knows what is wrong where something is.
bool release_by_word(const ObjectState& lock) noexcept;

/// Nothing where this process does not share the word.
std::optional<std::uint64_t> look_at_word(const ObjectState& lock) noexcept;

/// Whether the calling thread holds it.
bool is_mine(const ObjectState& lock, std::uint64_t word) noexcept;

}  // namespace steward::detail
