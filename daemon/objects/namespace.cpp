#include "daemon/objects/namespace.hpp"

#include <string>
#include <utility>

#include "daemon/keys.hpp"
#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "proto/dumped_state.hpp"
#include "proto/errors.hpp"
#include "proto/reader.hpp"
#include "proto/value.hpp"
#include "proto/writer.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Packed;
using proto::Refusal;

/// The attribute as the key that it is kept by.
std::string attribute_key(std::string_view attribute) {
    if (attribute.starts_with('_'))
        throw Refusal(Errc::invalid_argument, "attribute '" + std::string(attribute) +
                                                  "' is not shared: those that begin with _ belong to the program");
    std::string key;
    proto::Writer(key).string(attribute);
    return key;
}

std::string_view attribute_of(const shared::Dict::Entry& entry) {
    return proto::Reader(entry.key).string();
}

/// The namespace of a request.
struct NamespaceTarget : KeyedObject {
    NamespaceTarget(const Call& call, std::uint64_t id, Access access)
        : KeyedObject(call, id, proto::ObjectType::name_space, access) {}

    /// The entry of an attribute; none is no_such_key.
    shared::Dict::Entry at(std::string_view attribute) const {
        const auto entry = entries.find(attribute_key(attribute));
        if (!entry)
            throw Refusal(Errc::no_such_key, called() + " has no attribute '" + std::string(attribute) + "'");
        return *entry;
    }
};

}  // namespace

void Namespace::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    info.count = entries_of(object).size();
    info.state = std::to_string(info.count) + " attributes";
}

void Namespace::visit_values(const Object& object, ValueCursor& cursor, std::size_t most,
                             const ValueVisitor& visit) const {
    visit_entries(object, cursor, most, visit);
}

void Namespace::discard_contents(shared::Mutation& mutation, const Object& object) const {
    entries_of(object).clear(mutation);
}

std::string Namespace::dumped_state(const Object&) const {
    return packed_state(proto::dumped::Container{});
}

Object Namespace::restore(const Restore& restore, proto::Packed) const {
    return restore.make({.type = proto::ObjectType::name_space});
}

void Namespace::restore_values(shared::Mutation& mutation, const Object& object, std::uint64_t,
                               std::span<const proto::Packed> values) const {
    auto entries = entries_of(object);
    for (const auto& [attribute, value] : pairs_of(values))
        entries.set(mutation, attribute_key(proto::Reader(attribute.bytes).string()), value.bytes);
}

proto::name_space::Open::Result handle(Call& call, const proto::name_space::Open& message) {
    return call.daemon.registry.open(call, message.open, {.type = proto::ObjectType::name_space},
                                     [&](shared::Mutation& mutation, const Object& object) {
                                         auto entries = entries_of(object);
                                         for (const auto& [attribute, value] : message.initial)
                                             entries.set(mutation, attribute_key(attribute), value.bytes);
                                     });
}

proto::name_space::Get::Result handle(Call& call, const proto::name_space::Get& message) {
    return {.value = {NamespaceTarget(call, message.object, Access::read).at(message.attribute).value}};
}

proto::name_space::Set::Result handle(Call& call, const proto::name_space::Set& message) {
    NamespaceTarget(call, message.object, Access::write).set(attribute_key(message.attribute), message.value.bytes);
    return {};
}

proto::name_space::Erase::Result handle(Call& call, const proto::name_space::Erase& message) {
    NamespaceTarget attributes(call, message.object, Access::write);
    attributes.erase(attributes.at(message.attribute));
    return {};
}

proto::name_space::Contains::Result handle(Call& call, const proto::name_space::Contains& message) {
    const NamespaceTarget attributes(call, message.object, Access::read);
    return {.contains = attributes.entries.find(attribute_key(message.attribute)).has_value()};
}

proto::name_space::Names::Result handle(Call& call, const proto::name_space::Names& message) {
    const NamespaceTarget attributes(call, message.object, Access::read);
    return {.names = attributes.collect<std::string_view>(attribute_of)};
}

proto::name_space::Copy::Result handle(Call& call, const proto::name_space::Copy& message) {
    const NamespaceTarget attributes(call, message.object, Access::read);
    return {.attributes = attributes.collect<std::pair<std::string_view, Packed>>([](const auto& entry) {
        return std::pair{attribute_of(entry), Packed{entry.value}};
    })};
}

proto::name_space::CompareExchange::Result handle(Call& call, const proto::name_space::CompareExchange& message) {
    NamespaceTarget attributes(call, message.object, Access::write);
    const std::string before(attributes.at(message.attribute).value);
    const bool exchanged = proto::equal(before, message.expected.bytes);
    if (exchanged)
        attributes.set(attribute_key(message.attribute), message.desired.bytes);
    return {.exchanged = exchanged, .current = call.keep(before)};
}

}  // namespace steward::daemon
