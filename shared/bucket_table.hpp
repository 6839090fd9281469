#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "shared/bucket_link.hpp"
#include "shared/paged_table.hpp"

namespace steward::shared {

/// The bucket in which an entry with this hash is, of `buckets` > 0.
constexpr std::uint32_t bucket_of(std::uint32_t hash, std::uint32_t buckets) noexcept {
    const std::uint32_t mask = std::bit_ceil(buckets) - 1;
    return (hash & mask) < buckets ? hash & mask : hash & (mask >> 1);
}

/// A bucket is so many links side by side. Each leads to an entry, which has its own; those of more entries are chained
/// from the last.
inline constexpr std::uint32_t links_per_bucket = 8;
inline constexpr std::uint32_t most_buckets = PagedTable::max_slots / links_per_bucket;

/// Linear hashing (Litwin, "Linear hashing: a new tool for file and table addressing", 1980) with about five entries
/// per bucket: each insert beyond splits one bucket, so that the table grows without a pause. An entry is mostly found
/// by one look at its bucket and one at itself. A view.
///
/// Links says how entries are chained:
///     using Entry = ...;
///     static Field<Offset<Entry>>& chain(Heap&, Offset<Entry>);
///     static std::uint32_t hash(const Heap&, Offset<Entry>);
template <class Links>
class BucketTable {
  public:
    using Entry = typename Links::Entry;
    static constexpr std::uint32_t entries_per_bucket = 5;
    static constexpr std::uint32_t kept_buckets = 1;  ///< an empty table with more gives them back

    BucketTable(Heap& heap, Field<Offset<Table>>& root, Field<Counts>& counts) noexcept
        : heap_(heap), root_(root), counts_(counts) {}

    /// The first entry with (nearly) this hash that `is_wanted` (bool of an Offset<Entry>); or none.
    template <class IsWanted>
    Offset<Entry> find(std::uint32_t hash, IsWanted&& is_wanted) const {
        const std::uint32_t buckets = counts_.load().buckets;
        if (buckets == 0)
            return {};
        const Bucket bucket = bucket_with(hash, buckets);
        for (std::uint32_t index = 0; index < links_per_bucket; ++index)
            if (may_lead_to(bucket[index].load(), hash) && is_wanted(entry_at(bucket[index])))
                return entry_at(bucket[index]);
        Offset<Entry> entry = entry_at(bucket[last_link]);
        while (entry && !is_wanted(entry))
            entry = Links::chain(heap_, entry).load();
        return entry;
    }

    /// The entry is fresh, or in no table.
    void insert(Mutation& mutation, Offset<Entry> entry, std::uint32_t hash) {
        Counts counts = counts_.load();
        if (counts.size >= std::uint64_t{counts.buckets} * entries_per_bucket)
            counts.buckets = add_bucket(mutation, counts.buckets);
        put(mutation, bucket_with(hash, counts.buckets), entry, hash);
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
    using Bucket = Field<Offset<Node>>*;
    static constexpr std::uint32_t last_link = links_per_bucket - 1;
    static_assert(PagedTable::first_slots == links_per_bucket, "a bucket lies in one page");

    /// Of `buckets`, the one with this number.
    Bucket bucket_at(std::uint32_t number, std::uint32_t buckets) const noexcept {
        constexpr std::size_t links = links_per_bucket;
        return &PagedTable{heap_, root_}.slot(number * links, buckets * links);
    }
    Bucket bucket_with(std::uint32_t hash, std::uint32_t buckets) const noexcept {
        return bucket_at(bucket_of(hash, buckets), buckets);
    }
    static Offset<Entry> entry_at(const Field<Offset<Node>>& link) noexcept { return entry_of<Entry>(link.load()); }

    /// What does not begin a chain leads nowhere.
    void chain(Mutation& mutation, Offset<Entry> entry, Offset<Entry> next) {
        if (Links::chain(heap_, entry).load() != next)
            mutation.store(Links::chain(heap_, entry), next);
    }

    void put(Mutation& mutation, Bucket bucket, Offset<Entry> entry, std::uint32_t hash) {
        std::uint32_t index = 0;
        while (index < last_link && bucket[index].load())
            ++index;
        chain(mutation, entry, index == last_link ? entry_at(bucket[index]) : Offset<Entry>{});
        mutation.store(bucket[index], bucket_link(entry, hash));
    }

    /// What links to `entry` links to `next` then, whose place in the chain is known.
    void put_in_place(Mutation& mutation, Offset<Entry> entry, Offset<Entry> next, std::uint32_t hash) {
        const Bucket bucket = bucket_with(hash, counts_.load().buckets);
        for (std::uint32_t index = 0; index < links_per_bucket; ++index) {
            if (entry_at(bucket[index]) == entry) {
                mutation.store(bucket[index], next ? bucket_link(next, Links::hash(heap_, next)) : Offset<Node>{});
                return;
            }
        }
        Offset<Entry> before = entry_at(bucket[last_link]);
        while (Links::chain(heap_, before).load() != entry)
            before = Links::chain(heap_, before).load();
        mutation.store(Links::chain(heap_, before), next);
    }

    /// Returns how many buckets there are then.
    std::uint32_t add_bucket(Mutation& mutation, std::uint32_t buckets) {
        PagedTable{heap_, root_}.grow(mutation, std::size_t{buckets} * links_per_bucket);
        if (buckets > 0)
            split(mutation, bucket_at(buckets - std::bit_floor(buckets), buckets + 1), bucket_at(buckets, buckets + 1),
                  buckets);
        return buckets + 1;
    }

    /// Moves the entries that belong into the new bucket, and those that stay out of the chain where there is room.
    void split(Mutation& mutation, Bucket from, Bucket into, std::uint32_t new_bucket) {
        const std::uint32_t mask = 2 * std::bit_floor(new_bucket) - 1;
        const auto bucket_for = [&](std::uint32_t hash) { return (hash & mask) == new_bucket ? into : from; };
        for (std::uint32_t index = 0; index < last_link; ++index) {
            const Offset<Entry> entry = entry_at(from[index]);
            const std::uint32_t hash = entry ? Links::hash(heap_, entry) : 0;
            if (!entry || bucket_for(hash) == from)
                continue;
            mutation.store(from[index], {});
            put(mutation, into, entry, hash);
        }
        Offset<Entry> chained = entry_at(from[last_link]);
        if (chained)
            mutation.store(from[last_link], {});
        while (chained) {
            const Offset<Entry> next = Links::chain(heap_, chained).load();
            const std::uint32_t hash = Links::hash(heap_, chained);
            put(mutation, bucket_for(hash), chained, hash);
            chained = next;
        }
    }

    Heap& heap_;
    Field<Offset<Table>>& root_;
    Field<Counts>& counts_;
};

}  // namespace steward::shared
