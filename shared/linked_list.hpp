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

/// `node` is fresh. Between `before` and `after`, which are neighbours; none of one is the end of the list there.
template <class N>
void link_between(Mutation& mutation, ListEnds<N> ends, Offset<N> node, Offset<N> before, Offset<N> after) {
    Heap& heap = mutation.heap();
    heap.at(node)->prev.init(before);
    heap.at(node)->next.init(after);
    if (before)
        mutation.store(heap.at(before)->next, node);
    else
        mutation.store(ends.first, node);
    if (after)
        mutation.store(heap.at(after)->prev, node);
    else
        mutation.store(ends.last, node);
}

template <class N>
void link_last(Mutation& mutation, ListEnds<N> ends, Offset<N> node) {
    link_between(mutation, ends, node, ends.last.load(), {});
}

template <class N>
void link_before(Mutation& mutation, ListEnds<N> ends, Offset<N> node, Offset<N> after) {
    link_between(mutation, ends, node, previous_of(mutation.heap(), after), after);
}

/// The same for a node that was just unlinked and others may still look at: its own links are stored, with undo.
template <class N>
void relink_between(Mutation& mutation, ListEnds<N> ends, Offset<N> node, Offset<N> before, Offset<N> after) {
    Heap& heap = mutation.heap();
    mutation.store(heap.at(node)->prev, before);
    mutation.store(heap.at(node)->next, after);
    link_between(mutation, ends, node, before, after);
}

template <class N>
void relink_last(Mutation& mutation, ListEnds<N> ends, Offset<N> node) {
    relink_between(mutation, ends, node, ends.last.load(), {});
}

template <class N>
void relink_before(Mutation& mutation, ListEnds<N> ends, Offset<N> node, Offset<N> after) {
    relink_between(mutation, ends, node, previous_of(mutation.heap(), after), after);
}

template <class N>
void relink_first(Mutation& mutation, ListEnds<N> ends, Offset<N> node) {
    relink_between(mutation, ends, node, {}, ends.first.load());
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
