#include "shared/item_reader.hpp"

namespace steward::shared {

Reading read_item(const Snapshot& snapshot, Offset<Item> place, Output& output) {
    const Item* item = snapshot.heap().at(place);
    if (item == nullptr)
        return Reading::undecided;
    const auto [kind, size] = item->tag.load();
    const bool copied = kind == BlockKind::item && snapshot.append(output, place.value + sizeof(Item), size);
    return copied ? Reading::found : Reading::undecided;
}

}  // namespace steward::shared
