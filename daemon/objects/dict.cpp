#include "daemon/objects/dict.hpp"

#include <string>
#include <utility>
#include <vector>

#include "daemon/keys.hpp"
#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/sum.hpp"
#include "proto/dumped_state.hpp"
#include "proto/value.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Packed;
using proto::Refusal;

/// The dict of a request.
struct DictTarget : KeyedObject {
    DictTarget(const Call& call, std::uint64_t id, Access access)
        : KeyedObject(call, id, proto::ObjectType::dict, access) {}
};

using Pairs = std::vector<std::pair<Packed, Packed>>;

void set_all(shared::Mutation& mutation, shared::Dict& entries, const Pairs& items) {
    for (const auto& [key, value] : items) {
        check_key(key);
        entries.set(mutation, key.bytes, value.bytes);
    }
}

}  // namespace

void Dict::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    info.count = entries_of(object).size();
    info.state = std::to_string(info.count) + " keys";
}

void Dict::visit_values(const Object& object, ValueCursor& cursor, std::size_t most, const ValueVisitor& visit) const {
    visit_entries(object, cursor, most, visit);
}

void Dict::discard_contents(shared::Mutation& mutation, const Object& object) const {
    entries_of(object).clear(mutation);
}

std::string Dict::dumped_state(const Object&) const {
    return packed_state(proto::dumped::Container{});
}

Object Dict::restore(const Restore& restore, proto::Packed) const {
    return restore.make({.type = proto::ObjectType::dict});
}

void Dict::restore_values(shared::Mutation& mutation, const Object& object, std::uint64_t,
                          std::span<const proto::Packed> values) const {
    auto entries = entries_of(object);
    set_all(mutation, entries, pairs_of(values));
}

proto::dict::Open::Result handle(Call& call, const proto::dict::Open& message) {
    return call.daemon.registry.open(call, message.open, {.type = proto::ObjectType::dict},
                                     [&](shared::Mutation& mutation, const Object& object) {
                                         auto entries = entries_of(object);
                                         set_all(mutation, entries, message.initial);
                                     });
}

proto::dict::Get::Result handle(Call& call, const proto::dict::Get& message) {
    const auto entry = DictTarget(call, message.object, Access::read).find(message.key);
    if (!entry)
        return {};
    return {.found = true, .value = {entry->value}, .version = entry->version};
}

proto::dict::Set::Result handle(Call& call, const proto::dict::Set& message) {
    check_key(message.key);
    DictTarget(call, message.object, Access::write).set(message.key.bytes, message.value.bytes);
    return {};
}

proto::dict::Erase::Result handle(Call& call, const proto::dict::Erase& message) {
    DictTarget dict(call, message.object, Access::write);
    const auto entry = dict.find(message.key);
    if (entry)
        dict.erase(*entry);
    return {.erased = entry.has_value()};
}

proto::dict::Pop::Result handle(Call& call, const proto::dict::Pop& message) {
    DictTarget dict(call, message.object, Access::write);
    const auto entry = dict.find(message.key);
    if (!entry)
        return {};
    dict.erase(*entry);
    return {.found = true, .value = {entry->value}};
}

proto::dict::PopItem::Result handle(Call& call, const proto::dict::PopItem& message) {
    DictTarget dict(call, message.object, Access::write);
    const auto last = dict.entries.last();
    if (!last)
        throw Refusal(Errc::empty, dict.called() + " is empty, there is nothing to pop");
    dict.erase(*last);
    return {.key = {last->key}, .value = {last->value}};
}

proto::dict::SetDefault::Result handle(Call& call, const proto::dict::SetDefault& message) {
    DictTarget dict(call, message.object, Access::write);
    if (const auto entry = dict.find(message.key))
        return {.value = {entry->value}};
    dict.set(message.key.bytes, message.value.bytes);
    return {.value = message.value};
}

proto::dict::Update::Result handle(Call& call, const proto::dict::Update& message) {
    DictTarget dict(call, message.object, Access::write);
    dict.change([&](auto& mutation) { set_all(mutation, dict.entries, message.items); });
    return {};
}

Packed handle(Call& call, const proto::dict::Keys& message) {
    return DictTarget(call, message.object, Access::read).copy(call, CopiedValues::Part::firsts);
}

Packed handle(Call& call, const proto::dict::Values& message) {
    return DictTarget(call, message.object, Access::read).copy(call, CopiedValues::Part::seconds);
}

Packed handle(Call& call, const proto::dict::Items& message) {
    return DictTarget(call, message.object, Access::read).copy(call, CopiedValues::Part::pairs);
}

proto::dict::Clear::Result handle(Call& call, const proto::dict::Clear& message) {
    DictTarget dict(call, message.object, Access::write);
    dict.clear();
    return {};
}

proto::dict::Contains::Result handle(Call& call, const proto::dict::Contains& message) {
    return {.contains = DictTarget(call, message.object, Access::read).find(message.key).has_value()};
}

proto::dict::Len::Result handle(Call& call, const proto::dict::Len& message) {
    return {.len = DictTarget(call, message.object, Access::read).entries.size()};
}

proto::dict::Increment::Result handle(Call& call, const proto::dict::Increment& message) {
    constexpr std::string_view packed_zero("\0", 1);
    DictTarget dict(call, message.object, Access::write);
    const auto entry = dict.find(message.key);
    const auto sum =
        sum_of(entry ? entry->value : packed_zero, message.by.bytes, "the key's value in " + dict.called());
    dict.set(message.key.bytes, sum);
    return {.value = call.keep(sum)};
}

proto::dict::CompareExchange::Result handle(Call& call, const proto::dict::CompareExchange& message) {
    DictTarget dict(call, message.object, Access::write);
    const auto entry = dict.find(message.key);
    if (!entry || !proto::equal(entry->value, message.expected.bytes))
        return {.exchanged = false};
    dict.set(message.key.bytes, message.desired.bytes);
    return {.exchanged = true};
}

proto::dict::SetIfVersion::Result handle(Call& call, const proto::dict::SetIfVersion& message) {
    DictTarget dict(call, message.object, Access::write);
    const auto entry = dict.find(message.key);
    if ((entry ? entry->version : 0) != message.version)
        return {.set = false};
    dict.set(message.key.bytes, message.value.bytes);
    return {.set = true};
}

}  // namespace steward::daemon
