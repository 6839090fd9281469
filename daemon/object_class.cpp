#include "daemon/object_class.hpp"

#include <stdexcept>

#include "daemon/objects.hpp"
#include "proto/errors.hpp"

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

Grant ObjectClass::offer(shared::Mutation&, const Object&, const Claim&) const {
    throw std::logic_error("nobody takes an object of this type by its word");
}

void ObjectClass::reply(std::string&, const Claim&, const std::optional<Grant>&) const {
    throw std::logic_error("nobody waits for an object of this type");
}

void ObjectClass::visit_values(const Object&, ValueCursor& cursor, std::size_t, const ValueVisitor&) const {
    cursor.at_end = true;
}

void ObjectClass::restore_values(shared::Mutation&, const Object& object, std::uint64_t,
                                 std::span<const proto::Packed>) const {
    throw proto::Refusal(proto::Errc::invalid_argument,
                         "the dump has values for a " + std::string(to_string(object.type())) + ", which has none");
}

std::uint64_t ObjectClass::acquisitions(const Object& object) const {
    return object.word_line().acquisitions.load(std::memory_order_relaxed);
}

void ObjectClass::take_back(const Object&, const Departed&, std::uint64_t) const {}

void ObjectClass::give_back(shared::Mutation&, const Object&, const Claim&, std::uint64_t) const {
    throw std::logic_error("nobody holds an object of this type");
}

namespace {

/// The explicit list of classes; together, so that there is one thing to be made before first use.
struct Classes {
    Lock lock;
    RLock rlock;
    RWLock rwlock;
    Semaphore semaphore;
    BoundedSemaphore bounded_semaphore;
    Condition condition;
    Event event;
    Barrier barrier;
    Queue queue;
    List list;
    Dict dict;
    Value value;
    ProcessEnd process;
    Namespace name_space;
    Array array;
    Set set;
};

}  // namespace

const ObjectClass& class_of(proto::ObjectType type) {
    static const Classes all;
    switch (type) {  // without a default: a type that has no class is a warning, and warnings are errors
        case proto::ObjectType::lock: return all.lock;
        case proto::ObjectType::rlock: return all.rlock;
        case proto::ObjectType::rwlock: return all.rwlock;
        case proto::ObjectType::semaphore: return all.semaphore;
        case proto::ObjectType::bounded_semaphore: return all.bounded_semaphore;
        case proto::ObjectType::condition: return all.condition;
        case proto::ObjectType::event: return all.event;
        case proto::ObjectType::barrier: return all.barrier;
        case proto::ObjectType::queue: return all.queue;
        case proto::ObjectType::list: return all.list;
        case proto::ObjectType::dict: return all.dict;
        case proto::ObjectType::value: return all.value;
        case proto::ObjectType::process: return all.process;
        case proto::ObjectType::name_space: return all.name_space;
        case proto::ObjectType::array: return all.array;
        case proto::ObjectType::set: return all.set;
    }
    throw std::logic_error("an object of an unknown type");
}

}  // namespace steward::daemon
