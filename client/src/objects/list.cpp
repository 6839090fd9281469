#include <steward/list.hpp>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/shared_reads.hpp"
#include "proto/objects/list.hpp"

namespace steward::detail {

ListRequests::ListRequests(const Manager& manager, ObjectName name, const Any::Array& initial,
                           const ListOptions& options)
    : Object(open(manager, ObjectType::list,
                  proto::list::Open{as_proto(name, options), PackedArray(manager, initial).values()})) {}

ListRequests::ListRequests(const Reference& reference) : Object(reference, ObjectType::list) {}

void ListRequests::append(const Any& value) {
    ask(state(), proto::list::Append{.object = id(), .value = PackedAny(state(), value)});
}

void ListRequests::extend(const Any::Array& values) {
    const PackedArray packed(state(), values);
    ask(state(), proto::list::Extend{.object = id(), .values = packed.values()});
}

void ListRequests::insert(std::int64_t index, const Any& value) {
    ask(state(), proto::list::Insert{.object = id(), .index = index, .value = PackedAny(state(), value)});
}

Any ListRequests::pop(std::int64_t index) {
    return unpack(state(), ask(state(), proto::list::Pop{.object = id(), .index = index})->value);
}

void ListRequests::remove_value(const Any& value) {
    ask(state(), proto::list::Remove{.object = id(), .value = PackedAny(state(), value)});
}

std::size_t ListRequests::index(const Any& value, std::int64_t start, std::optional<std::int64_t> stop) const {
    const PackedAny packed(state(), value);
    return ask(state(), proto::list::Index{.object = id(), .value = packed, .start = start, .stop = stop})->index;
}

std::size_t ListRequests::count(const Any& value) const {
    return ask(state(), proto::list::Count{.object = id(), .value = PackedAny(state(), value)})->count;
}

void ListRequests::reverse() {
    ask(state(), proto::list::Reverse{.object = id()});
}

void ListRequests::sort(bool descending) {
    ask(state(), proto::list::Sort{.object = id(), .reverse = descending});
}

void ListRequests::clear() {
    ask(state(), proto::list::Clear{.object = id()});
}

Any::Array ListRequests::copy() const {
    if (auto items = read_items(state()))
        return *std::move(items);
    return unpack_all(state(), ask(state(), proto::list::Copy{.object = id()})->values);
}

Any ListRequests::at(std::int64_t index) const {
    if (auto item = read_item(state(), index))
        return *std::move(item);
    return unpack(state(), ask(state(), proto::list::Get{.object = id(), .index = index})->value);
}

void ListRequests::set(std::int64_t index, const Any& value) {
    ask(state(), proto::list::Set{.object = id(), .index = index, .value = PackedAny(state(), value)});
}

void ListRequests::erase(std::int64_t index) {
    ask(state(), proto::list::Erase{.object = id(), .index = index});
}

Any::Array ListRequests::get_slice(const Slice& slice) const {
    const auto reply = ask(
        state(), proto::list::GetSlice{.object = id(), .start = slice.start, .stop = slice.stop, .step = slice.step});
    return unpack_all(state(), reply->values);
}

void ListRequests::set_slice(const Slice& slice, const Any::Array& values) {
    const PackedArray packed(state(), values);
    ask(state(),
        proto::list::SetSlice{
            .object = id(), .start = slice.start, .stop = slice.stop, .step = slice.step, .values = packed.values()});
}

void ListRequests::erase_slice(const Slice& slice) {
    ask(state(), proto::list::EraseSlice{.object = id(), .start = slice.start, .stop = slice.stop, .step = slice.step});
}

bool ListRequests::contains(const Any& value) const {
    return ask(state(), proto::list::Contains{.object = id(), .value = PackedAny(state(), value)})->contains;
}

std::size_t ListRequests::size() const {
    if (const auto size = read_number_of_items(state()))
        return *size;
    return ask(state(), proto::list::Len{.object = id()})->len;
}

void ListRequests::repeat(std::int64_t times) {
    ask(state(), proto::list::Repeat{.object = id(), .times = times});
}

bool ListRequests::compare_exchange(std::int64_t index, Any& expected, const Any& desired) {
    const PackedAny packed_expected(state(), expected);
    const PackedAny packed_desired(state(), desired);
    const auto reply =
        ask(state(), proto::list::CompareExchange{
                         .object = id(), .index = index, .expected = packed_expected, .desired = packed_desired});
    if (!reply->exchanged)
        expected = unpack(state(), reply->current);
    return reply->exchanged;
}

}  // namespace steward::detail
