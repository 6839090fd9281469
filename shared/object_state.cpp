#include "shared/object_state.hpp"

#include <string>

#include "shared/errors.hpp"

namespace steward::shared {

using proto::ObjectType;

Contents contents_of(const ObjectHeader& object) {
    const std::uint8_t type = object.kind.load().type;
    if (type == 0)
        return Contents::numbers;
    switch (static_cast<ObjectType>(type)) {  // without a default: a type that is not here is a warning
        case ObjectType::lock:
        case ObjectType::rlock:
        case ObjectType::condition:
        case ObjectType::event:
        case ObjectType::barrier:
        case ObjectType::process: return Contents::numbers;
        case ObjectType::value: return Contents::cell;
        case ObjectType::list: return Contents::sequence;
        case ObjectType::dict:
        case ObjectType::name_space:
        case ObjectType::set: return Contents::dict;
        case ObjectType::array: return Contents::elements;
        case ObjectType::queue: return Contents::queue;
        case ObjectType::semaphore:
        case ObjectType::bounded_semaphore: return Contents::holdings;
        case ObjectType::rwlock: return Contents::holdings_behind;
    }
    throw DomainError(DomainFault::damaged, "the heap has an object of type " + std::to_string(type));
}

bool needs_word_line(ObjectType type) noexcept {
    switch (type) {  // without a default: a type that is not here is a warning
        case ObjectType::lock:
        case ObjectType::rlock:
        case ObjectType::rwlock:
        case ObjectType::event:
        case ObjectType::semaphore:
        case ObjectType::bounded_semaphore: return true;
        case ObjectType::condition:
        case ObjectType::barrier:
        case ObjectType::process:
        case ObjectType::value:
        case ObjectType::list:
        case ObjectType::dict:
        case ObjectType::name_space:
        case ObjectType::set:
        case ObjectType::array:
        case ObjectType::queue: return false;
    }
    return false;
}

ObjectId referred_by_state(const ObjectHeader& object) noexcept {
    if (static_cast<ObjectType>(object.kind.load().type) != ObjectType::condition)
        return {};
    const auto& state = object.state_as<ReferringState>();
    return state.owned.load() == 0 ? state.object.load() : ObjectId{};
}

}  // namespace steward::shared
