#include "shared/line.hpp"

namespace steward::shared {
namespace {

WaitTraits traits_of(const Wait& wait) noexcept {
    return {.want = wait.want,
            .mode = wait.mode,
            .index = wait.index,
            .notified = static_cast<std::uint16_t>(wait.notified ? 1 : 0),
            .by_word = static_cast<std::uint8_t>(wait.by_word ? 1 : 0),
            .recorded = static_cast<std::uint8_t>(wait.recorded ? 1 : 0)};
}

}  // namespace

std::size_t Line::size() const noexcept {
    std::size_t count = 0;
    for (Offset<Waiter> waiter = first(); waiter; waiter = next(waiter))
        ++count;
    return count;
}

Wait Line::get(Offset<Waiter> place) const noexcept {
    const Waiter& waiter = *heap_.at(place);
    const WaitTraits traits = waiter.traits.load();
    return {.agent = waiter.agent.load(),
            .request = waiter.request.load(),
            .amount = waiter.amount.load(),
            .deadline_ns = waiter.deadline_ns.load(),
            .since_ns = waiter.since_ns.load(),
            .ticket = waiter.ticket.load(),
            .place = waiter.tag.load().extra,
            .want = traits.want,
            .mode = traits.mode,
            .index = traits.index,
            .notified = traits.notified != 0,
            .by_word = traits.by_word != 0,
            .recorded = traits.recorded != 0,
            .condition = waiter.condition.load(),
            .payload = waiter.payload.load(),
            .object = waiter.object.load()};
}

Offset<Waiter> Line::join(Mutation& mutation, const Wait& wait, Offset<Waiter> before) {
    const auto place = mutation.allocate<Waiter>(BlockKind::waiter, sizeof(Waiter), wait.place);
    Waiter& waiter = *heap_.at(place);
    waiter.agent.init(wait.agent);
    waiter.request.init(wait.request);
    waiter.amount.init(wait.amount);
    waiter.deadline_ns.init(wait.deadline_ns);
    waiter.since_ns.init(wait.since_ns);
    waiter.ticket.init(wait.ticket);
    waiter.traits.init(traits_of(wait));
    waiter.object.init(object_);
    waiter.sibling.init(place);
    waiter.condition.init(wait.condition);
    waiter.payload.init(wait.payload);
    if (before)
        link_before(mutation, ends_, place, before);
    else
        link_last(mutation, ends_, place);
    return place;
}

void Line::leave(Mutation& mutation, Offset<Waiter> waiter) {
    unlink(mutation, ends_, waiter);
    if (const Offset<Node> payload = heap_.at(waiter)->payload.load())
        mutation.discard(payload);
    mutation.discard(waiter);
}

Offset<Node> Line::take_payload(Mutation& mutation, Offset<Waiter> waiter) {
    Waiter& from = *heap_.at(waiter);
    const Offset<Node> payload = from.payload.load();
    mutation.store(from.payload, {});
    return payload;
}

void Line::move_to(Mutation& mutation, Offset<Waiter> place, Line other, const Wait& wait) {
    unlink(mutation, ends_, place);
    Waiter& waiter = *heap_.at(place);
    mutation.store(waiter.amount, wait.amount);
    mutation.store(waiter.deadline_ns, wait.deadline_ns);
    mutation.store(waiter.ticket, wait.ticket);
    mutation.store(waiter.traits, traits_of(wait));
    mutation.store(waiter.object, other.object_);
    mutation.store(waiter.condition, wait.condition);
    relink_last(mutation, other.ends_, place);
}

void Line::overtake(Mutation& mutation, Offset<Waiter> waiter, Offset<Waiter> before) {
    unlink(mutation, ends_, waiter);
    relink_before(mutation, ends_, waiter, before);
}

void Line::clear(Mutation& mutation) {
    for (Offset<Waiter> waiter = first(); waiter; waiter = next(waiter))
        if (const Offset<Node> payload = heap_.at(waiter)->payload.load())
            mutation.discard(payload);
    discard_all(mutation, ends_);
}

void Line::join_hands(Mutation& mutation, std::span<const Offset<Waiter>> places) {
    Heap& heap = mutation.heap();
    for (std::size_t i = 0; i < places.size(); ++i)
        heap.at(places[i])->sibling.init(places[(i + 1) % places.size()]);
}

}  // namespace steward::shared
