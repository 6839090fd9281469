#include "shared/sequence_ring.hpp"

#include <algorithm>
#include <bit>

#include "shared/errors.hpp"

namespace steward::shared {

namespace {

constexpr std::size_t first_slots = 8;

}  // namespace

Sequence::Build::Build(Mutation& mutation, std::size_t size, BlockKind kind) : mutation_(mutation) {
    const std::size_t per_chunk = std::min(std::bit_ceil(std::max(size, first_slots)), slots_per_chunk);
    const std::size_t needed = std::max<std::size_t>((size + per_chunk - 1) / per_chunk, 1);
    const std::size_t chunks = std::bit_ceil(needed);
    directory_ = mutation.allocate<Table>(kind, Table::bytes_for(chunks), static_cast<std::uint32_t>(chunks));
    for (std::size_t index = 0; index < needed; ++index) {
        mutation.allocate_into<Table>(mutation.heap().at(directory_)->slot(index), BlockKind::chunk,
                                      Table::bytes_for(per_chunk), static_cast<std::uint32_t>(per_chunk));
    }
}

Field<Offset<Node>>& Sequence::Build::next_slot() noexcept {
    return Ring{mutation_.heap(), directory_}.slot(filled_++);
}

Offset<Node> Sequence::Build::item(std::size_t index) const noexcept {
    return Ring{mutation_.heap(), directory_}.slot(index).load();
}

void Sequence::Build::own_items() {
    Table& directory = *mutation_.heap().at(directory_);
    mutation_.store(directory.tag, {BlockKind::directory, directory.slots()});
}

void Sequence::Build::release_items() {
    Table& directory = *mutation_.heap().at(directory_);
    mutation_.store(directory.tag, {BlockKind::skeleton, directory.slots()});
    mutation_.discard(directory_);
}

}  // namespace steward::shared
