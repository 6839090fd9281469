#pragma once

#include <cstdint>

#include "shared/node.hpp"

namespace steward::shared {

// A link of a bucket: the place of an entry, and above it a piece of the entry's hash, by which nearly all others are
// passed by without a look at them.

inline constexpr unsigned place_bits = 48;

template <class Entry>
constexpr Offset<Node> bucket_link(Offset<Entry> entry, std::uint32_t hash) noexcept {
    constexpr unsigned piece_bits = 16;
    return Offset<Node>{std::uint64_t{hash >> piece_bits} << place_bits | entry.value};
}

template <class Entry>
constexpr Offset<Entry> entry_of(Offset<Node> link) noexcept {
    return Offset<Entry>{link.value & ((std::uint64_t{1} << place_bits) - 1)};
}

/// The link to the same entry at another place.
constexpr Offset<Node> moved_link(Offset<Node> link, std::uint64_t place) noexcept {
    return Offset<Node>{link.value - entry_of<Node>(link).value + place};
}

/// Whether the link leads to an entry that may have this hash.
constexpr bool may_lead_to(Offset<Node> link, std::uint32_t hash) noexcept {
    return (link.value ^ bucket_link(Offset<Node>{}, hash).value) >> place_bits == 0 && entry_of<Node>(link);
}

}  // namespace steward::shared
