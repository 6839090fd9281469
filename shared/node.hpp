#pragma once

#include <cstddef>
#include <cstdint>

#include "shared/field.hpp"
#include "shared/offset.hpp"

namespace steward::shared {

/// What a block of the heap is. The numbers are part of the layout (MEMORY.md). Which kinds lead to other blocks, and
/// own them, is written in one place: block_links.hpp.
enum class BlockKind : std::uint32_t {
    none = 0,          ///< just allocated
    page = 1,          ///< Table of links that it does not own (hash buckets, slabs of objects)
    branch = 2,        ///< Table that owns pages or branches
    chunk = 3,         ///< Table that owns items
    directory = 4,     ///< Table that owns chunks, with their items
    skeleton = 5,      ///< Table that owns chunks, whose items belong to somebody else
    slab = 6,          ///< object headers; never returned
    item = 7,          ///< a value; extra: its size in bytes
    name = 8,          ///< extra: its size in bytes
    dict_entry = 9,    ///< extra: the key's hash
    waiter = 10,       ///< extra: what the object's type wants to remember of the wait
    holder = 11,       ///< extra: line of source
    session = 12,      ///< extra: size of the command in bytes
    abandonment = 13,  ///< extra: size of the command in bytes
    elements = 15,     ///< numbers of an array; extra: how many
    queue = 16,
    queue_item = 17,  ///< extra: its size in bytes
    statistics = 18,
    // As those above, with references to other objects in their bytes: see references.hpp.
    referring_item = 19,
    referring_entry = 20,
    referring_queue_item = 21,
    results = 22,  ///< of a session's requests; extra: how many slots
};

struct NodeTag {
    BlockKind kind = BlockKind::none;
    std::uint32_t extra = 0;
};

/// Every block that can be discarded begins so: a chain linked by `next` goes on the garbage list by two stores.
struct Node {
    Field<Offset<Node>> next;
    Field<NodeTag> tag;
};

/// A Node in a doubly linked list.
struct Linked : Node {
    Field<Offset<Linked>> prev;
};

/// A block of links; the tag's extra is how many. The links follow the Node.
struct Table : Node {
    Field<Offset<Node>>& slot(std::size_t index) noexcept {
        return reinterpret_cast<Field<Offset<Node>>*>(this + 1)[index];
    }
    const Field<Offset<Node>>& slot(std::size_t index) const noexcept {
        return reinterpret_cast<const Field<Offset<Node>>*>(this + 1)[index];
    }
    std::uint32_t slots() const noexcept { return tag.load().extra; }
    static constexpr std::size_t bytes_for(std::size_t slots) noexcept { return sizeof(Node) + slots * 8; }
};

/// What follows a block's fixed part: the bytes of a command, a name, a key.
template <class Block>
char* bytes_behind(Block* block) noexcept {
    return reinterpret_cast<char*>(block) + sizeof(Block);
}
template <class Block>
const char* bytes_behind(const Block* block) noexcept {
    return reinterpret_cast<const char*>(block) + sizeof(Block);
}

static_assert(sizeof(Node) == 16 && sizeof(Linked) == 24 && sizeof(Table) == 16);

}  // namespace steward::shared
