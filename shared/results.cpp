#include "shared/results.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "shared/kill_point.hpp"

namespace steward::shared {
namespace {

constexpr std::uint32_t first_result_slots = 8;

ResultSlot& own_slot(ResultTable& table, std::uint64_t request) noexcept {
    return table.slot(request & (table.slots() - 1));
}

/// Whether none of them would take the slot of another one, or of one whose reply may still be asked for.
bool has_room(ResultTable& table, std::span<const std::uint64_t> requests, std::uint64_t answered_below) {
    std::vector<const ResultSlot*> own;
    own.reserve(requests.size());
    for (const auto request : requests) {
        const auto& slot = own_slot(table, request);
        const std::uint64_t found = slot.request.load();
        if (found >= answered_below && found != 0 && found != request)
            return false;
        own.push_back(&slot);
    }
    std::ranges::sort(own);
    return std::ranges::adjacent_find(own) == own.end();
}

}  // namespace

Offset<ResultTable> Results::make_room(Offset<ResultTable> table, std::uint64_t session,
                                       std::span<const std::uint64_t> requests, std::uint64_t answered_below) {
    if (!table) {
        Mutation mutation{heap_};
        table = make(mutation, session, first_result_slots);
    }
    while (heap_.at(table)->slots() < most_slots && !has_room(*heap_.at(table), requests, answered_below))
        table = grow(table, answered_below);
    return table;
}

Offset<ResultTable> Results::make(Mutation& mutation, std::uint64_t session, std::uint32_t slots) {
    const auto table = mutation.allocate<ResultTable>(BlockKind::results, ResultTable::bytes_for(slots), slots);
    heap_.at(table)->session.init(session);
    link_last(mutation, ends_, table);
    return table;
}

/// Requests that have slots of their own have them in a table of twice as many, too.
Offset<ResultTable> Results::grow(Offset<ResultTable> table, std::uint64_t answered_below) {
    Mutation mutation{heap_};
    ResultTable& before = *heap_.at(table);
    const auto larger = make(mutation, before.session.load(), 2 * before.slots());
    for (std::uint32_t index = 0; index < before.slots(); ++index) {
        ResultSlot& slot = before.slot(index);
        const std::uint64_t request = slot.request.load();
        if (request == 0 || request < answered_below)
            continue;
        std::memcpy(static_cast<void*>(&own_slot(*heap_.at(larger), request)), &slot, sizeof slot);
        mutation.store(slot.item, {});
    }
    erase(mutation, table);
    return larger;
}

/// The slot of a request that waited for long may be a later one's: then the one goes that is oldest of all.
ResultSlot& Results::slot_for(ResultTable& table, std::uint64_t request) const noexcept {
    ResultSlot* chosen = &own_slot(table, request);
    if (chosen->request.load() <= request)
        return *chosen;
    for (std::uint32_t index = 0; index < table.slots(); ++index)
        if (ResultSlot& slot = table.slot(index); slot.request.load() < chosen->request.load())
            chosen = &slot;
    return *chosen;
}

/// The slot is nobody's any more before it is written to, so its bytes need no undo: a rollback leaves it empty.
void Results::record(Mutation& mutation, Offset<ResultTable> table, std::uint64_t request, std::string_view result) {
    ResultSlot& slot = slot_for(*heap_.at(table), request);
    slot.request.init(0);
    if (const auto former = slot.item.load()) {
        mutation.store(slot.item, {});
        mutation.discard(former);
    }
    if (result.size() <= ResultSlot::most_inline_bytes) {
        std::memcpy(static_cast<void*>(slot.bytes.data()), result.data(), result.size());
        slot.size.init(result.size());
    } else {
        mutation.store(slot.item, make_item_of_bytes(mutation, result));
    }
    mutation.store(slot.request, request);
    kill_point(KillPoint::result_is_recorded);
}

std::optional<std::string> Results::find(Offset<ResultTable> place, std::uint64_t request) const {
    const ResultTable& table = *heap_.at(place);
    for (std::uint32_t index = 0; index < table.slots(); ++index) {
        const ResultSlot& slot = table.slot((request + index) & (table.slots() - 1));
        if (request == 0 || slot.request.load() != request)
            continue;
        if (const auto item = slot.item.load())
            return std::string(heap_.at(offset_cast<Item>(item))->view());
        return std::string(reinterpret_cast<const char*>(slot.bytes.data()), slot.size.load());
    }
    return std::nullopt;
}

void Results::erase(Mutation& mutation, Offset<ResultTable> place) {
    ResultTable& table = *heap_.at(place);
    for (std::uint32_t index = 0; index < table.slots(); ++index)
        if (const auto item = table.slot(index).item.load())
            mutation.discard(item);
    unlink(mutation, ends_, place);
    mutation.discard(place);
}

}  // namespace steward::shared
