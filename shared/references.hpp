#pragma once

#include <cstddef>
#include <string_view>

#include "shared/mutation.hpp"

namespace steward::shared {

/// Values may hold references to objects of the same heap (proto/reference.hpp). Each object knows how often it is
/// referred to (ObjectTraits). A block with references in its bytes has a kind of its own, which is how Heap::reap
/// knows that they must be counted down before the block is freed; its bytes are never changed in place.

/// Counts the references in the bytes of a fresh block at their objects, and gives the block its kind. Throws NoMemory.
/// Those to objects that do not exist count nowhere.
void count_references(Mutation&, Offset<Node> block, std::string_view bytes);

/// Whether the live block's bytes hold references, or those do that are to take their place.
bool may_refer(const Heap&, Offset<Node> block, std::string_view bytes) noexcept;

/// Counts down references in the bytes of a block on the garbage list, in its order and so many at most; when there are
/// none left the block gets back its ordinary kind. `position` is 0 first and then where it had come to; losing it does
/// no harm, since what has been counted down is no reference any more.
void drop_references(Mutation&, Offset<Node> block, std::size_t& position);

bool is_referring(BlockKind) noexcept;
/// The MessagePack values of a referring block.
std::string_view values_in(const Node& block) noexcept;

/// An object itself refers to another, or no longer does (a condition to its lock).
void add_reference(Mutation&, ObjectId to);
void drop_reference(Mutation&, ObjectId to);

}  // namespace steward::shared
