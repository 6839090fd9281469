#include "shared/line.hpp"

namespace steward::shared {

std::size_t Line::size() const noexcept {
    std::size_t count = 0;
    for (Offset<Waiter> waiter = first(); waiter; waiter = next(waiter))
        ++count;
    return count;
}

Wait Line::get(Offset<Waiter> place) const noexcept {
    const Waiter& waiter = *heap_.at(place);
    return {.agent = waiter.agent.load(),
            .request = waiter.request.load(),
            .amount = waiter.amount.load(),
            .deadline_ns = waiter.deadline_ns.load(),
            .since_ns = waiter.since_ns.load(),
            .ticket = waiter.ticket.load(),
            .note = waiter.tag.load().extra};
}

Offset<Waiter> Line::join(Mutation& mutation, const Wait& wait) {
    const auto place = mutation.allocate<Waiter>(BlockKind::waiter, sizeof(Waiter), wait.note);
    Waiter& waiter = *heap_.at(place);
    waiter.agent.init(wait.agent);
    waiter.request.init(wait.request);
    waiter.amount.init(wait.amount);
    waiter.deadline_ns.init(wait.deadline_ns);
    waiter.since_ns.init(wait.since_ns);
    waiter.ticket.init(wait.ticket);
    link_last(mutation, ends_, place);
    return place;
}

void Line::leave(Mutation& mutation, Offset<Waiter> waiter) {
    unlink(mutation, ends_, waiter);
    mutation.discard(waiter);
}

void Line::clear(Mutation& mutation) {
    discard_all(mutation, ends_);
}

}  // namespace steward::shared
