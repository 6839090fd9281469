#pragma once

#include <cstdint>
#include <span>

#include "shared/agent.hpp"
#include "shared/linked_list.hpp"

namespace steward::shared {

inline constexpr std::uint64_t no_deadline = UINT64_MAX;

/// For what a request waits: for one object, any of several, all of several; or, notified by a condition or its time
/// being over, for the condition's lock to come back.
enum class WaitMode : std::uint8_t { one = 0, any = 1, all = 2, returning = 3 };

/// What is remembered of a request that waits. One that waits for several objects stands in the line of each.
struct Wait {
    Agent agent;
    std::uint64_t request = 0;                ///< the session's number of it
    std::uint64_t amount = 1;                 ///< what it wants, in the unit of the type (permits, levels)
    std::uint64_t deadline_ns = no_deadline;  ///< CLOCK_MONOTONIC
    std::uint64_t since_ns = 0;               ///< CLOCK_MONOTONIC
    std::uint64_t ticket = 0;                 ///< order of arrival in the whole daemon
    std::uint32_t place = 0;                  ///< line of source, as the daemon numbers them
    std::uint8_t want = 0;                    ///< which of its type's wants
    WaitMode mode = WaitMode::one;
    std::uint16_t index = 0;    ///< of the object among several; of who came to a barrier
    bool notified = false;      ///< of one that returns from a condition
    bool by_word = false;       ///< whoever waits takes it by its word when it is offered there
    bool recorded = false;      ///< that it was granted is to be recorded, see Results
    ObjectId condition = {};    ///< the one that it waits for or returns from
    Offset<Node> payload = {};  ///< a fresh block that it brings; discarded with it
    ObjectId object = {};       ///< in whose line it stands; set by Line
};

struct WaitTraits {
    std::uint8_t want = 0;
    WaitMode mode = WaitMode::one;
    std::uint16_t index = 0;
    std::uint16_t notified = 0;
    std::uint8_t by_word = 0;
    std::uint8_t recorded = 0;
};

struct Waiter : Linked {
    Field<Agent> agent;
    Field<std::uint64_t> request;
    Field<std::uint64_t> amount;
    Field<std::uint64_t> deadline_ns;
    Field<std::uint64_t> since_ns;
    Field<std::uint64_t> ticket;
    Field<WaitTraits> traits;
    Field<ObjectId> object;
    Field<Offset<Waiter>> sibling;  ///< the next place of the same request, round to the first; itself where it has one
    Field<ObjectId> condition;
    Field<Offset<Node>> payload;
};
static_assert(sizeof(Waiter) == 112);

/// Those who wait for an object, in their order. A view: cheap to make. The caller has called Mutation::change.
class Line {
  public:
    Line(Heap& heap, ObjectHeader& object) noexcept
        : heap_(heap), object_(object.id.load()), ends_{object.line_first, object.line_last} {}

    bool empty() const noexcept { return !ends_.first.load(); }
    std::size_t size() const noexcept;  ///< counts them
    Offset<Waiter> first() const noexcept { return ends_.first.load(); }
    Offset<Waiter> last() const noexcept { return ends_.last.load(); }
    Offset<Waiter> next(Offset<Waiter> waiter) const noexcept { return next_of(heap_, waiter); }
    Wait get(Offset<Waiter> waiter) const noexcept;
    Offset<Waiter> sibling(Offset<Waiter> waiter) const noexcept { return heap_.at(waiter)->sibling.load(); }

    /// A waiter keeps its place in memory until it leaves. At the end, or before another.
    Offset<Waiter> join(Mutation&, const Wait&, Offset<Waiter> before = {});
    /// Its payload is discarded too, unless it was taken before.
    void leave(Mutation&, Offset<Waiter>);
    /// The fresh block that the waiter brought is the caller's from now on.
    Offset<Node> take_payload(Mutation&, Offset<Waiter>);
    /// The waiter goes to the end of another line of the heap and waits there as `wait` says.
    void move_to(Mutation&, Offset<Waiter>, Line other, const Wait& wait);
    /// Goes before another of the same line.
    void overtake(Mutation&, Offset<Waiter>, Offset<Waiter> before);
    /// Everybody.
    void clear(Mutation&);

    /// Makes the fresh waiters the places of one request.
    static void join_hands(Mutation&, std::span<const Offset<Waiter>>);

  private:
    Heap& heap_;
    ObjectId object_;
    ListEnds<Waiter> ends_;
};

}  // namespace steward::shared
