#include "shared/queue.hpp"

#include <cstring>

#include "shared/references.hpp"

namespace steward::shared {

void Queue::create(Mutation& mutation, std::uint64_t max_size) {
    mutation.store(state_.root, mutation.allocate<QueueRoot>(BlockKind::queue));
    mutation.store(state_.max_size, max_size);
}

void Queue::discard(Mutation& mutation) {
    discard_all(mutation, waiting());
    discard_all(mutation, taken_items());
    mutation.discard(state_.root.load());
    mutation.store(state_.root, {});
}

Offset<QueueItem> Queue::make_item(Mutation& mutation, std::string_view value) {
    const auto place = mutation.allocate<QueueItem>(BlockKind::queue_item, sizeof(QueueItem) + value.size(),
                                                    static_cast<std::uint32_t>(value.size()));
    std::memcpy(bytes_behind(mutation.heap().at(place)), value.data(), value.size());
    count_references(mutation, place, value);
    return place;
}

void Queue::put(Mutation& mutation, Offset<QueueItem> fresh) {
    link_last(mutation, waiting(), fresh);
    mutation.store(root().size, size() + 1);
    mutation.store(root().unfinished, unfinished() + 1);
}

std::string_view Queue::get(Mutation& mutation) {
    const Offset<QueueItem> first = root().first.load();
    const std::string_view value = item(first).value();
    unlink(mutation, waiting(), first);
    mutation.store(root().size, size() - 1);
    mutation.discard(first);
    return value;
}

void Queue::put_first(Mutation& mutation, Offset<QueueItem> fresh) {
    relink_first(mutation, waiting(), fresh);
    mutation.store(root().size, size() + 1);
}

Offset<QueueItem> Queue::take(Mutation& mutation, Agent taker) {
    const Offset<QueueItem> first = root().first.load();
    const std::uint64_t number = root().last_number.load() + 1;
    mutation.store(root().last_number, number);
    unlink(mutation, waiting(), first);
    mutation.store(heap_.at(first)->number, number);
    mutation.store(heap_.at(first)->taker, taker);
    relink_last(mutation, taken_items(), first);
    mutation.store(root().size, size() - 1);
    mutation.store(root().taken, taken() + 1);
    return first;
}

void Queue::done(Mutation& mutation, Offset<QueueItem> place) {
    unlink(mutation, taken_items(), place);
    mutation.store(root().taken, taken() - 1);
    mutation.discard(place);
    if (unfinished() != 0)
        mutation.store(root().unfinished, unfinished() - 1);
}

void Queue::give_back(Mutation& mutation, Offset<QueueItem> place) {
    unlink(mutation, taken_items(), place);
    mutation.store(heap_.at(place)->number, 0);
    mutation.store(heap_.at(place)->taker, {});
    relink_first(mutation, waiting(), place);
    mutation.store(root().taken, taken() - 1);
    mutation.store(root().size, size() + 1);
}

bool Queue::task_done(Mutation& mutation) {
    if (unfinished() == 0)
        return false;
    mutation.store(root().unfinished, unfinished() - 1);
    return true;
}

}  // namespace steward::shared
