#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "shared/unique_fd.hpp"
#include "shared/words.hpp"

namespace steward::detail {

/// The words of the user's domain, mapped into this process. Lines come to the file while it is mapped; those that the
/// daemon has named are there.
class WordMap {
  public:
    /// Nothing where there is no address space for it: the daemon is then asked for everything.
    static std::optional<WordMap> map(const shared::UniqueFd& file, std::uint64_t bytes) noexcept;

    WordMap(WordMap&& other) noexcept;
    WordMap& operator=(WordMap&& other) noexcept;
    WordMap(const WordMap&) = delete;
    WordMap& operator=(const WordMap&) = delete;
    ~WordMap();

    /// Null for a line outside of the range.
    shared::WordLine* line(std::uint32_t index) const noexcept;

  private:
    WordMap(shared::WordLine* lines, std::size_t bytes) noexcept : lines_(lines), bytes_(bytes) {}

    shared::WordLine* lines_;
    std::size_t bytes_;
};

}  // namespace steward::detail
