#include "shared/paged_table.hpp"

#include "shared/errors.hpp"

namespace steward::shared {

Field<Offset<Node>>& PagedTable::slot(std::size_t index, std::size_t count) const noexcept {
    Table* table = heap_.at(root_.load());
    for (std::size_t level = branch_levels(count); level > 0; --level)
        table = heap_.at(offset_cast<Table>(table->slot(slot_in_level(index, level)).load()));
    return table->slot(slot_in_level(index, 0));
}

void PagedTable::grow(Mutation& mutation, std::size_t count) {
    if (count == max_slots)
        throw NoMemory("a table has reached its largest size");
    if (count == 0)
        mutation.store(root_, mutation.allocate<Table>(BlockKind::page, Table::bytes_for(first_slots), first_slots));
    else if (count < slots_per_page && count == heap_.at(root_.load())->slots())
        widen_page(mutation);
    else if (count >= slots_per_page && count % slots_per_page == 0)
        add_page(mutation, count);
}

void PagedTable::widen_page(Mutation& mutation) {
    const Offset<Table> before = root_.load();
    const std::uint32_t slots = heap_.at(before)->slots();
    const auto after = mutation.allocate<Table>(BlockKind::page, Table::bytes_for(2 * slots), 2 * slots);
    for (std::size_t index = 0; index < slots; ++index)
        heap_.at(after)->slot(index).init(heap_.at(before)->slot(index).load());
    mutation.store(root_, after);
    mutation.discard(before);
}

void PagedTable::add_page(Mutation& mutation, std::size_t count) {
    constexpr auto table_bytes = Table::bytes_for(slots_per_page);
    constexpr auto slots = static_cast<std::uint32_t>(slots_per_page);
    const std::size_t levels = branch_levels(count + 1);
    if (levels != branch_levels(count)) {
        const auto branch = mutation.allocate<Table>(BlockKind::branch, table_bytes, slots);
        mutation.store(heap_.at(branch)->slot(0), root_.load());
        mutation.store(root_, branch);
    }
    Table* table = heap_.at(root_.load());
    for (std::size_t level = levels; level > 0; --level) {
        Field<Offset<Node>>& link = table->slot(slot_in_level(count, level));
        if (!link.load()) {
            const BlockKind kind = level == 1 ? BlockKind::page : BlockKind::branch;
            mutation.store(link, mutation.allocate<Table>(kind, table_bytes, slots));
        }
        table = heap_.at(offset_cast<Table>(link.load()));
    }
}

}  // namespace steward::shared
