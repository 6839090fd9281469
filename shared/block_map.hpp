#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/segment.hpp"

namespace steward::shared {

/// Places of blocks in a range of offsets, and a new place for each of them. One bit for each place that a block could
/// have, so that it takes little memory and goes through the blocks in the order of their places. First all are
/// inserted, then numbered, then moved and looked up.
class BlockMap {
  public:
    /// Of places at multiples of Segment::alignment in `begin` <= place < `end`.
    BlockMap(std::uint64_t begin, std::uint64_t end)
        : begin_(begin), end_(end), words_((end - begin) / bytes_per_word + 1) {}

    /// False: it was there.
    bool insert(std::uint64_t place) noexcept {
        auto& bits = word(place).bits;
        const bool fresh = (bits & bit(place)) == 0;
        bits |= bit(place);
        count_ += fresh ? 1 : 0;
        return fresh;
    }
    std::size_t size() const noexcept { return count_; }

    void number() {
        std::uint64_t before = 0;
        for (Word& each : words_) {
            each.before = before;
            before += static_cast<std::uint64_t>(std::popcount(each.bits));
        }
        moved_.resize(count_);
    }

    /// Calls `visit` with every place, the smallest first.
    template <class Visit>
    void each(Visit&& visit) const {
        for (std::size_t index = 0; index < words_.size(); ++index)
            for (std::uint64_t bits = words_[index].bits; bits != 0; bits &= bits - 1)
                visit(begin_ + index * bytes_per_word +
                      static_cast<std::uint64_t>(std::countr_zero(bits)) * Segment::alignment);
    }

    /// Of one that was inserted.
    void move(std::uint64_t place, std::uint64_t to) noexcept { moved_[number_of(place)] = to; }
    /// 0: there is no block at this place.
    std::uint64_t moved(std::uint64_t place) const noexcept { return contains(place) ? moved_[number_of(place)] : 0; }
    /// Of any place.
    bool contains(std::uint64_t place) const noexcept {
        return place >= begin_ && place < end_ && place % Segment::alignment == 0 &&
               (word(place).bits & bit(place)) != 0;
    }

    /// The memory that `moved` will look at: first for many places the one, then the other.
    void prefetch(std::uint64_t place) const noexcept {
        if (place >= begin_ && place < end_)
            __builtin_prefetch(&word(place));
    }
    void prefetch_moved(std::uint64_t place) const noexcept {
        if (place >= begin_ && place < end_)
            __builtin_prefetch(moved_.data() + number_of(place));
    }

  private:
    /// Side by side, since they are looked up together.
    struct Word {
        std::uint64_t bits = 0;
        std::uint64_t before = 0;  ///< how many bits the words before it have
    };
    static constexpr std::uint64_t bytes_per_word = 64 * Segment::alignment;

    const Word& word(std::uint64_t place) const noexcept { return words_[(place - begin_) / bytes_per_word]; }
    Word& word(std::uint64_t place) noexcept { return words_[(place - begin_) / bytes_per_word]; }
    std::uint64_t bit(std::uint64_t place) const noexcept {
        return std::uint64_t{1} << ((place - begin_) / Segment::alignment % 64);
    }
    std::size_t number_of(std::uint64_t place) const noexcept {
        const Word& found = word(place);
        return found.before + static_cast<std::size_t>(std::popcount(found.bits & (bit(place) - 1)));
    }

    std::uint64_t begin_;
    std::uint64_t end_;
    std::vector<Word> words_;
    std::vector<std::uint64_t> moved_;
    std::size_t count_ = 0;
};

}  // namespace steward::shared
