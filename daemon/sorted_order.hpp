#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "daemon/preparation.hpp"
#include "shared/sequence.hpp"

namespace steward::daemon {

/// The positions of a list's items in sorted order; stable both ways, as Python's sort with `reverse`. A merge sort
/// from below: runs that are sorted at once, then pairs of runs, one after the other. Refuses what has no order
/// (type_mismatch).
class SortedOrder final : public Preparation {
  public:
    SortedOrder(const shared::Sequence& items, bool reverse);

    bool go_on() override;

    std::span<const std::size_t> order() const { return order_; }

  private:
    bool comes_before(std::size_t left, std::size_t right) const;
    void sort_a_run();
    void begin_pair(std::size_t first);
    void merge_a_piece();
    void end_round();

    shared::Sequence items_;
    bool reverse_;
    std::vector<std::size_t> order_;   ///< sorted in runs of `width_`
    std::vector<std::size_t> merged_;  ///< and of twice that
    std::size_t width_;
    // The pair that is merged: from left_ up to right_begin_, and from right_ up to right_end_.
    std::size_t left_ = 0;
    std::size_t right_begin_ = 0;
    std::size_t right_ = 0;
    std::size_t right_end_ = 0;
};

}  // namespace steward::daemon
