#include <steward/dict.hpp>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/shared_reads.hpp"
#include "proto/objects/dict.hpp"

namespace steward::detail {

DictRequests::DictRequests(const Manager& manager, ObjectName name, const Any::Map& initial, const DictOptions& options)
    : Object(open(manager, ObjectType::dict,
                  proto::dict::Open{as_proto(name, options), PackedMap(manager, initial).items()})) {}

DictRequests::DictRequests(const Reference& reference) : Object(reference, ObjectType::dict) {}

DictRequests::Versioned DictRequests::get(const Any& key) const {
    if (auto entry = read_entry(state(), key))
        return {std::move(entry->value), entry->version};
    const auto reply = ask(state(), proto::dict::Get{.object = id(), .key = PackedAny(state(), key)});
    if (!reply->found)
        return {};
    return {unpack(state(), reply->value), reply->version};
}

PlainRead DictRequests::read(const PlainKey& key, const PlainPlace& value) const {
    return read_plain_entry(state(), key, value);
}

void DictRequests::set(const Any& key, const Any& value) {
    ask(state(), proto::dict::Set{.object = id(), .key = PackedAny(state(), key), .value = PackedAny(state(), value)});
}

bool DictRequests::erase(const Any& key) {
    return ask(state(), proto::dict::Erase{.object = id(), .key = PackedAny(state(), key)})->erased;
}

std::optional<Any> DictRequests::pop(const Any& key) {
    const auto reply = ask(state(), proto::dict::Pop{.object = id(), .key = PackedAny(state(), key)});
    return reply->found ? std::optional(unpack(state(), reply->value)) : std::nullopt;
}

std::pair<Any, Any> DictRequests::pop_item() {
    const auto reply = ask(state(), proto::dict::PopItem{.object = id()});
    return {unpack(state(), reply->key), unpack(state(), reply->value)};
}

Any DictRequests::set_default(const Any& key, const Any& value) {
    const PackedAny packed_key(state(), key);
    const PackedAny packed_value(state(), value);
    return unpack(
        state(),
        ask(state(), proto::dict::SetDefault{.object = id(), .key = packed_key, .value = packed_value})->value);
}

void DictRequests::update(const Any::Map& items) {
    const PackedMap packed(state(), items);
    ask(state(), proto::dict::Update{.object = id(), .items = packed.items()});
}

Any::Array DictRequests::keys() const {
    return unpack_all(state(), ask(state(), proto::dict::Keys{.object = id()})->keys);
}

Any::Array DictRequests::values() const {
    return unpack_all(state(), ask(state(), proto::dict::Values{.object = id()})->values);
}

Any::Map DictRequests::items() const {
    if (auto entries = read_entries(state()))
        return *std::move(entries);
    const auto reply = ask(state(), proto::dict::Items{.object = id()});
    Any::Map items;
    items.reserve(reply->items.size());
    for (const auto& [key, value] : reply->items)
        items.emplace_back(unpack(state(), key), unpack(state(), value));
    return items;
}

void DictRequests::clear() {
    ask(state(), proto::dict::Clear{.object = id()});
}

bool DictRequests::contains(const Any& key) const {
    if (const auto contains = read_contains(state(), key))
        return *contains;
    return ask(state(), proto::dict::Contains{.object = id(), .key = PackedAny(state(), key)})->contains;
}

std::size_t DictRequests::size() const {
    if (const auto size = read_number_of_entries(state()))
        return *size;
    return ask(state(), proto::dict::Len{.object = id()})->len;
}

Any DictRequests::increment(const Any& key, const Any& by) {
    const PackedAny packed_key(state(), key);
    const PackedAny packed_by(state(), by);
    return unpack(state(),
                  ask(state(), proto::dict::Increment{.object = id(), .key = packed_key, .by = packed_by})->value);
}

bool DictRequests::compare_exchange(const Any& key, const Any& expected, const Any& desired) {
    const PackedAny packed_key(state(), key);
    const PackedAny packed_expected(state(), expected);
    const PackedAny packed_desired(state(), desired);
    return ask(state(),
               proto::dict::CompareExchange{
                   .object = id(), .key = packed_key, .expected = packed_expected, .desired = packed_desired})
        ->exchanged;
}

bool DictRequests::set_if_version(const Any& key, std::uint64_t version, const Any& value) {
    const PackedAny packed_key(state(), key);
    const PackedAny packed_value(state(), value);
    return ask(state(),
               proto::dict::SetIfVersion{.object = id(), .key = packed_key, .version = version, .value = packed_value})
        ->set;
}

void DictRequests::throw_no_such_key(const Any& key) const {
    std::error_code unprintable;
    const auto text = without_exceptions(unprintable, [&] { return key.to_json(); });
    throw Error(errc::no_such_key, title(state()) + (unprintable ? "" : ", key " + text));
}

}  // namespace steward::detail
