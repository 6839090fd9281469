#include <steward/array.hpp>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "proto/objects/array.hpp"

namespace steward::detail {

namespace words = proto::array;

ArrayRequests::ArrayRequests(const Manager& manager, std::string_view name, const ArrayShape& shape,
                             const Any::Array& initial, const ArrayOptions& options)
    : Object(open(manager, ObjectType::array,
                  words::Open{.open = as_proto(name, options),
                              .length = shape.length,
                              .typecode = {&shape.typecode, 1},
                              .initial = PackedArray(initial).values()})),
      length_(shape.length) {}

Any ArrayRequests::at(std::int64_t index) const {
    return unpack(ask(state(), words::Get{.object = id(), .index = index})->value);
}

void ArrayRequests::set(std::int64_t index, const Any& value) {
    ask(state(), words::Set{.object = id(), .index = index, .value = PackedAny(value)});
}

Any::Array ArrayRequests::get_slice(const Slice& slice) const {
    const auto reply =
        ask(state(), words::GetSlice{.object = id(), .start = slice.start, .stop = slice.stop, .step = slice.step});
    return unpack_all(reply->values);
}

void ArrayRequests::set_slice(const Slice& slice, const Any::Array& values) {
    const PackedArray packed(values);
    ask(state(),
        words::SetSlice{
            .object = id(), .start = slice.start, .stop = slice.stop, .step = slice.step, .values = packed.values()});
}

void ArrayRequests::fill(const Any& value) {
    ask(state(), words::Fill{.object = id(), .value = PackedAny(value)});
}

Any ArrayRequests::fetch_add(std::int64_t index, const Any& by) {
    return unpack(ask(state(), words::FetchAdd{.object = id(), .index = index, .by = PackedAny(by)})->before);
}

bool ArrayRequests::compare_exchange(std::int64_t index, Any& expected, const Any& desired) {
    const PackedAny packed_expected(expected);
    const PackedAny packed_desired(desired);
    const auto reply = ask(
        state(),
        words::CompareExchange{.object = id(), .index = index, .expected = packed_expected, .desired = packed_desired});
    if (!reply->exchanged)
        expected = unpack(reply->current);
    return reply->exchanged;
}

}  // namespace steward::detail
