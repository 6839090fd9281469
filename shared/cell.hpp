#pragma once

#include <optional>
#include <string_view>

#include "shared/item.hpp"

namespace steward::shared {

/// All zero: nothing in it.
struct CellState {
    Field<Offset<Node>> item;
};

/// One MessagePack value (of a Value). A view: cheap to make. Rules as for Dict.
class Cell {
  public:
    Cell(Heap& heap, CellState& state) noexcept : heap_(heap), state_(state) {}

    std::optional<std::string_view> get() const noexcept;
    void set(Mutation& mutation, std::string_view value) { set_item(mutation, state_.item, value); }
    void clear(Mutation&);

  private:
    Heap& heap_;
    CellState& state_;
};

}  // namespace steward::shared
