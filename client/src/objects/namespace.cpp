#include <steward/namespace.hpp>

#include <utility>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/shared_reads.hpp"
#include "proto/objects/namespace.hpp"

namespace steward::detail {

namespace {

std::shared_ptr<const ObjectState> open_namespace(const Manager& manager, ObjectName name,
                                                  const std::map<std::string, Any>& initial,
                                                  const NamespaceOptions& options) {
    std::vector<PackedAny> values;  // the message refers to them
    values.reserve(initial.size());
    proto::name_space::Open message{.open = as_proto(name, options), .initial = {}};
    for (const auto& [attribute, value] : initial)
        message.initial.emplace_back(attribute, values.emplace_back(manager, value));
    return open(manager, ObjectType::name_space, message);
}

}  // namespace

NamespaceRequests::NamespaceRequests(const Manager& manager, ObjectName name, const std::map<std::string, Any>& initial,
                                     const NamespaceOptions& options)
    : Object(open_namespace(manager, name, initial, options)) {}

NamespaceRequests::NamespaceRequests(const Reference& reference) : Object(reference, ObjectType::name_space) {}

Any NamespaceRequests::get(std::string_view attribute) const {
    if (auto entry = read_entry(state(), Any(attribute)); entry && entry->value)
        return *std::move(entry->value);
    return unpack(state(), ask(state(), proto::name_space::Get{.object = id(), .attribute = attribute})->value);
}

void NamespaceRequests::set(std::string_view attribute, const Any& value) {
    ask(state(), proto::name_space::Set{.object = id(), .attribute = attribute, .value = PackedAny(state(), value)});
}

void NamespaceRequests::erase(std::string_view attribute) {
    ask(state(), proto::name_space::Erase{.object = id(), .attribute = attribute});
}

bool NamespaceRequests::contains(std::string_view attribute) const {
    return ask(state(), proto::name_space::Contains{.object = id(), .attribute = attribute})->contains;
}

std::vector<std::string> NamespaceRequests::names() const {
    const auto reply = ask(state(), proto::name_space::Names{.object = id()});
    return {reply->names.begin(), reply->names.end()};
}

std::map<std::string, Any> NamespaceRequests::copy() const {
    const auto reply = ask(state(), proto::name_space::Copy{.object = id()});
    std::map<std::string, Any> attributes;
    for (const auto& [name, value] : reply->attributes)
        attributes.emplace(name, unpack(state(), value));
    return attributes;
}

bool NamespaceRequests::compare_exchange(std::string_view attribute, Any& expected, const Any& desired) {
    const PackedAny packed_expected(state(), expected);
    const PackedAny packed_desired(state(), desired);
    const auto reply = ask(
        state(), proto::name_space::CompareExchange{
                     .object = id(), .attribute = attribute, .expected = packed_expected, .desired = packed_desired});
    if (!reply->exchanged)
        expected = unpack(state(), reply->current);
    return reply->exchanged;
}

}  // namespace steward::detail
