#pragma once

#include "shared/block_map.hpp"
#include "shared/heap_view.hpp"

namespace steward::shared {

/// Whether what Boost's allocator has written into a heap can be trusted: its blocks lie behind each other from the
/// begin of the segment to its end, and its tree has exactly the free ones, in order and balanced. Throws DomainError.
///
/// Of Boost.Interprocess's rbtree_best_fit, whose layout is private: a test compares what stands here with what Boost
/// does.
class AllocatorAudit {
  public:
    explicit AllocatorAudit(const HeapView& heap);

    void run();

    /// After that: whether a block that is given out begins here, and holds so many bytes.
    bool is_given_out(std::uint64_t place, std::uint64_t bytes) const noexcept;

  private:
    void check_blocks();
    void check_tree();
    unsigned check_subtree(std::uint64_t place, std::uint64_t parent, unsigned depth);
    std::uint64_t word(std::uint64_t place) const;

    const HeapView& heap_;
    std::uint64_t end_;
    BlockMap given_out_;
    BlockMap free_;
    std::uint64_t free_blocks_ = 0;
    std::uint64_t given_out_bytes_ = 0;
    std::uint64_t in_tree_ = 0;
    std::uint64_t last_units_ = 0;  ///< of the node before in the order of the tree
    std::uint64_t first_node_ = 0;
    std::uint64_t last_node_ = 0;
};

}  // namespace steward::shared
