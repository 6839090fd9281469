#include "client/src/packed_any.hpp"

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

void write(proto::Writer& writer, const Any& any, unsigned depth_left) {
    const auto deeper = [&] {
        if (depth_left == 0)
            throw Error(errc::too_large, "the value is nested too deeply");
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
                write(writer, item, deeper());
            return;
        case Kind::map:
            writer.map(any.map().size());
            for (const auto& [key, value] : any.map()) {
                write(writer, key, deeper());
                write(writer, value, deeper());
            }
            return;
    }
}

Any::Binary as_binary(std::string_view bytes) {
    const auto* begin = reinterpret_cast<const std::byte*>(bytes.data());
    return {begin, begin + bytes.size()};
}

Any read(proto::Reader& reader) {
    using Element = proto::Element::Kind;
    const auto element = reader.next();
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
            array.reserve(element.size);
            for (std::uint32_t i = 0; i < element.size; ++i)
                array.push_back(read(reader));
            return array;
        }
        case Element::map: {
            Any::Map map;
            map.reserve(element.size);
            for (std::uint32_t i = 0; i < element.size; ++i) {
                auto key = read(reader);
                map.emplace_back(std::move(key), read(reader));
            }
            return map;
        }
        case Element::extension: break;
    }
    throw Error(errc::type_mismatch, "the value is of an extension type that this library does not know");
}

}  // namespace

void pack(std::string& out, const Any& any) {
    proto::Writer writer(out);
    write(writer, any, proto::max_value_depth - envelope_depth);
}

Any unpack(proto::Packed packed) {
    proto::Reader reader(packed.bytes);
    return read(reader);
}

Any::Array unpack_all(const std::vector<proto::Packed>& packed) {
    Any::Array array;
    array.reserve(packed.size());
    for (const auto& value : packed)
        array.push_back(unpack(value));
    return array;
}

PackedArray::PackedArray(const Any::Array& array) {
    std::vector<std::size_t> ends;
    ends.reserve(array.size());
    for (const auto& item : array) {
        pack(bytes_, item);
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

PackedMap::PackedMap(const Any::Map& map) {
    std::vector<std::pair<std::size_t, std::size_t>> ends;
    ends.reserve(map.size());
    for (const auto& [key, value] : map) {
        pack(bytes_, key);
        const auto end_of_key = bytes_.size();
        pack(bytes_, value);
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
