#include "daemon/objects/array.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/element.hpp"
#include "daemon/python_index.hpp"
#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/sum.hpp"
#include "proto/dumped_state.hpp"
#include "proto/errors.hpp"
#include "proto/value.hpp"
#include "shared/typed_array.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Packed;
using proto::Refusal;

shared::TypedArray elements_of(const Object& object) {
    return {object.heap(), object.header->state_as<shared::TypedArrayState>()};
}

std::string title(std::string_view name) {
    return "array '" + std::string(name) + "'";
}

std::string shape_text(std::uint64_t length, std::string_view typecode) {
    return std::to_string(length) + " elements of typecode " + std::string(typecode);
}

std::string shape_text(const shared::TypedArray& elements) {
    return shape_text(elements.size(), std::string(1, elements.typecode()));
}

/// The array of a request, with its elements.
struct ArrayTarget {
    Object object;
    shared::TypedArray elements;

    ArrayTarget(const Call& call, std::uint64_t id, Access access)
        : object(call.object(id, proto::ObjectType::array, access)), elements(elements_of(object)) {}

    std::string called() const { return title(object.name()); }

    std::size_t position(std::int64_t index) const {
        const auto position = item_position(index, elements.size());
        if (!position)
            throw Refusal(Errc::index_out_of_range, "index " + std::to_string(index) + " lies outside of " + called() +
                                                        ", which has " + std::to_string(elements.size()) + " elements");
        return *position;
    }

    Slice slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop, std::int64_t step) const {
        if (step == 0)
            throw Refusal(Errc::invalid_argument, "the step of a slice must not be 0");
        return resolve_slice(start, stop, step, elements.size());
    }

    std::string packed(std::size_t position) const {
        std::string packed;
        append_packed(packed, elements.typecode(), elements.at(position));
        return packed;
    }

    /// The value as the bytes of an element.
    std::string bytes_of(Packed value) const {
        std::string bytes;
        append_bytes(bytes, elements.typecode(), value, called());
        return bytes;
    }

    template <class F>
    void change(F&& apply) {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        apply(mutation);
    }

    void set(std::size_t position, std::string_view bytes) {
        change([&](auto& mutation) { elements.set(mutation, position, std::as_bytes(std::span{bytes})); });
    }
};

void check_typecode(std::string_view typecode) {
    if (typecode.size() != 1 || shared::element_bytes(typecode.front()) == 0)
        throw Refusal(Errc::invalid_argument,
                      "'" + std::string(typecode) + "' is no typecode of an array; there are b B h H i I q Q f d");
}

/// What a client asks for, before anything is looked for or made.
void check_shape(const proto::array::Open& message) {
    check_typecode(message.typecode);
    if (!message.initial.empty() && message.initial.size() != message.length)
        throw Refusal(Errc::invalid_argument, title(message.open.name) + " of " + std::to_string(message.length) +
                                                  " elements cannot begin with " +
                                                  std::to_string(message.initial.size()) + " of them");
}

void check_same_shape(const Object& object, const proto::array::Open& message) {
    const auto elements = elements_of(object);
    if (elements.size() != message.length || elements.typecode() != message.typecode.front())
        throw Refusal(Errc::wrong_options, title(message.open.name) + " was made with " + shape_text(elements) +
                                               " and is opened with " + shape_text(message.length, message.typecode));
}

std::string bytes_of_all(std::span<const Packed> values, char typecode, std::string_view array) {
    std::string bytes;
    bytes.reserve(values.size() * shared::element_bytes(typecode));
    for (const auto value : values)
        append_bytes(bytes, typecode, value, array);
    return bytes;
}

}  // namespace

void Array::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    const auto elements = elements_of(object);
    info.count = elements.size();
    info.state = shape_text(elements);
}

void Array::visit_values(const Object& object, ValueCursor& cursor, std::size_t most, const ValueVisitor& visit) const {
    const auto elements = elements_of(object);
    std::string packed;
    for (std::size_t count = 0; count < most && cursor.position < elements.size(); ++count) {
        packed.clear();
        append_packed(packed, elements.typecode(), elements.at(cursor.position++));
        visit(packed);
    }
    cursor.at_end = cursor.position == elements.size();
}

void Array::discard_contents(shared::Mutation& mutation, const Object& object) const {
    elements_of(object).clear(mutation);
}

std::string Array::dumped_state(const Object& object) const {
    const auto elements = elements_of(object);
    return packed_state(
        proto::dumped::Array{.length = elements.size(), .typecode = std::string(1, elements.typecode())});
}

Object Array::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::Array>(state);
    check_typecode(former.typecode);
    return restore.make({.type = proto::ObjectType::array}, [&](shared::Mutation& mutation, const Object& object) {
        elements_of(object).make(mutation, former.typecode.front(), former.length);
    });
}

void Array::restore_values(shared::Mutation& mutation, const Object& object, std::uint64_t first,
                           std::span<const Packed> values) const {
    auto elements = elements_of(object);
    if (values.size() > elements.size() - std::min<std::uint64_t>(first, elements.size()))
        throw Refusal(Errc::invalid_argument, "the dump has more values for an array than it has elements");
    const auto bytes = bytes_of_all(values, elements.typecode(), "an array of the dump");
    elements.set(mutation, first, std::as_bytes(std::span{bytes}));
}

proto::array::Open::Result handle(Call& call, const proto::array::Open& message) {
    check_shape(message);
    const char typecode = message.typecode.front();
    return call.daemon.registry.open(
        call, message.open,
        {.type = proto::ObjectType::array,
         .check_existing = [&](const Object& object) { check_same_shape(object, message); }},
        [&](shared::Mutation& mutation, const Object& object) {
            const auto bytes = bytes_of_all(message.initial, typecode, title(message.open.name));
            elements_of(object).make(mutation, typecode, message.length, std::as_bytes(std::span{bytes}));
        });
}

proto::array::Get::Result handle(Call& call, const proto::array::Get& message) {
    const ArrayTarget array(call, message.object, Access::read);
    return {.value = call.keep(array.packed(array.position(message.index)))};
}

proto::array::Set::Result handle(Call& call, const proto::array::Set& message) {
    ArrayTarget array(call, message.object, Access::write);
    const auto position = array.position(message.index);
    array.set(position, array.bytes_of(message.value));
    return {};
}

proto::array::GetSlice::Result handle(Call& call, const proto::array::GetSlice& message) {
    const ArrayTarget array(call, message.object, Access::read);
    const auto slice = array.slice(message.start, message.stop, message.step);
    std::string packed;
    std::vector<std::size_t> ends;
    ends.reserve(slice.count);
    for (std::size_t i = 0; i < slice.count; ++i) {
        append_packed(packed, array.elements.typecode(), array.elements.at(slice.at(i)));
        ends.push_back(packed.size());
    }
    const auto bytes = call.keep(std::move(packed)).bytes;
    proto::array::GetSlice::Result result;
    result.values.reserve(slice.count);
    for (std::size_t begin = 0; const auto end : ends) {
        result.values.push_back({bytes.substr(begin, end - begin)});
        begin = end;
    }
    return result;
}

proto::array::SetSlice::Result handle(Call& call, const proto::array::SetSlice& message) {
    ArrayTarget array(call, message.object, Access::write);
    const auto slice = array.slice(message.start, message.stop, message.step);
    if (message.values.size() != slice.count)
        throw Refusal(Errc::invalid_argument, "a slice of " + std::to_string(slice.count) + " elements of " +
                                                  array.called() + " cannot become " +
                                                  std::to_string(message.values.size()) + "; its length is fixed");
    const auto bytes = bytes_of_all(message.values, array.elements.typecode(), array.called());
    if (slice.step == 1) {
        array.set(slice.first, bytes);
        return {};
    }
    const auto width = array.elements.width();
    const auto elements = std::as_bytes(std::span{bytes});
    array.change([&](auto& mutation) {
        for (std::size_t i = 0; i < slice.count; ++i)
            array.elements.set(mutation, slice.at(i), elements.subspan(i * width, width));
    });
    return {};
}

proto::array::Fill::Result handle(Call& call, const proto::array::Fill& message) {
    ArrayTarget array(call, message.object, Access::write);
    const auto bytes = array.bytes_of(message.value);
    array.change([&](auto& mutation) { array.elements.fill(mutation, std::as_bytes(std::span{bytes})); });
    return {};
}

proto::array::Len::Result handle(Call& call, const proto::array::Len& message) {
    const ArrayTarget array(call, message.object, Access::read);
    return {.len = array.elements.size(), .typecode = call.keep(std::string(1, array.elements.typecode())).bytes};
}

proto::array::FetchAdd::Result handle(Call& call, const proto::array::FetchAdd& message) {
    ArrayTarget array(call, message.object, Access::write);
    const auto position = array.position(message.index);
    const auto before = array.packed(position);
    const auto sum = sum_of(before, message.by.bytes, "an element of " + array.called());
    array.set(position, array.bytes_of({sum}));
    return {.before = call.keep(before)};
}

proto::array::CompareExchange::Result handle(Call& call, const proto::array::CompareExchange& message) {
    ArrayTarget array(call, message.object, Access::write);
    const auto position = array.position(message.index);
    const auto desired = array.bytes_of(message.desired);
    const auto before = array.packed(position);
    const bool exchanged = proto::equal(before, message.expected.bytes);
    if (exchanged)
        array.set(position, desired);
    return {.exchanged = exchanged, .current = call.keep(before)};
}

}  // namespace steward::daemon
