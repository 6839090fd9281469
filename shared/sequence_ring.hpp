#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "shared/sequence.hpp"

namespace steward::shared {

/// How many slots a ring has and where they are. All sizes are powers of two, so positions may run over.
struct RingShape {
    std::size_t chunk_count = 0;
    unsigned slot_bits = 0;

    std::size_t chunks() const noexcept { return chunk_count; }
    std::size_t slots() const noexcept { return chunk_count << slot_bits; }
    std::size_t chunk_of(std::uint64_t position) const noexcept { return (position >> slot_bits) & (chunk_count - 1); }
    std::size_t slot_in_chunk(std::uint64_t position) const noexcept {
        return position & ((std::size_t{1} << slot_bits) - 1);
    }
};

/// The slots of a sequence as its directory has them.
struct Sequence::Ring : RingShape {
    Heap& heap;
    Table* directory;  ///< null: no slots

    Ring(Heap& the_heap, Offset<Table> place) noexcept
        : heap(the_heap), directory(place ? the_heap.at(place) : nullptr) {
        if (directory != nullptr) {
            chunk_count = directory->slots();
            const std::size_t per_chunk = chunk_count == 1 ? chunk(0)->slots() : slots_per_chunk;
            slot_bits = static_cast<unsigned>(std::countr_zero(per_chunk));
        }
    }

    Table* chunk(std::size_t index) const noexcept {
        return heap.at(offset_cast<Table>(directory->slot(index).load()));
    }
    Field<Offset<Node>>& slot(std::uint64_t position) const noexcept {
        return chunk(chunk_of(position))->slot(slot_in_chunk(position));
    }
};

/// A new directory beside the live one, filled from its beginning. It does not own the items that are shared with
/// others: while it is built a rollback frees its chunks alone; `own_items` ends that.
class Sequence::Build {
  public:
    /// Room for `size` items. With `owned` the items are new and belong to it from the start.
    Build(Mutation&, std::size_t size, BlockKind kind = BlockKind::skeleton);

    void share(Offset<Node> item) noexcept { next_slot().init(item); }
    void add(std::string_view value) { make_item_into(mutation_, next_slot(), value); }

    void own_items();
    /// The items belong to another now.
    void release_items();

    Offset<Table> directory() const noexcept { return directory_; }
    std::size_t size() const noexcept { return filled_; }
    Offset<Node> item(std::size_t index) const noexcept;

  private:
    Field<Offset<Node>>& next_slot() noexcept;

    Mutation& mutation_;
    Offset<Table> directory_;
    std::size_t filled_ = 0;
};

}  // namespace steward::shared
