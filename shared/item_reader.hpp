#pragma once

#include "shared/item.hpp"
#include "shared/object_view.hpp"

namespace steward::shared {

/// Appends the value of an item; undecided for one that refers to objects.
Reading read_item(const Snapshot&, Offset<Item>, Output&);

}  // namespace steward::shared
