#include "shared/dict.hpp"

#include <cstring>

#include "proto/value.hpp"
#include "shared/bucket_table.hpp"
#include "shared/errors.hpp"
#include "shared/in_place.hpp"
#include "shared/references.hpp"

namespace steward::shared {

namespace {

struct EntryLinks {
    using Entry = DictEntry;
    static Field<Offset<DictEntry>>& chain(Heap& heap, Offset<DictEntry> entry) noexcept {
        return heap.at(entry)->chain;
    }
    static std::uint32_t hash(const Heap& heap, Offset<DictEntry> entry) noexcept {
        return heap.at(entry)->tag.load().extra;
    }
};

using Buckets = BucketTable<EntryLinks>;

std::string_view key_of(DictEntry& entry) noexcept {
    return {bytes_behind(&entry), entry.sizes.load().key};
}

std::string_view value_of(DictEntry& entry) noexcept {
    const EntrySizes sizes = entry.sizes.load();
    return {bytes_behind(&entry) + sizes.key, sizes.value};
}

EntrySizes sizes_of(std::string_view key, std::string_view value) {
    constexpr std::size_t largest = UINT32_MAX;
    if (key.size() > largest || value.size() > largest)
        throw NoMemory("a dict's entry is too large");
    return {static_cast<std::uint32_t>(key.size()), static_cast<std::uint32_t>(value.size())};
}

ListEnds<DictEntry> order_of(DictState& state) noexcept {
    return {state.first, state.last};
}

}  // namespace

std::optional<Dict::Entry> Dict::find(std::string_view key) const noexcept {
    return entry_or_none(lookup(key, proto::hash_key(key, heap_.hash_seed())));
}

std::uint64_t Dict::set(Mutation& mutation, std::string_view key, std::string_view value) {
    const std::uint32_t hash = proto::hash_key(key, heap_.hash_seed());
    const Offset<DictEntry> found = lookup(key, hash);
    const std::uint64_t version = next_version();
    if (!found) {
        insert(mutation, make_entry(mutation, key, value, version, hash), hash);
    } else if (!replace_in_place(mutation, *heap_.at(found), value, version)) {
        const Offset<DictEntry> with = make_entry(mutation, key_of(*heap_.at(found)), value, version, hash);
        Buckets{heap_, state_.buckets, state_.counts}.replace(mutation, found, with, hash);
        relink(mutation, order_of(state_), found, with);
        mutation.discard(found);
    }
    return version;
}

bool Dict::erase(Mutation& mutation, std::string_view key) {
    return pop(mutation, key).has_value();
}

void Dict::erase(Mutation& mutation, const Entry& entry) {
    const std::uint32_t hash = EntryLinks::hash(heap_, entry.place);
    Buckets{heap_, state_.buckets, state_.counts}.erase(mutation, entry.place, hash);
    unlink(mutation, order_of(state_), entry.place);
    mutation.discard(entry.place);
}

std::optional<Dict::Entry> Dict::pop(Mutation& mutation, std::string_view key) {
    const std::optional<Entry> found = find(key);
    if (found)
        erase(mutation, *found);
    return found;
}

std::optional<Dict::Entry> Dict::pop_first(Mutation& mutation) {
    const std::optional<Entry> found = first();
    if (found)
        erase(mutation, *found);
    return found;
}

std::optional<Dict::Entry> Dict::pop_last(Mutation& mutation) {
    const std::optional<Entry> found = last();
    if (found)
        erase(mutation, *found);
    return found;
}

void Dict::clear(Mutation& mutation) {
    discard_all(mutation, order_of(state_));
    Buckets{heap_, state_.buckets, state_.counts}.clear(mutation);
}

std::optional<Dict::Entry> Dict::entry_or_none(Offset<DictEntry> place) const noexcept {
    if (!place)
        return std::nullopt;
    DictEntry& entry = *heap_.at(place);
    return Entry{place, key_of(entry), value_of(entry), entry.version.load()};
}

Offset<DictEntry> Dict::lookup(std::string_view key, std::uint32_t hash) const noexcept {
    return Buckets{heap_, state_.buckets, state_.counts}.find(hash, [&](Offset<DictEntry> place) {
        DictEntry& entry = *heap_.at(place);
        return entry.tag.load().extra == hash && proto::equal(key_of(entry), key);
    });
}

Offset<DictEntry> Dict::make_entry(Mutation& mutation, std::string_view key, std::string_view value,
                                   std::uint64_t version, std::uint32_t hash) const {
    const EntrySizes sizes = sizes_of(key, value);
    const std::size_t bytes = sizeof(DictEntry) + key.size() + value.size();
    const auto place = mutation.allocate<DictEntry>(BlockKind::dict_entry, bytes, hash);
    DictEntry& entry = *heap_.at(place);
    entry.version.init(version);
    entry.sizes.init(sizes);
    std::memcpy(bytes_behind(&entry), key.data(), key.size());
    std::memcpy(bytes_behind(&entry) + key.size(), value.data(), value.size());
    count_references(mutation, place, {bytes_behind(&entry), key.size() + value.size()});
    return place;
}

void Dict::insert(Mutation& mutation, Offset<DictEntry> entry, std::uint32_t hash) {
    Buckets{heap_, state_.buckets, state_.counts}.insert(mutation, entry, hash);
    link_last(mutation, order_of(state_), entry);
}

bool Dict::replace_in_place(Mutation& mutation, DictEntry& entry, std::string_view value, std::uint64_t version) {
    const EntrySizes sizes = entry.sizes.load();
    const std::size_t needed = sizeof(DictEntry) + sizes.key + value.size();
    const std::size_t room = heap_.capacity_of(heap_.offset_of<Node>(&entry));
    if (may_refer(heap_, heap_.offset_of<Node>(&entry), value))
        return false;
    if (!is_worth_replacing_in_place(value.size(), needed, room))
        return false;
    mutation.overwrite(reinterpret_cast<std::byte*>(bytes_behind(&entry) + sizes.key), std::as_bytes(std::span{value}));
    if (value.size() != sizes.value)
        mutation.store(entry.sizes, sizes_of(key_of(entry), value));
    mutation.store(entry.version, version);
    return true;
}

std::uint64_t Dict::next_version() noexcept {
    Field<std::uint64_t>& last = heap_.header().revisions;
    last.init(last.load() + 1);
    return last.load();
}

}  // namespace steward::shared
