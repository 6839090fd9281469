#pragma once

#include <cstdint>
#include <vector>

#include "shared/heap_view.hpp"
#include "shared/live_blocks.hpp"

namespace steward::shared {

/// Makes of the empty file `into` a heap with all that is live in `from`, a heap whose allocator was interrupted and
/// cannot be trusted. The Mutation that was under way is settled in `from` first (Heap::settle); beside that nothing is
/// changed there, so whoever is killed here begins again with another empty file.
///
/// Throws NoMemory, which says how much is needed; DomainError where something stands in `from` that cannot be.
void copy_heap(const UniqueFd& from, UniqueFd into, const Heap::Options&, const Words&, MemoryBudget&);

/// How that is done: what is live is found by its links (block_links.hpp); then every block gets a place in the new
/// heap, in the order of the old places, so that neighbours stay neighbours; then the blocks are copied and their links
/// turned. What nobody reaches stays behind: garbage, and what the interrupted allocation or a rollback left. How often
/// objects are referred to is counted anew, since garbage would have counted down.
///
/// The old heap is only read, through a HeapView: nothing in it is believed, and no block may be reached twice, so that
/// no list leads round.
class HeapCopy {
  public:
    HeapCopy(const HeapView& from, Heap& into);

    /// What is live. Throws DomainError.
    void find();
    /// So many bytes of blocks has the copy; known after `find`.
    std::uint64_t needed_bytes() const noexcept { return live_.needed_bytes(); }
    /// After `find`. Throws NoMemory, DomainError. While it works the new heap's `allocating` is set: half a copy is no
    /// heap.
    void copy();

  private:
    class Turner;

    void place_blocks();
    std::uint64_t place_slab();
    std::uint64_t place_block(std::uint64_t bytes);
    void copy_block(std::uint64_t place, Turner&);
    void copy_object(std::uint64_t place, Turner&);
    void copy_header(Turner&);
    void count_reference(ObjectId) noexcept;
    void store_references() const;

    const HeapView& from_;
    Heap& into_;
    LiveBlocks live_;
    std::vector<std::uint32_t> references_;  ///< by slot: how often the object is referred to
};

}  // namespace steward::shared
