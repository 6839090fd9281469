#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "shared/block_map.hpp"
#include "shared/heap_view.hpp"
#include "shared/node.hpp"

namespace steward::shared {

class Kinds;

/// Throws DomainError: the heap is damaged.
[[noreturn]] void throw_damaged(const std::string& why);

/// What is live in a heap: all that the links lead to that own something (block_links.hpp), from the header on. Nothing
/// in the heap is believed: each link leads to a block of a kind that it may lead to, which lies in the heap wholly and
/// belongs to it alone, so that no list leads round.
class LiveBlocks {
  public:
    static constexpr std::uint64_t slab_bytes = slots_per_slab * sizeof(ObjectHeader);

    explicit LiveBlocks(const HeapView& from);

    /// Throws DomainError.
    void find();

    // After that:

    /// Every block, and every object's header as one.
    const BlockMap& map() const noexcept { return map_; }
    BlockMap& map() noexcept { return map_; }
    /// So many bytes of blocks would a copy have.
    std::uint64_t needed_bytes() const noexcept { return needed_bytes_; }
    /// Where the objects' headers are, by their numbers.
    const std::vector<std::uint64_t>& slabs() const noexcept { return slabs_; }
    /// The same by their places.
    const std::vector<std::uint64_t>& in_order() const noexcept { return in_order_; }
    /// One that was found.
    const Node& block_at(std::uint64_t place) const;
    std::uint64_t bytes_at(std::uint64_t place, const Node& block) const;
    /// Null: there are not so many.
    const ObjectHeader* object_in(std::uint64_t slot) const noexcept;

  private:
    struct Finder;

    void find_slabs();
    void find_slab(std::uint64_t place);
    void reach(std::uint64_t place, Kinds kinds);
    void reach_elements(const ObjectHeader&);
    void follow();

    const HeapView& from_;
    BlockMap map_;
    std::vector<const Node*> to_follow_;  ///< reached, and its links not yet
    std::vector<std::uint64_t> slabs_;
    std::vector<std::uint64_t> in_order_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>>
        elements_;  ///< where numbers of arrays are, and how many bytes
    std::uint64_t needed_bytes_ = 0;
};

}  // namespace steward::shared
