#pragma once

#include <cstdint>
#include <string_view>

#include "shared/mutation.hpp"

namespace steward::shared {

/// A value in a List or a Value: the tag's extra is its size, its MessagePack bytes follow.
struct Item : Node {
    std::string_view view() const noexcept { return {bytes_behind(this), tag.load().extra}; }
    static std::size_t bytes_for(std::string_view value) noexcept { return sizeof(Item) + value.size(); }
};

Offset<Item> make_item(Mutation&, std::string_view value);
/// The references in it do not keep what they refer to.
Offset<Item> make_item_of_bytes(Mutation&, std::string_view bytes);
/// The item becomes what `slot`, a link of a fresh block, links to.
void make_item_into(Mutation&, Field<Offset<Node>>& slot, std::string_view value);
/// The item that `slot` links to gets another value: in place where it fits, else as a new item; `slot` may be empty.
void set_item(Mutation&, Field<Offset<Node>>& slot, std::string_view value);

}  // namespace steward::shared
