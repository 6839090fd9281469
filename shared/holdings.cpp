#include "shared/holdings.hpp"

namespace steward::shared {

Offset<Holder> Holdings::find(Agent agent) const noexcept {
    Offset<Holder> holder = first();
    while (holder && heap_.at(holder)->agent.load() != agent)
        holder = next(holder);
    return holder;
}

Holdings::Holding Holdings::get(Offset<Holder> place) const noexcept {
    const Holder& holder = *heap_.at(place);
    return {holder.agent.load(), holder.count.load(), holder.since_ns.load(), holder.tag.load().extra};
}

void Holdings::add(Mutation& mutation, Agent agent, std::uint64_t count, std::uint64_t now_ns, std::uint32_t line) {
    if (const Offset<Holder> found = find(agent)) {
        Holder& holder = *heap_.at(found);
        mutation.store(holder.count, holder.count.load() + count);
        return;
    }
    const auto place = mutation.allocate<Holder>(BlockKind::holder, sizeof(Holder), line);
    Holder& holder = *heap_.at(place);
    holder.agent.init(agent);
    holder.count.init(count);
    holder.since_ns.init(now_ns);
    link_last(mutation, ends_, place);
}

bool Holdings::take(Mutation& mutation, Agent agent, std::uint64_t count) {
    const Offset<Holder> found = find(agent);
    if (!found || heap_.at(found)->count.load() < count)
        return false;
    Holder& holder = *heap_.at(found);
    if (holder.count.load() == count)
        erase(mutation, found);
    else
        mutation.store(holder.count, holder.count.load() - count);
    return true;
}

void Holdings::erase(Mutation& mutation, Offset<Holder> holder) {
    unlink(mutation, ends_, holder);
    mutation.discard(holder);
}

void Holdings::clear(Mutation& mutation) {
    discard_all(mutation, ends_);
}

}  // namespace steward::shared
