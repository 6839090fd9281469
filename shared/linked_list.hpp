#pragma once

#include "shared/mutation.hpp"

namespace steward::shared {

/// The two ends of a doubly linked list, in the state of whatever owns it. N derives from Linked.
template <class N>
struct ListEnds {
    Field<Offset<N>>& first;
    Field<Offset<N>>& last;
};

template <class N>
Offset<N> next_of(const Heap& heap, Offset<N> node) noexcept {
    return offset_cast<N>(heap.at(node)->next.load());
}

template <class N>
Offset<N> previous_of(const Heap& heap, Offset<N> node) noexcept {
    return offset_cast<N>(heap.at(node)->prev.load());
}

/// `node` is fresh, or unlinked.
template <class N>
void link_last(Mutation& mutation, ListEnds<N> ends, Offset<N> node) {
    Heap& heap = mutation.heap();
    const Offset<N> before = ends.last.load();
    heap.at(node)->prev.init(before);
    heap.at(node)->next.init({});
    if (before)
        mutation.store(heap.at(before)->next, node);
    else
        mutation.store(ends.first, node);
    mutation.store(ends.last, node);
}

/// The node keeps its contents; the caller discards it.
template <class N>
void unlink(Mutation& mutation, ListEnds<N> ends, Offset<N> node) {
    Heap& heap = mutation.heap();
    const Offset<N> before = previous_of(heap, node);
    const Offset<N> after = next_of(heap, node);
    if (before)
        mutation.store(heap.at(before)->next, after);
    else
        mutation.store(ends.first, after);
    if (after)
        mutation.store(heap.at(after)->prev, before);
    else
        mutation.store(ends.last, before);
}

/// All of them, in constant time.
template <class N>
void discard_all(Mutation& mutation, ListEnds<N> ends) {
    if (const Offset<N> first = ends.first.load()) {
        mutation.discard(first, ends.last.load());
        mutation.store(ends.first, {});
        mutation.store(ends.last, {});
    }
}

/// Puts the fresh `with` where `node` is; the caller discards `node`.
template <class N>
void relink(Mutation& mutation, ListEnds<N> ends, Offset<N> node, Offset<N> with) {
    Heap& heap = mutation.heap();
    const Offset<N> before = previous_of(heap, node);
    const Offset<N> after = next_of(heap, node);
    heap.at(with)->prev.init(before);
    heap.at(with)->next.init(after);
    if (before)
        mutation.store(heap.at(before)->next, with);
    else
        mutation.store(ends.first, with);
    if (after)
        mutation.store(heap.at(after)->prev, with);
    else
        mutation.store(ends.last, with);
}

}  // namespace steward::shared
