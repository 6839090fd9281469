#include "shared/cell.hpp"

namespace steward::shared {

std::optional<std::string_view> Cell::get() const noexcept {
    const auto item = offset_cast<Item>(state_.item.load());
    return item ? std::optional{heap_.at(item)->view()} : std::nullopt;
}

void Cell::clear(Mutation& mutation) {
    if (const Offset<Node> item = state_.item.load()) {
        mutation.store(state_.item, {});
        mutation.discard(item);
    }
}

}  // namespace steward::shared
