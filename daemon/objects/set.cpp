#include "daemon/objects/set.hpp"

#include <string>
#include <vector>

#include "daemon/keys.hpp"
#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "proto/dumped_state.hpp"
#include "proto/errors.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Packed;
using proto::Refusal;

/// The set of a request.
struct SetTarget : KeyedObject {
    SetTarget(const Call& call, std::uint64_t id, Access access)
        : KeyedObject(call, id, proto::ObjectType::set, access) {}
};

/// A value that is there already stays as it was added, as in Python.
void add_all(shared::Mutation& mutation, shared::Dict& entries, std::span<const Packed> values) {
    for (const auto value : values) {
        check_key(value);
        if (!entries.find(value.bytes))
            entries.set(mutation, value.bytes, proto::packed_nil.bytes);
    }
}

}  // namespace

void Set::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    info.count = entries_of(object).size();
    info.state = std::to_string(info.count) + " values";
}

void Set::visit_values(const Object& object, ValueCursor& cursor, std::size_t most, const ValueVisitor& visit) const {
    visit_keys(object, cursor, most, visit);
}

void Set::discard_contents(shared::Mutation& mutation, const Object& object) const {
    entries_of(object).clear(mutation);
}

std::string Set::dumped_state(const Object&) const {
    return packed_state(proto::dumped::Container{});
}

Object Set::restore(const Restore& restore, proto::Packed) const {
    return restore.make({.type = proto::ObjectType::set});
}

void Set::restore_values(shared::Mutation& mutation, const Object& object, std::uint64_t,
                         std::span<const proto::Packed> values) const {
    auto entries = entries_of(object);
    add_all(mutation, entries, values);
}

proto::set::Open::Result handle(Call& call, const proto::set::Open& message) {
    return call.daemon.registry.open(call, message.open, {.type = proto::ObjectType::set},
                                     [&](shared::Mutation& mutation, const Object& object) {
                                         auto entries = entries_of(object);
                                         add_all(mutation, entries, message.initial);
                                     });
}

proto::set::Add::Result handle(Call& call, const proto::set::Add& message) {
    SetTarget set(call, message.object, Access::write);
    if (set.find(message.value))
        return {.added = false};
    set.set(message.value.bytes, proto::packed_nil.bytes);
    return {.added = true};
}

proto::set::Discard::Result handle(Call& call, const proto::set::Discard& message) {
    SetTarget set(call, message.object, Access::write);
    const auto entry = set.find(message.value);
    if (entry)
        set.erase(*entry);
    return {.discarded = entry.has_value()};
}

proto::set::Remove::Result handle(Call& call, const proto::set::Remove& message) {
    SetTarget set(call, message.object, Access::write);
    const auto entry = set.find(message.value);
    if (!entry)
        throw Refusal(Errc::no_such_key, set.called() + " has no such value");
    set.erase(*entry);
    return {};
}

proto::set::Pop::Result handle(Call& call, const proto::set::Pop& message) {
    SetTarget set(call, message.object, Access::write);
    const auto first = set.entries.first();
    if (!first)
        throw Refusal(Errc::empty, set.called() + " is empty, there is nothing to pop");
    set.erase(*first);
    return {.value = {first->key}};
}

proto::set::Update::Result handle(Call& call, const proto::set::Update& message) {
    SetTarget set(call, message.object, Access::write);
    set.change([&](auto& mutation) { add_all(mutation, set.entries, message.values); });
    return {};
}

Packed handle(Call& call, const proto::set::Copy& message) {
    return SetTarget(call, message.object, Access::read).copy(call, CopiedValues::Part::each);
}

proto::set::Clear::Result handle(Call& call, const proto::set::Clear& message) {
    SetTarget(call, message.object, Access::write).clear();
    return {};
}

proto::set::Contains::Result handle(Call& call, const proto::set::Contains& message) {
    return {.contains = SetTarget(call, message.object, Access::read).find(message.value).has_value()};
}

proto::set::Len::Result handle(Call& call, const proto::set::Len& message) {
    return {.len = SetTarget(call, message.object, Access::read).entries.size()};
}

}  // namespace steward::daemon
