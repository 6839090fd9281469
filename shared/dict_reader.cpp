#include "shared/dict_reader.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "proto/reader.hpp"
#include "proto/value.hpp"
#include "shared/bucket_table.hpp"
#include "shared/dict.hpp"

namespace steward::shared {

namespace {

/// Hardly any entry is chained; a chain that is longer than this has no end, or is somebody's intent.
constexpr unsigned most_chained = 1024;
/// Of a longer key only the same bytes are recognized; where its hash alone is the same, the daemon compares.
constexpr std::size_t most_compared_bytes = 256;

/// An entry whose key and value are known to lie in the heap.
struct EntryReader {
    Offset<DictEntry> place;
    const DictEntry* entry = nullptr;
    EntrySizes sizes;

    EntryReader() noexcept = default;
    /// `entry` is null where there can be none.
    EntryReader(const Snapshot& snapshot, Offset<DictEntry> at) noexcept : place(at), entry(snapshot.heap().at(at)) {
        if (entry == nullptr)
            return;
        sizes = entry->sizes.load();
        if (snapshot.heap().at(at, std::uint64_t{sizes.key} + sizes.value) == nullptr)
            entry = nullptr;
    }

    bool is_plain() const noexcept { return entry->tag.load().kind == BlockKind::dict_entry; }
    const char* key() const noexcept { return bytes_behind(entry); }
    std::uint64_t key_place() const noexcept { return place.value + sizeof(DictEntry); }
    std::uint64_t value_place() const noexcept { return key_place() + sizes.key; }
};

enum class Match : std::uint8_t { same, other, unclear };

/// Whether keys in different bytes are equal. What is compared is a copy: no other would hold still for it.
Match match_copy(const EntryReader& found, std::string_view key) {
    std::array<char, most_compared_bytes> copy;
    if (found.sizes.key > copy.size())
        return Match::unclear;
    copy_racing_bytes(copy.data(), found.key(), found.sizes.key);
    try {
        return proto::equal({copy.data(), found.sizes.key}, key) ? Match::same : Match::other;
    } catch (const proto::Malformed&) {
        return Match::unclear;
    }
}

Match match(const EntryReader& found, std::string_view key) {
    if (found.sizes.key == key.size() && equal_racing_bytes(found.key(), key))
        return Match::same;
    return match_copy(found, key);
}

/// Key and value come from memory together with the entry, not after it.
void prefetch_contents(const DictEntry& entry) noexcept {
    constexpr std::size_t line_bytes = 64;
    __builtin_prefetch(reinterpret_cast<const char*>(&entry) + line_bytes);
    __builtin_prefetch(reinterpret_cast<const char*>(&entry) + 2 * line_bytes);
}

/// The links of the bucket with this hash; null: there can be none.
const Field<Offset<Node>>* bucket_with(const Snapshot& snapshot, std::uint32_t hash, std::uint32_t buckets) noexcept {
    constexpr std::size_t links = links_per_bucket;
    if (buckets > most_buckets)
        return nullptr;
    return snapshot.heap().paged_links(snapshot.state_as<DictState>().buckets.load(), bucket_of(hash, buckets) * links,
                                       links, buckets * links);
}

/// Whether the entry at a place is the one with this key; where it is found, `found` is that.
Reading look_at(const Snapshot& snapshot, Offset<DictEntry> place, std::string_view key, std::uint32_t hash,
                EntryReader& found) {
    const DictEntry* entry = snapshot.heap().at(place);
    if (entry == nullptr)
        return Reading::undecided;
    prefetch_contents(*entry);
    if (entry->tag.load().extra != hash)
        return Reading::missing;
    found = EntryReader{snapshot, place};
    switch (found.entry == nullptr ? Match::unclear : match(found, key)) {
        case Match::same: return Reading::found;
        case Match::other: return Reading::missing;
        case Match::unclear: break;
    }
    return Reading::undecided;
}

/// In the chain that begins behind an entry that is another one.
Reading look_behind(const Snapshot& snapshot, Offset<DictEntry> place, std::string_view key, std::uint32_t hash,
                    EntryReader& found) {
    for (unsigned steps = 0; steps < most_chained; ++steps) {
        const DictEntry* entry = snapshot.heap().at(place);
        if (entry == nullptr)
            return Reading::undecided;
        place = entry->chain.load();
        if (!place)
            return Reading::missing;
        if (const Reading looked = look_at(snapshot, place, key, hash, found); looked != Reading::missing)
            return looked;
    }
    return Reading::undecided;
}

Reading look_up(const Snapshot& snapshot, std::string_view key, std::uint32_t hash, EntryReader& found) {
    const std::uint32_t buckets = snapshot.state_as<DictState>().counts.load().buckets;
    if (buckets == 0)
        return Reading::missing;
    const auto* bucket = bucket_with(snapshot, hash, buckets);
    if (bucket == nullptr)
        return Reading::undecided;
    Offset<Node> link;
    for (std::uint32_t index = 0; index < links_per_bucket; ++index) {
        link = bucket[index].load();
        if (!may_lead_to(link, hash))
            continue;
        const Reading looked = look_at(snapshot, entry_of<DictEntry>(link), key, hash, found);
        if (looked != Reading::missing)
            return looked;
    }
    const auto last = entry_of<DictEntry>(link);
    return last ? look_behind(snapshot, last, key, hash, found) : Reading::missing;
}

Reading read_value(const Snapshot& snapshot, const EntryReader& found, Output& output) {
    const bool copied = found.is_plain() && snapshot.append(output, found.value_place(), found.sizes.value);
    return copied ? Reading::found : Reading::undecided;
}

/// Key and value of an entry lie side by side.
Reading read_pair(const Snapshot& snapshot, const EntryReader& found, Output& output) {
    const std::uint64_t bytes = std::uint64_t{found.sizes.key} + found.sizes.value;
    const bool copied = found.entry != nullptr && found.is_plain() && snapshot.append(output, found.key_place(), bytes);
    return copied ? Reading::found : Reading::undecided;
}

Reading read_all_pairs(const Snapshot& snapshot, std::uint64_t size, Output& output) {
    // Each key and each value has a byte at least.
    if (size > output.room / 2)
        return Reading::undecided;
    Offset<DictEntry> place = snapshot.state_as<DictState>().first.load();
    for (std::uint64_t count = 0; count < size; ++count) {
        const EntryReader found{snapshot, place};
        if (!snapshot.holds() || read_pair(snapshot, found, output) != Reading::found)
            return Reading::undecided;
        place = offset_cast<DictEntry>(found.entry->next.load());
    }
    return Reading::found;
}

std::uint64_t dict_size_in(const Snapshot& snapshot) noexcept {
    return snapshot.state_as<DictState>().counts.load().size;
}

}  // namespace

Readout<std::uint64_t> DictReader::size() const {
    Readout<std::uint64_t> readout;
    readout.reading = object_.read([&](const Snapshot& snapshot) {
        readout.value = dict_size_in(snapshot);
        return Reading::found;
    });
    return readout;
}

Readout<std::uint64_t> DictReader::find(std::string_view key, std::string& value) const {
    const std::uint32_t hash = proto::hash_key(key, object_.heap().hash_seed());
    Readout<std::uint64_t> readout;
    readout.reading = object_.read_into(value, most_copied_bytes, [&](const Snapshot& snapshot, Output& output) {
        EntryReader found;
        const Reading looked = look_up(snapshot, key, hash, found);
        if (looked != Reading::found)
            return looked;
        readout.value = found.entry->version.load();
        return read_value(snapshot, found, output);
    });
    return readout;
}

Readout<std::string_view> DictReader::find(std::string_view key, std::span<std::uint64_t> room) const noexcept {
    const std::uint32_t hash = proto::hash_key(key, object_.heap().hash_seed());
    Readout<std::string_view> readout;
    readout.reading = object_.read([&](const Snapshot& snapshot) {
        EntryReader found;
        const Reading looked = look_up(snapshot, key, hash, found);
        if (looked != Reading::found)
            return looked;
        if (!found.is_plain())
            return Reading::undecided;
        readout.value = snapshot.copy(room, found.value_place(), found.sizes.value);
        return readout.value.data() != nullptr ? Reading::found : Reading::undecided;
    });
    return readout;
}

Reading DictReader::contains(std::string_view key) const {
    const std::uint32_t hash = proto::hash_key(key, object_.heap().hash_seed());
    return object_.read([&](const Snapshot& snapshot) {
        EntryReader found;
        return look_up(snapshot, key, hash, found);
    });
}

Readout<std::uint64_t> DictReader::copy(std::string& pairs, std::size_t most_bytes) const {
    Readout<std::uint64_t> readout;
    readout.reading = object_.read_into(pairs, most_bytes, [&](const Snapshot& snapshot, Output& output) {
        readout.value = dict_size_in(snapshot);
        return read_all_pairs(snapshot, readout.value, output);
    });
    return readout;
}

}  // namespace steward::shared
