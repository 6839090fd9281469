// How a Sequence's ring of slots grows, shifts and shrinks in place.

#include <algorithm>

#include "shared/sequence_ring.hpp"

namespace steward::shared {

void Sequence::make_room(Mutation& mutation, std::size_t wanted) {
    while (ring().slots() < wanted)
        if (const Ring now = ring(); now.slots() < slots_per_chunk)
            widen_chunk(mutation, std::min(wanted, slots_per_chunk));
        else
            widen_directory(mutation);
}

// From none or one chunk to one larger chunk.
void Sequence::widen_chunk(Mutation& mutation, std::size_t wanted) {
    Build wider{mutation, wanted};
    for (std::size_t index = 0; index < size(); ++index)
        wider.share(slot(index).load());
    adopt(mutation, wider);
}

// Twice the chunks, most of which come when they are needed. The first chunk of items becomes the first of all; where
// the end of the ring had come around into it, these slots move to a chunk of their own.
void Sequence::widen_directory(Mutation& mutation) {
    const Ring before = ring();
    const std::uint64_t begin = state_.begin.load() % before.slots();
    const auto chunks = static_cast<std::uint32_t>(2 * before.chunks());
    const auto wider = mutation.allocate<Table>(BlockKind::page, Table::bytes_for(chunks), chunks);
    Table& directory = *heap_.at(wider);
    for (std::size_t index = 0; index < before.chunks(); ++index) {
        const std::size_t from = (before.chunk_of(begin) + index) % before.chunks();
        directory.slot(index).init(before.directory->slot(from).load());
    }
    const std::uint64_t first = begin % slots_per_chunk;
    const std::size_t inside = before.slots() - static_cast<std::size_t>(first);
    if (size() > inside) {
        const auto chunk = mutation.allocate<Table>(BlockKind::chunk, Table::bytes_for(slots_per_chunk),
                                                    static_cast<std::uint32_t>(slots_per_chunk));
        directory.slot(before.chunks()).init(chunk);
        for (std::size_t index = 0; index < size() - inside; ++index) {
            Field<Offset<Node>>& moved = before.chunk(before.chunk_of(begin))->slot(index);
            heap_.at(chunk)->slot(index).init(moved.load());
            mutation.store(moved, {});
        }
    }
    mutation.store(before.directory->tag, {BlockKind::page, before.directory->slots()});
    mutation.discard(state_.directory.load());
    mutation.store(directory.tag, {BlockKind::directory, chunks});
    mutation.store(state_.directory, wider);
    mutation.store(state_.begin, first);
}

// Sees to it that there is a chunk for the slot.
void Sequence::open_slot(Mutation& mutation, std::uint64_t position) {
    const Ring now = ring();
    Field<Offset<Node>>& chunk = now.directory->slot(now.chunk_of(position));
    if (!chunk.load()) {
        mutation.store(chunk, mutation.allocate<Table>(BlockKind::chunk, Table::bytes_for(slots_per_chunk),
                                                       static_cast<std::uint32_t>(slots_per_chunk)));
    }
}

// `count` slots at `index`, whose contents mean nothing, by moving the shorter side.
void Sequence::open_gap(Mutation& mutation, std::size_t index, std::size_t count) {
    make_room(mutation, size() + count);
    const std::size_t before = size();
    const std::uint64_t begin = state_.begin.load();
    const bool at_front = index < before - index;
    const std::uint64_t new_begin = at_front ? begin - count : begin;
    for (std::size_t step = 0; step < count; ++step)
        open_slot(mutation, at_front ? new_begin + step : begin + before + step);
    if (at_front) {
        for (std::size_t moved = 0; moved < index; ++moved)
            mutation.store(ring().slot(new_begin + moved), ring().slot(begin + moved).load());
        mutation.store(state_.begin, new_begin);
    } else {
        for (std::size_t moved = before; moved-- > index;)
            mutation.store(slot(moved + count), slot(moved).load());
    }
    mutation.store(state_.size, before + count);
}

// The `count` slots at `index` go, by moving the shorter side; their items are the caller's.
void Sequence::close_gap(Mutation& mutation, std::size_t index, std::size_t count) {
    const std::size_t after = size() - count;
    const std::uint64_t begin = state_.begin.load();
    const bool at_front = index < after - index;
    if (at_front) {
        for (std::size_t moved = index; moved-- > 0;)
            mutation.store(slot(moved + count), slot(moved).load());
        mutation.store(state_.begin, begin + count);
    } else {
        for (std::size_t moved = index; moved < after; ++moved)
            mutation.store(slot(moved), slot(moved + count).load());
    }
    mutation.store(state_.size, after);
    leave_slots(mutation, at_front ? begin : begin + after, count);
}

// `count` slots from `position` on are outside of the items now. Chunks that hold no other item go.
void Sequence::leave_slots(Mutation& mutation, std::uint64_t position, std::size_t count) {
    const Ring now = ring();
    for (std::size_t step = 0; step < count; ++step)
        mutation.store(now.slot(position + step), {});
    if (now.chunks() == 1)
        return;
    if (size() == 0) {
        clear(mutation);
        return;
    }
    const std::uint64_t begin = state_.begin.load();
    const std::size_t first = now.chunk_of(begin);
    const std::size_t last = now.chunk_of(begin + size() - 1);
    for (std::size_t step = 0; step < count; ++step) {
        const std::size_t left = now.chunk_of(position + step);
        Field<Offset<Node>>& link = now.directory->slot(left);
        if (const Offset<Node> chunk = link.load(); chunk && left != first && left != last) {
            mutation.store(link, {});
            mutation.discard(chunk);
        }
    }
}

}  // namespace steward::shared
