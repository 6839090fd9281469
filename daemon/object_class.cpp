#include "daemon/object_class.hpp"

#include <stdexcept>

#include "daemon/objects.hpp"

namespace steward::daemon {

std::optional<std::uint8_t> ObjectClass::want_among_several(shared::WaitMode, bool) const {
    return std::nullopt;
}

shared::Offset<shared::Node> ObjectClass::make_payload(shared::Mutation&, std::string_view) const {
    throw std::logic_error("nobody brings anything to an object of this type");
}

Grant ObjectClass::grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t) const {
    return {};
}

void ObjectClass::reply(std::string&, const Claim&, const std::optional<Grant>&) const {
    throw std::logic_error("nobody waits for an object of this type");
}

void ObjectClass::take_back(const Object&, const Departed&, std::uint64_t) const {}

void ObjectClass::give_back(shared::Mutation&, const Object&, const Claim&, std::uint64_t) const {
    throw std::logic_error("nobody holds an object of this type");
}

const ObjectClass& class_of(proto::ObjectType type) {
    static const Lock lock;
    static const RLock rlock;
    static const RWLock rwlock;
    static const Semaphore semaphore;
    static const BoundedSemaphore bounded_semaphore;
    static const Condition condition;
    static const Event event;
    static const Barrier barrier;
    static const Queue queue;
    static const List list;
    static const Dict dict;
    static const Value value;
    static const ProcessEnd process;
    static const Namespace name_space;
    static const Array array;
    static const Set set;
    switch (type) {  // without a default: a type that has no class is a warning, and warnings are errors
        case proto::ObjectType::lock: return lock;
        case proto::ObjectType::rlock: return rlock;
        case proto::ObjectType::rwlock: return rwlock;
        case proto::ObjectType::semaphore: return semaphore;
        case proto::ObjectType::bounded_semaphore: return bounded_semaphore;
        case proto::ObjectType::condition: return condition;
        case proto::ObjectType::event: return event;
        case proto::ObjectType::barrier: return barrier;
        case proto::ObjectType::queue: return queue;
        case proto::ObjectType::list: return list;
        case proto::ObjectType::dict: return dict;
        case proto::ObjectType::value: return value;
        case proto::ObjectType::process: return process;
        case proto::ObjectType::name_space: return name_space;
        case proto::ObjectType::array: return array;
        case proto::ObjectType::set: return set;
    }
    throw std::logic_error("an object of an unknown type");
}

}  // namespace steward::daemon
