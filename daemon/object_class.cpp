#include "daemon/object_class.hpp"

#include <stdexcept>

#include "daemon/objects/array.hpp"
#include "daemon/objects/dict.hpp"
#include "daemon/objects/event.hpp"
#include "daemon/objects/list.hpp"
#include "daemon/objects/lock.hpp"
#include "daemon/objects/namespace.hpp"
#include "daemon/objects/semaphore.hpp"
#include "daemon/objects/set.hpp"
#include "daemon/objects/value.hpp"

namespace steward::daemon {

Grant ObjectClass::grant(shared::Mutation&, const Object&, const Claim&, std::uint64_t) const {
    return {};
}

void ObjectClass::reply(std::string&, std::uint64_t, const std::optional<Grant>&) const {
    throw std::logic_error("nobody waits for an object of this type");
}

void ObjectClass::take_back(const Object&, const Departed&, std::uint64_t) const {}

const ObjectClass& class_of(proto::ObjectType type) {
    static const Lock lock;
    static const Semaphore semaphore;
    static const Event event;
    static const List list;
    static const Dict dict;
    static const Value value;
    static const Namespace name_space;
    static const Array array;
    static const Set set;
    switch (type) {  // without a default: a type that has no class is a warning, and warnings are errors
        case proto::ObjectType::lock: return lock;
        case proto::ObjectType::semaphore: return semaphore;
        case proto::ObjectType::event: return event;
        case proto::ObjectType::list: return list;
        case proto::ObjectType::dict: return dict;
        case proto::ObjectType::value: return value;
        case proto::ObjectType::name_space: return name_space;
        case proto::ObjectType::array: return array;
        case proto::ObjectType::set: return set;
    }
    throw std::logic_error("an object of an unknown type");
}

}  // namespace steward::daemon
