#include <steward/value.hpp>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/shared_reads.hpp"
#include "proto/objects/value.hpp"

namespace steward::detail {

ValueRequests::ValueRequests(const Manager& manager, ObjectName name, const Any& initial, const ValueOptions& options)
    : Object(
          open(manager, ObjectType::value, proto::value::Open{as_proto(name, options), PackedAny(manager, initial)})) {}

ValueRequests::ValueRequests(const Reference& reference) : Object(reference, ObjectType::value) {}

Any ValueRequests::get() const {
    if (auto value = read_cell(state()))
        return *std::move(value);
    return unpack(state(), ask(state(), proto::value::Get{.object = id()})->value);
}

PlainRead ValueRequests::read(const PlainPlace& value) const {
    return read_plain_cell(state(), value);
}

void ValueRequests::set(const Any& value) {
    ask(state(), proto::value::Set{.object = id(), .value = PackedAny(state(), value)});
}

bool ValueRequests::compare_exchange(Any& expected, const Any& desired) {
    const PackedAny packed_expected(state(), expected);
    const PackedAny packed_desired(state(), desired);
    const auto reply = ask(
        state(), proto::value::CompareExchange{.object = id(), .expected = packed_expected, .desired = packed_desired});
    if (!reply->exchanged)
        expected = unpack(state(), reply->current);
    return reply->exchanged;
}

Any ValueRequests::fetch_add(const Any& by) {
    return unpack(state(), ask(state(), proto::value::FetchAdd{.object = id(), .by = PackedAny(state(), by)})->before);
}

}  // namespace steward::detail
