#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "shared/item.hpp"

namespace steward::shared {

/// All zero: an empty sequence. `directory` links to chunks of equal size, which link to items; together the chunks are
/// one ring of slots, whose number is a power of two: item i stands in slot (begin + i) modulo that number.
struct SequenceState {
    Field<Offset<Table>> directory;
    Field<std::uint64_t> begin;
    Field<std::uint64_t> size;
};

/// A sequence of MessagePack values (of a List). Index, replace, push and pop at both ends take constant time. What
/// moves many items builds the new structure beside, shares the items that stay, and stores one root. A view: cheap to
/// make. Rules as for Dict. Indices are checked by the caller (0 <= index < size); those of Python are turned into them
/// there.
class Sequence {
  public:
    /// A longer sequence grows chunk by chunk.
    static constexpr std::size_t slots_per_chunk = 512;

    Sequence(Heap& heap, SequenceState& state) noexcept : heap_(heap), state_(state) {}

    std::size_t size() const noexcept { return state_.size.load(); }
    std::string_view at(std::size_t index) const noexcept;

    void push_back(Mutation&, std::string_view value);
    void push_front(Mutation&, std::string_view value);
    /// The views stay valid until the next Heap::reap.
    std::string_view pop_back(Mutation&);
    std::string_view pop_front(Mutation&);
    void replace(Mutation&, std::size_t index, std::string_view value);
    void insert(Mutation&, std::size_t index, std::string_view value);
    std::string_view erase(Mutation&, std::size_t index);

    /// The `count` items from `first` on give way to `values` (extend, slice assignment, slice deletion, assign).
    void splice(Mutation&, std::size_t first, std::size_t count, std::span<const std::string_view> values);
    /// The `count` items at first, first + step, ... (step > 0).
    void erase_stepped(Mutation&, std::size_t first, std::size_t step, std::size_t count);
    void replace_stepped(Mutation&, std::size_t first, std::size_t step, std::span<const std::string_view> values);
    /// Item order[i] comes to i; `order` is a permutation of all indices (sort, reverse).
    void rearrange(Mutation&, std::span<const std::size_t> order);
    /// In constant time, whatever the size.
    void clear(Mutation&);

  private:
    struct Ring;
    class Build;

    Ring ring() const noexcept;
    Field<Offset<Node>>& slot(std::size_t index) const noexcept;
    void splice_in_place(Mutation&, std::size_t first, std::size_t count, std::span<const std::string_view> values);
    void adopt(Mutation&, Build& built);

    void make_room(Mutation&, std::size_t wanted);
    void widen_chunk(Mutation&, std::size_t wanted);
    void widen_directory(Mutation&);
    void open_slot(Mutation&, std::uint64_t position);
    void open_gap(Mutation&, std::size_t index, std::size_t count);
    void close_gap(Mutation&, std::size_t index, std::size_t count);
    void leave_slots(Mutation&, std::uint64_t position, std::size_t count);

    Heap& heap_;
    SequenceState& state_;
};

}  // namespace steward::shared
