#pragma once

#include <cstddef>

#include "shared/mutation.hpp"

namespace steward::shared {

/// An array of links that grows by one without ever moving more than a page: a page of up to 1,024 links, above that a
/// tree of branches over pages. How many links there are is known to the caller, and says how deep the tree is. A view.
class PagedTable {
  public:
    static constexpr std::size_t bits_per_level = 10;
    static constexpr std::size_t slots_per_page = std::size_t{1} << bits_per_level;
    static constexpr std::size_t first_slots = 8;
    static constexpr std::size_t max_slots = slots_per_page * slots_per_page * slots_per_page;

    /// How many levels of branches stand over the pages of `count` links.
    static constexpr std::size_t branch_levels(std::size_t count) noexcept {
        return count <= slots_per_page ? 0 : count <= slots_per_page * slots_per_page ? 1 : 2;
    }
    /// Where in a branch of that level, or in a page (level 0), the way to link `index` goes on.
    static constexpr std::size_t slot_in_level(std::size_t index, std::size_t level) noexcept {
        return (index >> (level * bits_per_level)) % slots_per_page;
    }

    PagedTable(Heap& heap, Field<Offset<Table>>& root) noexcept : heap_(heap), root_(root) {}

    /// Of `count` links, count > 0.
    Field<Offset<Node>>& slot(std::size_t index, std::size_t count) const noexcept;
    /// Makes room for a link at `count`, which is empty then. Throws NoMemory.
    void grow(Mutation&, std::size_t count);

  private:
    void widen_page(Mutation&);
    void add_page(Mutation&, std::size_t count);

    Heap& heap_;
    Field<Offset<Table>>& root_;
};

}  // namespace steward::shared
