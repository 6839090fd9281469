#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "shared/cell.hpp"
#include "shared/object_view.hpp"

namespace steward::shared {

/// What a Cell holds, read without a lock (object_view.hpp).
class CellReader {
  public:
    explicit CellReader(const ObjectView& object) noexcept : object_(object) {}

    /// Appends the value.
    Reading get(std::string& value) const;
    /// Puts the value somewhere into the room; undecided where it does not fit.
    Readout<std::string_view> get(std::span<std::uint64_t> room) const noexcept {
        Readout<std::string_view> readout;
        readout.reading = object_.read([&](const Snapshot& snapshot) {
            const auto place = offset_cast<Item>(snapshot.state_as<CellState>().item.load());
            if (!place)
                return Reading::missing;
            const Item* item = snapshot.heap().at(place);
            if (item == nullptr)
                return Reading::undecided;
            const auto [kind, size] = item->tag.load();
            if (kind != BlockKind::item)
                return Reading::undecided;
            readout.value = snapshot.copy(room, place.value + sizeof(Item), size);
            return readout.value.data() != nullptr ? Reading::found : Reading::undecided;
        });
        return readout;
    }

  private:
    ObjectView object_;
};

}  // namespace steward::shared
