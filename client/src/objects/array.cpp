#include <steward/array.hpp>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/shared_reads.hpp"
#include "proto/objects/array.hpp"

namespace steward::detail {

namespace {

/// Throws type_mismatch where the elements are of another type.
std::size_t length_of(const ObjectState& array, char typecode) {
    const auto reply = ask(array, proto::array::Len{.object = array.id});
    if (reply->typecode != std::string_view(&typecode, 1))
        throw Error(errc::type_mismatch, "expected an array of typecode " + std::string(1, typecode) +
                                             ", found one of typecode " + std::string(reply->typecode));
    return reply->len;
}

}  // namespace

ArrayRequests::ArrayRequests(const Manager& manager, ObjectName name, const ArrayShape& shape,
                             const Any::Array& initial, const ArrayOptions& options)
    : Object(open(manager, ObjectType::array,
                  proto::array::Open{.open = as_proto(name, options),
                                     .length = shape.length,
                                     .typecode = {&shape.typecode, 1},
                                     .initial = PackedArray(manager, initial).values()})),
      length_(shape.length) {}

ArrayRequests::ArrayRequests(const Reference& reference, char typecode)
    : Object(reference, ObjectType::array), length_(length_of(state(), typecode)) {}

Any ArrayRequests::at(std::int64_t index) const {
    if (auto element = read_element(state(), length_, index))
        return *std::move(element);
    return unpack(state(), ask(state(), proto::array::Get{.object = id(), .index = index})->value);
}

void ArrayRequests::set(std::int64_t index, const Any& value) {
    ask(state(), proto::array::Set{.object = id(), .index = index, .value = PackedAny(state(), value)});
}

Any::Array ArrayRequests::get_slice(const Slice& slice) const {
    const bool is_all = !slice.start && !slice.stop && slice.step == 1;
    if (auto elements = is_all ? read_elements(state()) : std::nullopt)
        return *std::move(elements);
    const auto reply = ask(
        state(), proto::array::GetSlice{.object = id(), .start = slice.start, .stop = slice.stop, .step = slice.step});
    return unpack_all(state(), reply->values);
}

void ArrayRequests::set_slice(const Slice& slice, const Any::Array& values) {
    const PackedArray packed(state(), values);
    ask(state(),
        proto::array::SetSlice{
            .object = id(), .start = slice.start, .stop = slice.stop, .step = slice.step, .values = packed.values()});
}

void ArrayRequests::fill(const Any& value) {
    ask(state(), proto::array::Fill{.object = id(), .value = PackedAny(state(), value)});
}

Any ArrayRequests::fetch_add(std::int64_t index, const Any& by) {
    return unpack(
        state(),
        ask(state(), proto::array::FetchAdd{.object = id(), .index = index, .by = PackedAny(state(), by)})->before);
}

bool ArrayRequests::compare_exchange(std::int64_t index, Any& expected, const Any& desired) {
    const PackedAny packed_expected(state(), expected);
    const PackedAny packed_desired(state(), desired);
    const auto reply =
        ask(state(), proto::array::CompareExchange{
                         .object = id(), .index = index, .expected = packed_expected, .desired = packed_desired});
    if (!reply->exchanged)
        expected = unpack(state(), reply->current);
    return reply->exchanged;
}

}  // namespace steward::detail
