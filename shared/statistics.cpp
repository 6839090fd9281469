#include "shared/statistics.hpp"

#include <algorithm>

namespace steward::shared {
namespace {

void raise(Field<std::uint64_t>& longest, std::uint64_t ns) noexcept {
    longest.init(std::max(longest.load(), ns));
}

Statistics* statistics_in(const Heap& heap, const ObjectHeader& object) noexcept {
    const Offset<Statistics> place = object.statistics.load();
    return place ? heap.at(place) : nullptr;
}

}  // namespace

void note_wait(Mutation& mutation, ObjectHeader& object) {
    if (!object.statistics.load())
        mutation.store(object.statistics, mutation.allocate<Statistics>(BlockKind::statistics));
    Statistics& statistics = *statistics_in(mutation.heap(), object);
    mutation.store(statistics.waited, statistics.waited.load() + 1);
}

void note_waited(const Heap& heap, ObjectHeader& object, std::uint64_t ns) noexcept {
    if (Statistics* statistics = statistics_in(heap, object)) {
        statistics->wait_total_ns.init(statistics->wait_total_ns.load() + ns);
        raise(statistics->wait_longest_ns, ns);
        statistics->waits.add(ns, 1);
    }
}

void note_held(const Heap& heap, ObjectHeader& object, std::uint64_t ns, std::uint64_t times) noexcept {
    if (Statistics* statistics = statistics_in(heap, object)) {
        statistics->hold_total_ns.init(statistics->hold_total_ns.load() + ns * times);
        raise(statistics->hold_longest_ns, ns);
        statistics->holds.add(ns, times);
    }
}

const Statistics* statistics_of(const Heap& heap, const ObjectHeader& object) noexcept {
    return statistics_in(heap, object);
}

void forget_statistics(Mutation& mutation, ObjectHeader& object) {
    if (const Offset<Statistics> place = object.statistics.load()) {
        mutation.store(object.statistics, {});
        mutation.discard(place);
    }
}

}  // namespace steward::shared
