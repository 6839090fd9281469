#pragma once

#include <cstdint>
#include <optional>

#include "shared/agent.hpp"
#include "shared/linked_list.hpp"

namespace steward::shared {

inline constexpr std::uint64_t no_deadline = UINT64_MAX;

/// What is remembered of a request that waits.
struct Wait {
    Agent agent;
    std::uint64_t request = 0;                ///< the session's number of it
    std::uint64_t amount = 0;                 ///< what it wants, in the unit of the type (permits)
    std::uint64_t deadline_ns = no_deadline;  ///< CLOCK_MONOTONIC
    std::uint64_t since_ns = 0;               ///< CLOCK_MONOTONIC
    std::uint64_t ticket = 0;                 ///< order of arrival in the whole daemon
    std::uint32_t note = 0;                   ///< for the type
};

struct Waiter : Linked {
    Field<Agent> agent;
    Field<std::uint64_t> request;
    Field<std::uint64_t> amount;
    Field<std::uint64_t> deadline_ns;
    Field<std::uint64_t> since_ns;
    Field<std::uint64_t> ticket;
};
static_assert(sizeof(Waiter) == 72);

/// Those who wait for an object, in their order. A view: cheap to make. The caller has called Mutation::change.
class Line {
  public:
    Line(Heap& heap, ObjectHeader& object) noexcept : heap_(heap), ends_{object.line_first, object.line_last} {}

    bool empty() const noexcept { return !ends_.first.load(); }
    std::size_t size() const noexcept;  ///< counts them
    Offset<Waiter> first() const noexcept { return ends_.first.load(); }
    Offset<Waiter> next(Offset<Waiter> waiter) const noexcept { return next_of(heap_, waiter); }
    Wait get(Offset<Waiter> waiter) const noexcept;

    /// A waiter keeps its place in memory until it leaves.
    Offset<Waiter> join(Mutation&, const Wait&);
    void leave(Mutation&, Offset<Waiter>);
    /// Everybody at once, in constant time.
    void clear(Mutation&);

  private:
    Heap& heap_;
    ListEnds<Waiter> ends_;
};

}  // namespace steward::shared
