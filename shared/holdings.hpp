#pragma once

#include <cstdint>

#include "shared/agent.hpp"
#include "shared/linked_list.hpp"

namespace steward::shared {

struct Holder : Linked {
    Field<Agent> agent;
    Field<std::uint64_t> count;
    Field<std::uint64_t> since_ns;  ///< CLOCK_MONOTONIC of its first acquisition
};  // the tag's extra is the line of source of its first acquisition, as the daemon numbers them
static_assert(sizeof(Holder) == 48);

/// All zero: nobody holds anything.
struct HoldingsState {
    Field<Offset<Holder>> first;
    Field<Offset<Holder>> last;
};

/// Who holds how many of a semaphore's permits or of a readers-writer lock, in order of first acquisition. A view:
/// cheap to make. The caller has called Mutation::change.
class Holdings {
  public:
    struct Holding {
        Agent agent;
        std::uint64_t count = 0;
        std::uint64_t since_ns = 0;
        std::uint32_t place = 0;
    };

    Holdings(Heap& heap, HoldingsState& state) noexcept : heap_(heap), ends_{state.first, state.last} {}

    bool empty() const noexcept { return !ends_.first.load(); }
    Offset<Holder> find(Agent) const noexcept;  ///< none if it holds nothing
    Offset<Holder> first() const noexcept { return ends_.first.load(); }
    Offset<Holder> next(Offset<Holder> holder) const noexcept { return next_of(heap_, holder); }
    Holding get(Offset<Holder> holder) const noexcept;

    void add(Mutation&, Agent, std::uint64_t count, std::uint64_t now_ns, std::uint32_t place = 0);
    /// False, and nothing changed, if the agent holds fewer.
    [[nodiscard]] bool take(Mutation&, Agent, std::uint64_t count);
    void erase(Mutation&, Offset<Holder>);
    void clear(Mutation&);

  private:
    Heap& heap_;
    ListEnds<Holder> ends_;
};

}  // namespace steward::shared
