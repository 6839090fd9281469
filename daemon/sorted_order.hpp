#pragma once

#include <cstddef>
#include <vector>

#include "daemon/preparation.hpp"
#include "proto/value.hpp"
#include "shared/sequence.hpp"

namespace steward::daemon {

/// The positions of a list's items in sorted order; stable both ways, as Python's sort with `reverse`. A merge sort
/// from below: runs that are sorted at once, then pairs of runs, one after the other. What is told from the beginnings
/// of items needs no look at them, which lie anywhere in memory. Refuses what has no order (type_mismatch).
class SortedOrder final : public Preparation {
  public:
    SortedOrder(const shared::Sequence& items, bool reverse);

    bool go_on() override;

    std::vector<std::size_t> order() const;

  private:
    struct Item {
        proto::OrderPrefix prefix;
        std::size_t position = 0;
    };

    bool is_less(const Item& left, const Item& right) const;
    bool comes_before(const Item& left, const Item& right) const;
    void sort_a_run();
    void begin_pair(std::size_t first);
    void merge_a_piece();
    void end_round();

    shared::Sequence items_;
    bool reverse_;
    std::vector<Item> order_;   ///< sorted in runs of `width_`
    std::vector<Item> merged_;  ///< and of twice that
    std::size_t width_;
    // The pair that is merged: from left_ up to right_begin_, and from right_ up to right_end_.
    std::size_t left_ = 0;
    std::size_t right_begin_ = 0;
    std::size_t right_ = 0;
    std::size_t right_end_ = 0;
};

}  // namespace steward::daemon
