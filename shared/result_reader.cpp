#include "shared/result_reader.hpp"

#include <atomic>

#include "shared/results.hpp"

namespace steward::shared {
namespace {

static_assert(ResultReader::newest == Results::most_slots);

/// So many sessions may a list have that was not changed while it was walked.
constexpr std::uint64_t most_tables = std::uint64_t{1} << 20;

}  // namespace

Reading ResultReader::find(std::uint64_t session, std::uint64_t request) const noexcept {
    const HeapHeader& header = heap_.header();
    const std::uint64_t log_ends = header.log_ends.load();
    // Acquire: the log is looked at behind the count. A Mutation counts before it empties its log (UndoLog::clear), so
    // one whose count was seen and whose empty log was not is found under way.
    std::atomic_thread_fence(std::memory_order_acquire);
    if (header.log_length.load() != 0)
        return Reading::undecided;
    // Acquire: what is searched is at least as new as the count and the empty log.
    std::atomic_thread_fence(std::memory_order_acquire);
    const Reading reading = search(session, request);
    // Acquire, twice: if a load of the search saw a store of a later Mutation, the log that this one had begun before
    // is seen here, or that it is empty again, and then its count is seen behind that.
    std::atomic_thread_fence(std::memory_order_acquire);
    const bool rests = header.log_length.load() == 0;
    std::atomic_thread_fence(std::memory_order_acquire);
    return rests && header.log_ends.load() == log_ends && !heap_.superseded() ? reading : Reading::undecided;
}

/// A session has one table; none: nothing of it was ever recorded.
Reading ResultReader::search(std::uint64_t session, std::uint64_t request) const noexcept {
    auto place = heap_.header().first_results.load();
    for (std::uint64_t tables = 0; place; ++tables) {
        const ResultTable* table = heap_.at(place);
        if (table == nullptr || tables == most_tables)
            return Reading::undecided;
        if (table->session.load() == session)
            return search_table(place, request);
        place = offset_cast<ResultTable>(table->next.load());
    }
    return Reading::missing;
}

Reading ResultReader::search_table(Offset<ResultTable> place, std::uint64_t request) const noexcept {
    const ResultTable* table = heap_.at(place);
    const std::uint64_t slots = table == nullptr ? 0 : table->slots();
    if (slots == 0 || slots > Results::most_slots || heap_.at(place, slots * sizeof(ResultSlot)) == nullptr)
        return Reading::undecided;
    for (std::uint64_t index = 0; index < slots; ++index)
        if (table->slot(index).request.load() == request)
            return Reading::found;
    return Reading::missing;
}

}  // namespace steward::shared
