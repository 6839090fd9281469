#include "client/src/packed_any.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "proto/reader.hpp"
#include "proto/value.hpp"
#include "proto/writer.hpp"

namespace steward::detail {
namespace {

using Kind = Any::Kind;

/// What the envelope, the params and the list of values in them take of the daemon's limit.
constexpr unsigned envelope_depth = 4;

std::string_view as_text(const Any::Binary& binary) {
    return {reinterpret_cast<const char*>(binary.data()), binary.size()};
}

/// Throws invalid_argument where the object belongs to another daemon.
proto::Reference sent(ClientOf to, const Reference& reference) {
    const auto& object = *StateOf(reference).state;
    if (object.client != to.client && (to.client == nullptr || object.client->socket() != to.client->socket()))
        throw Error(errc::invalid_argument, called(object) + " belongs to another daemon, so no value can refer to it");
    return {.type = static_cast<proto::ObjectType>(object.type), .object = object.id};
}

void write(proto::Writer& writer, ClientOf to, const Any& any, unsigned depth_left) {
    const auto deeper = [&] {
        if (depth_left == 0)
            throw Error(errc::too_large, "a value is nested " +
                                             std::to_string(proto::max_value_depth - envelope_depth) +
                                             " levels deep at most");
        return depth_left - 1;
    };
    switch (any.kind()) {
        case Kind::nil: return writer.nil();
        case Kind::boolean: return writer.boolean(any.boolean());
        case Kind::integer: return writer.integer(any.integer());
        case Kind::unsigned_integer: return writer.unsigned_integer(any.unsigned_integer());
        case Kind::real: return writer.real(any.real());
        case Kind::string: return writer.string(any.string());
        case Kind::binary: return writer.binary(as_text(any.binary()));
        case Kind::array:
            writer.array(any.array().size());
            for (const auto& item : any.array())
                write(writer, to, item, deeper());
            return;
        case Kind::map:
            writer.map(any.map().size());
            for (const auto& [key, value] : any.map()) {
                write(writer, to, key, deeper());
                write(writer, to, value, deeper());
            }
            return;
        case Kind::object: return writer.reference(sent(to, any.object()));
    }
}

Any::Binary as_binary(std::string_view bytes) {
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
    return {begin, begin + bytes.size()};
}

Any received(ClientOf from, const proto::Element& element) {
    const auto reference = proto::reference_from(element);
    if (!reference || from.client == nullptr)
        throw Error(errc::type_mismatch, "the value is of an extension type that this library does not know");
    return StateOf::refer(std::make_shared<const ObjectState>(
        ObjectState{from.client, reference->object, static_cast<ObjectType>(reference->type), "",
                    from.client->uses().find(reference->object)}));
}

/// What comes over the socket has been walked under limits, but what is read from memory has not: no number in it is
/// believed.
Any read(proto::Reader& reader, ClientOf from, unsigned depth_left) {
    using Element = proto::Element::Kind;
    const auto element = reader.next();
    const auto deeper = [&] {
        if (depth_left == 0)
            throw proto::Malformed("the value is nested too deeply");
        return depth_left - 1;
    };
    const auto room = [&] { return std::min<std::size_t>(element.size, reader.bytes_left()); };
    switch (element.kind) {
        case Element::nil: return {};
        case Element::boolean: return element.boolean;
        case Element::positive: return element.positive;
        case Element::negative: return element.negative;
        case Element::real: return element.real;
        case Element::string: return element.bytes;
        case Element::binary: return as_binary(element.bytes);
        case Element::array: {
            Any::Array array;
            array.reserve(room());
            for (std::uint32_t i = 0; i < element.size; ++i)
                array.push_back(read(reader, from, deeper()));
            return array;
        }
        case Element::map: {
            Any::Map map;
            map.reserve(room());
            for (std::uint32_t i = 0; i < element.size; ++i) {
                auto key = read(reader, from, deeper());
                map.emplace_back(std::move(key), read(reader, from, deeper()));
            }
            return map;
        }
        case Element::extension: break;
    }
    return received(from, element);
}

}  // namespace

void pack(std::string& out, ClientOf to, const Any& any) {
    proto::Writer writer(out);
    write(writer, to, any, proto::max_value_depth - envelope_depth);
}

Any unpack(ClientOf from, proto::Packed packed) {
    proto::Reader reader(packed.bytes);
    return read(reader, from, proto::max_value_depth);
}

Any::Array unpack_all(ClientOf from, const std::vector<proto::Packed>& packed) {
    Any::Array array;
    array.reserve(packed.size());
    for (const auto& value : packed)
        array.push_back(unpack(from, value));
    return array;
}

void append_references(std::vector<Reference>& out, const Any& any) {
    switch (any.kind()) {
        case Kind::object: out.push_back(any.object()); return;
        case Kind::array:
            for (const auto& item : any.array())
                append_references(out, item);
            return;
        case Kind::map:
            for (const auto& [key, value] : any.map()) {
                append_references(out, key);
                append_references(out, value);
            }
            return;
        default: return;
    }
}

PackedArray::PackedArray(ClientOf to, const Any::Array& array) {
    std::vector<std::size_t> ends;
    ends.reserve(array.size());
    for (const auto& item : array) {
        pack(bytes_, to, item);
        ends.push_back(bytes_.size());
    }
    values_.reserve(array.size());
    const std::string_view bytes = bytes_;  // no longer moves
    std::size_t begin = 0;
    for (const auto end : ends) {
        values_.push_back({bytes.substr(begin, end - begin)});
        begin = end;
    }
}

PackedMap::PackedMap(ClientOf to, const Any::Map& map) {
    std::vector<std::pair<std::size_t, std::size_t>> ends;
    ends.reserve(map.size());
    for (const auto& [key, value] : map) {
        pack(bytes_, to, key);
        const auto end_of_key = bytes_.size();
        pack(bytes_, to, value);
        ends.emplace_back(end_of_key, bytes_.size());
    }
    items_.reserve(map.size());
    const std::string_view bytes = bytes_;  // no longer moves
    std::size_t begin = 0;
    for (const auto& [end_of_key, end] : ends) {
        items_.emplace_back(proto::Packed{bytes.substr(begin, end_of_key - begin)},
                            proto::Packed{bytes.substr(end_of_key, end - end_of_key)});
        begin = end;
    }
}

}  // namespace steward::detail
