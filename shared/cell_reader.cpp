#include "shared/cell_reader.hpp"

#include "shared/cell.hpp"
#include "shared/item_reader.hpp"

namespace steward::shared {

Reading CellReader::get(std::string& value) const {
    return object_.read_into(value, most_copied_bytes, [](const Snapshot& snapshot, Output& output) {
        const auto item = offset_cast<Item>(snapshot.state_as<CellState>().item.load());
        return item ? read_item(snapshot, item, output) : Reading::missing;
    });
}

}  // namespace steward::shared
