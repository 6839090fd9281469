#pragma once

#include <bit>
#include <cstdint>

#include "shared/paged_table.hpp"

namespace steward::shared {

/// The bucket in which an entry with this hash is, of `buckets` > 0.
constexpr std::uint32_t bucket_of(std::uint32_t hash, std::uint32_t buckets) noexcept {
    const std::uint32_t mask = std::bit_ceil(buckets) - 1;
    return (hash & mask) < buckets ? hash & mask : hash & (mask >> 1);
}

/// Linear hashing (Litwin, "Linear hashing: a new tool for file and table addressing", 1980) with about one entry per
/// bucket: each insert beyond splits one bucket, so that the table grows without a pause. A view.
///
/// Links says how entries are chained:
///     using Entry = ...;
///     static Field<Offset<Entry>>& chain(Heap&, Offset<Entry>);
///     static std::uint32_t hash(const Heap&, Offset<Entry>);
template <class Links>
class BucketTable {
  public:
    using Entry = typename Links::Entry;
    static constexpr std::uint32_t first_buckets = PagedTable::first_slots;
    static constexpr std::uint32_t kept_buckets = 64;  ///< an empty table with more gives them back

    BucketTable(Heap& heap, Field<Offset<Table>>& root, Field<Counts>& counts) noexcept
        : heap_(heap), root_(root), counts_(counts) {}

    /// The head of the chain in which an entry with this hash is; none: there is no such chain.
    Offset<Entry> chain_of(std::uint32_t hash) const noexcept {
        const Counts counts = counts_.load();
        return counts.buckets == 0 ? Offset<Entry>{} : offset_cast<Entry>(bucket(hash, counts.buckets).load());
    }

    /// The entry is fresh, or in no table.
    void insert(Mutation& mutation, Offset<Entry> entry, std::uint32_t hash) {
        Counts counts = counts_.load();
        if (counts.size >= counts.buckets)
            counts.buckets = add_bucket(mutation, counts.buckets);
        Field<Offset<Node>>& head = bucket(hash, counts.buckets);
        mutation.store(Links::chain(heap_, entry), offset_cast<Entry>(head.load()));
        mutation.store(head, offset_cast<Node>(entry));
        mutation.store(counts_, {counts.size + 1, counts.buckets});
    }

    /// The entry is in the table.
    void erase(Mutation& mutation, Offset<Entry> entry, std::uint32_t hash) {
        put_in_place(mutation, entry, Links::chain(heap_, entry).load(), hash);
        const Counts counts = counts_.load();
        if (counts.size == 1 && counts.buckets > kept_buckets)
            clear(mutation);
        else
            mutation.store(counts_, {counts.size - 1, counts.buckets});
    }

    /// The fresh entry `with` takes the place of `entry`; both have this hash.
    void replace(Mutation& mutation, Offset<Entry> entry, Offset<Entry> with, std::uint32_t hash) {
        Links::chain(heap_, with).init(Links::chain(heap_, entry).load());
        put_in_place(mutation, entry, with, hash);
    }

    /// In constant time; the entries are the caller's to discard.
    void clear(Mutation& mutation) {
        if (const Offset<Table> root = root_.load()) {
            mutation.store(root_, {});
            mutation.store(counts_, {});
            mutation.discard(root);
        }
    }

  private:
    Field<Offset<Node>>& bucket(std::uint32_t hash, std::uint32_t buckets) const noexcept {
        return PagedTable{heap_, root_}.slot(bucket_of(hash, buckets), buckets);
    }

    /// What links to `entry` links to `next` then.
    void put_in_place(Mutation& mutation, Offset<Entry> entry, Offset<Entry> next, std::uint32_t hash) {
        Field<Offset<Node>>& head = bucket(hash, counts_.load().buckets);
        if (head.load() == offset_cast<Node>(entry)) {
            mutation.store(head, offset_cast<Node>(next));
            return;
        }
        Offset<Entry> before = offset_cast<Entry>(head.load());
        while (Links::chain(heap_, before).load() != entry)
            before = Links::chain(heap_, before).load();
        mutation.store(Links::chain(heap_, before), next);
    }

    /// Returns how many buckets there are then.
    std::uint32_t add_bucket(Mutation& mutation, std::uint32_t buckets) {
        PagedTable table{heap_, root_};
        table.grow(mutation, buckets);
        if (buckets == 0)
            return first_buckets;
        split(mutation, table.slot(buckets - std::bit_floor(buckets), buckets + 1), table.slot(buckets, buckets + 1),
              buckets);
        return buckets + 1;
    }

    /// Moves the entries that belong into the new bucket.
    void split(Mutation& mutation, Field<Offset<Node>>& from, Field<Offset<Node>>& into, std::uint32_t new_bucket) {
        const std::uint32_t mask = 2 * std::bit_floor(new_bucket) - 1;
        Offset<Entry> kept;
        Offset<Entry> moved;
        for (Offset<Entry> entry = offset_cast<Entry>(from.load()); entry;) {
            const Offset<Entry> next = Links::chain(heap_, entry).load();
            Offset<Entry>& list = (Links::hash(heap_, entry) & mask) == new_bucket ? moved : kept;
            if (next != list)
                mutation.store(Links::chain(heap_, entry), list);
            list = entry;
            entry = next;
        }
        mutation.store(from, offset_cast<Node>(kept));
        mutation.store(into, offset_cast<Node>(moved));
    }

    Heap& heap_;
    Field<Offset<Table>>& root_;
    Field<Counts>& counts_;
};

}  // namespace steward::shared
