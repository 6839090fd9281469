#include "shared/item.hpp"

#include <cstring>

#include "shared/errors.hpp"
#include "shared/in_place.hpp"
#include "shared/references.hpp"

namespace steward::shared {

namespace {

std::uint32_t size_of(std::string_view value) {
    if (value.size() > UINT32_MAX)
        throw NoMemory("an item is too large");
    return static_cast<std::uint32_t>(value.size());
}

bool fits(const Heap& heap, Offset<Node> item, std::string_view value) noexcept {
    const std::size_t needed = Item::bytes_for(value);
    const std::size_t room = heap.capacity_of(item);
    if (may_refer(heap, item, value))
        return false;
    return is_worth_replacing_in_place(value.size(), needed, room);
}

}  // namespace

Offset<Item> make_item_of_bytes(Mutation& mutation, std::string_view bytes) {
    const auto item = mutation.allocate<Item>(BlockKind::item, Item::bytes_for(bytes), size_of(bytes));
    std::memcpy(bytes_behind(mutation.heap().at(item)), bytes.data(), bytes.size());
    return item;
}

Offset<Item> make_item(Mutation& mutation, std::string_view value) {
    const auto item = make_item_of_bytes(mutation, value);
    count_references(mutation, item, value);
    return item;
}

void make_item_into(Mutation& mutation, Field<Offset<Node>>& slot, std::string_view value) {
    const auto item = mutation.allocate_into<Item>(slot, BlockKind::item, Item::bytes_for(value), size_of(value));
    std::memcpy(bytes_behind(mutation.heap().at(item)), value.data(), value.size());
    count_references(mutation, item, value);
}

void set_item(Mutation& mutation, Field<Offset<Node>>& slot, std::string_view value) {
    Heap& heap = mutation.heap();
    const auto before = offset_cast<Item>(slot.load());
    if (!before || !fits(heap, before, value)) {
        mutation.store(slot, make_item(mutation, value));
        if (before)
            mutation.discard(before);
        return;
    }
    Item& item = *heap.at(before);
    mutation.overwrite(reinterpret_cast<std::byte*>(bytes_behind(&item)), std::as_bytes(std::span{value}));
    if (item.tag.load().extra != value.size())
        mutation.store(item.tag, {BlockKind::item, size_of(value)});
}

}  // namespace steward::shared
