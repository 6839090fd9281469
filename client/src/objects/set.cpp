#include <steward/set.hpp>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/shared_reads.hpp"
#include "proto/objects/set.hpp"

namespace steward::detail {

SetRequests::SetRequests(const Manager& manager, ObjectName name, const Any::Array& initial, const SetOptions& options)
    : Object(open(manager, ObjectType::set,
                  proto::set::Open{as_proto(name, options), PackedArray(manager, initial).values()})) {}

SetRequests::SetRequests(const Reference& reference) : Object(reference, ObjectType::set) {}

bool SetRequests::add(const Any& value) {
    return ask(state(), proto::set::Add{.object = id(), .value = PackedAny(state(), value)})->added;
}

bool SetRequests::discard(const Any& value) {
    return ask(state(), proto::set::Discard{.object = id(), .value = PackedAny(state(), value)})->discarded;
}

void SetRequests::remove_value(const Any& value) {
    ask(state(), proto::set::Remove{.object = id(), .value = PackedAny(state(), value)});
}

Any SetRequests::pop() {
    return unpack(state(), ask(state(), proto::set::Pop{.object = id()})->value);
}

void SetRequests::update(const Any::Array& values) {
    const PackedArray packed(state(), values);
    ask(state(), proto::set::Update{.object = id(), .values = packed.values()});
}

Any::Array SetRequests::copy() const {
    return unpack_all(state(), ask(state(), proto::set::Copy{.object = id()})->values);
}

void SetRequests::clear() {
    ask(state(), proto::set::Clear{.object = id()});
}

bool SetRequests::contains(const Any& value) const {
    if (const auto contains = read_contains(state(), value))
        return *contains;
    return ask(state(), proto::set::Contains{.object = id(), .value = PackedAny(state(), value)})->contains;
}

std::size_t SetRequests::size() const {
    if (const auto size = read_number_of_entries(state()))
        return *size;
    return ask(state(), proto::set::Len{.object = id()})->len;
}

}  // namespace steward::detail
