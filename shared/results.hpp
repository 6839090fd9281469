#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/item.hpp"
#include "shared/linked_list.hpp"

namespace steward::shared {

/// What came of one request of a session.
struct ResultSlot {
    static constexpr std::size_t most_inline_bytes = 40;

    Field<std::uint64_t> request;  ///< 0: nothing is recorded here
    Field<std::uint64_t> size;     ///< of the bytes in the slot; not of those in the item
    Field<Offset<Node>> item;      ///< instead of them
    std::array<Field<std::uint64_t>, most_inline_bytes / 8> bytes;
};
static_assert(sizeof(ResultSlot) == 64);

/// What is recorded of a session in one heap; the slots follow, and the tag's extra is how many. A request has its slot
/// by its number, so that finding it is one look.
struct ResultTable : Linked {
    Field<std::uint64_t> session;

    ResultSlot& slot(std::uint64_t index) noexcept { return reinterpret_cast<ResultSlot*>(this + 1)[index]; }
    const ResultSlot& slot(std::uint64_t index) const noexcept {
        return reinterpret_cast<const ResultSlot*>(this + 1)[index];
    }
    std::uint32_t slots() const noexcept { return tag.load().extra; }
    static constexpr std::size_t bytes_for(std::uint64_t slots) noexcept {
        return sizeof(ResultTable) + slots * sizeof(ResultSlot);
    }
};
static_assert(sizeof(ResultTable) == 32);

/// The results of requests that have changed something in this heap, recorded by the very Mutation that changed it: a
/// request that is made again, because its reply was lost, is answered from here. A record goes when its session has
/// the reply. What it refers to it does not keep: that has the grace of what sessions of a former daemon used.
class Results {
  public:
    /// So many requests of a session can be without a reply before what came of the oldest is forgotten.
    static constexpr std::uint32_t most_slots = 1024;

    explicit Results(Heap& heap) noexcept
        : heap_(heap), ends_{heap.header().first_results, heap.header().last_results} {}

    /// The table of a session in which there is a slot for each of these requests; `table` is the one that it has, if
    /// any. Below `answered_below` the session has all its replies. A Mutation of its own.
    Offset<ResultTable> make_room(Offset<ResultTable> table, std::uint64_t session,
                                  std::span<const std::uint64_t> requests, std::uint64_t answered_below);

    /// `request` is not 0. There must be room.
    void record(Mutation&, Offset<ResultTable>, std::uint64_t request, std::string_view result);

    std::optional<std::string> find(Offset<ResultTable>, std::uint64_t request) const;

    void erase(Mutation&, Offset<ResultTable>);

    Offset<ResultTable> first() const noexcept { return ends_.first.load(); }
    Offset<ResultTable> next(Offset<ResultTable> table) const noexcept { return next_of(heap_, table); }
    std::uint64_t session_of(Offset<ResultTable> table) const noexcept { return heap_.at(table)->session.load(); }

  private:
    Offset<ResultTable> make(Mutation&, std::uint64_t session, std::uint32_t slots);
    Offset<ResultTable> grow(Offset<ResultTable>, std::uint64_t answered_below);
    ResultSlot& slot_for(ResultTable&, std::uint64_t request) const noexcept;

    Heap& heap_;
    ListEnds<ResultTable> ends_;
};

}  // namespace steward::shared
