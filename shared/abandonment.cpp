#include "shared/abandonment.hpp"

#include <cstring>

namespace steward::shared {

std::optional<Abandonment> last_abandonment(const Heap& heap, const ObjectHeader& object) noexcept {
    const Offset<AbandonmentRecord> place = object.last_abandonment.load();
    if (!place)
        return std::nullopt;
    const AbandonmentRecord& record = *heap.at(place);
    return Abandonment{.process = record.process.load(),
                       .when_ns = record.when_ns.load(),
                       .held_for_ns = record.held_for_ns.load(),
                       .command = {bytes_behind(&record), record.tag.load().extra}};
}

void record_abandonment(Mutation& mutation, ObjectHeader& object, const Abandonment& abandonment) {
    const auto place = mutation.allocate<AbandonmentRecord>(BlockKind::abandonment,
                                                            sizeof(AbandonmentRecord) + abandonment.command.size(),
                                                            static_cast<std::uint32_t>(abandonment.command.size()));
    AbandonmentRecord& record = *mutation.heap().at(place);
    record.process.init(abandonment.process);
    record.when_ns.init(abandonment.when_ns);
    record.held_for_ns.init(abandonment.held_for_ns);
    std::memcpy(bytes_behind(&record), abandonment.command.data(), abandonment.command.size());
    forget_abandonment(mutation, object);
    mutation.store(object.last_abandonment, place);
}

void forget_abandonment(Mutation& mutation, ObjectHeader& object) {
    if (const Offset<AbandonmentRecord> before = object.last_abandonment.load()) {
        mutation.store(object.last_abandonment, {});
        mutation.discard(before);
    }
}

}  // namespace steward::shared
