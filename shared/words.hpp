#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/memory_budget.hpp"
#include "shared/unique_fd.hpp"

namespace steward::shared {

/// The highest byte of each word is flags, some of which are described in word_encodings.hpp.
inline constexpr std::uint64_t word_flags = std::uint64_t{0xff} << 56;

/// Flipped by every change of a word that the daemon makes, and by nobody else.
inline constexpr std::uint64_t word_parity = std::uint64_t{1} << 63;

/// The cache line of one synchronization object. Clients of the domain's uid write it too: load once, compare, never
/// use as an index unchecked.
struct alignas(64) WordLine {
    std::atomic<std::uint64_t> word;
    std::atomic<std::uint64_t> token;
    std::atomic<std::uint64_t> acquisitions;
    std::atomic<std::uint64_t> since_ns;  ///< CLOCK_MONOTONIC_COARSE of the last acquisition
    std::atomic<std::uint64_t> place;  ///< line of source that acquired it last, as the daemon numbers them; 0: unknown
    std::atomic<std::uint64_t> levels;  ///< RLock: how often its owner owns it, where the word does not say `counted`
    std::atomic<std::uint64_t> bound;   ///< Semaphore: most free permits. Event: 1 where whoever goes on clears it
    std::atomic<std::uint64_t> next;    ///< Lock, RLock: whom to wake, and whether anybody has had to wait (NextInLine)
};
static_assert(sizeof(WordLine) == 64);

/// Undoes a change of a word, from `before` to `after`, which clients may have changed meanwhile: what they have added
/// or taken away (permits), and flags that they have set, stay so.
void put_word_back(std::atomic<std::uint64_t>& word, std::uint64_t before, std::uint64_t after) noexcept;

/// The words file of a domain: an array of lines; line 0 is never used. Which lines are given out is written in the
/// heap (ObjectTable), not here. Addresses stay.
class Words {
  public:
    static constexpr std::uint32_t default_max_lines = std::uint32_t{1} << 26;
    static constexpr std::uint32_t lines_per_step = 1024;

    /// Takes over an empty file or one that holds lines already. Throws std::system_error, DomainError.
    Words(UniqueFd file, std::uint32_t max_lines, MemoryBudget&);
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;
    ~Words();

    /// Sees to it that line `index` exists (zeroed if it is new). Throws NoMemory.
    void obtain(std::uint32_t index);
    /// A line that exists; std::out_of_range for any other, and for 0.
    WordLine& line(std::uint32_t index) const;
    std::uint32_t lines() const noexcept { return lines_; }
    std::uint64_t mapped_bytes() const noexcept { return max_lines_ * sizeof(WordLine); }

    /// Lines that are given out in the heap but belong to no slot, for new objects. Known to this process only; found
    /// again by ObjectTable::find_free_lines.
    std::vector<std::uint32_t>& free_lines() noexcept { return free_lines_; }
    int fd() const noexcept { return file_.get(); }

  private:
    MemoryBudget& budget_;
    UniqueFd file_;
    std::uint32_t max_lines_;
    std::uint32_t lines_ = 0;
    WordLine* base_ = nullptr;
    std::vector<std::uint32_t> free_lines_;
};

}  // namespace steward::shared
