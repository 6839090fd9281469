#pragma once

#include <array>
#include <cstdint>

#include "shared/object_header.hpp"

namespace steward::shared {

struct SessionRecord;
struct ResultTable;

inline constexpr std::uint64_t heap_magic = 0x70616568'64747773;  // "swtdheap" in memory
inline constexpr std::uint64_t heap_layout = 7;                   // raised by every change of MEMORY.md's tables

/// Size of a hash table: how many entries, and how many buckets (none yet: 0).
struct Counts {
    std::uint32_t size = 0;
    std::uint32_t buckets = 0;
};

struct DomainIdentity {
    std::uint32_t number = 0;
    std::uint32_t uid = 0;
};

/// A word that a Mutation is about to change, as it expects it, with its parity.
struct WordIntent {
    Field<std::uint64_t> line;
    Field<std::uint64_t> before;
    Field<std::uint64_t> after;
};

/// So many words may one Mutation change.
inline constexpr std::size_t most_words = 64;

/// The first page of a heap file. Words marked * are stored outside of the undo log.
struct HeapHeader {
    Field<std::uint64_t> magic;
    Field<std::uint64_t> layout;
    Field<DomainIdentity> domain;
    Field<std::uint64_t> superseded;     ///< * not 0: another heap has taken this one's place
    Field<std::uint64_t> segment_bytes;  ///< * obtained from the kernel for blocks
    Field<std::uint64_t> log_capacity;   ///< * entries of the undo log that are obtained
    Field<std::uint64_t> log_length;     ///< * entries in it; 0: no Mutation is under way
    Field<std::uint64_t> log_ends;       ///< * how often it was emptied again; never goes back
    Field<std::uint64_t> allocating;     ///< * not 0: the allocator is at work
    Field<std::uint64_t> intents_used;   ///< * how many of the `intents` count; 0: no word is about to change
    Field<Offset<Node>> garbage;
    Field<std::uint64_t> revisions;      ///< * the last version given to a dict's entry; never goes back
    Field<std::uint64_t> hash_seed;      ///< of the names and the dicts
    Field<std::uint64_t> token_floor;    ///< no lock may begin at or below it
    Field<std::uint64_t> session_floor;  ///< no session may have a number at or below it, but those recorded
    Field<Offset<Table>> slabs;          ///< of object headers, by slot / slots_per_slab
    Field<std::uint64_t> slabs_used;
    Field<std::uint64_t> slots_used;  ///< slots below it have been objects
    Field<std::uint64_t> objects;
    Field<Offset<ObjectHeader>> free_slots;            ///< linked by next_by_name
    Field<Offset<ObjectHeader>> free_slots_with_line;  ///< they keep their word line
    Field<std::uint64_t> lines_used;                   ///< word lines below it are given out; line 0 is never
    Field<Offset<Table>> name_buckets;
    Field<Counts> name_counts;
    Field<Offset<SessionRecord>> first_session;
    Field<Offset<SessionRecord>> last_session;
    Field<Offset<ResultTable>> first_results;
    Field<Offset<ResultTable>> last_results;
    std::array<WordIntent, most_words> intents;  ///< *
};

inline constexpr std::uint64_t heap_header_bytes = 4096;
static_assert(sizeof(HeapHeader) <= heap_header_bytes);

inline constexpr std::uint64_t log_begin = heap_header_bytes;
inline constexpr std::uint64_t log_max_bytes = std::uint64_t{1} << 26;
inline constexpr std::uint64_t segment_begin = log_begin + log_max_bytes;

constexpr std::uint64_t round_up(std::uint64_t bytes, std::uint64_t unit) noexcept {
    return (bytes + unit - 1) / unit * unit;
}

/// The range of addresses in which a heap is mapped whose blocks may come to `max_bytes`.
constexpr std::uint64_t heap_range_bytes(std::uint64_t max_bytes) noexcept {
    constexpr std::uint64_t page_bytes = 4096;
    return segment_begin + round_up(max_bytes, page_bytes);
}

}  // namespace steward::shared
