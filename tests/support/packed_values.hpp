#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "proto/packed.hpp"
#include "proto/reader.hpp"
#include "proto/writer.hpp"

namespace steward::tests {

/// MessagePack of the values that tests use.
inline std::string pack(std::nullptr_t) {
    return std::string(proto::packed_nil.bytes);
}

template <std::integral T>
std::string pack(T value) {
    std::string bytes;
    proto::Writer writer(bytes);
    if constexpr (std::same_as<T, bool>)
        writer.boolean(value);
    else if constexpr (std::unsigned_integral<T>)
        writer.unsigned_integer(value);
    else
        writer.integer(value);
    return bytes;
}

inline std::string pack(double value) {
    std::string bytes;
    proto::Writer(bytes).real(value);
    return bytes;
}

inline std::string pack(std::string_view value) {
    std::string bytes;
    proto::Writer(bytes).string(value);
    return bytes;
}

inline std::string pack(const char* value) {
    return pack(std::string_view(value));
}

/// An array of values that are packed already.
inline std::string pack_array(std::initializer_list<std::string> packed) {
    std::string bytes;
    proto::Writer(bytes).array(packed.size());
    for (const auto& value : packed)
        bytes += value;
    return bytes;
}

/// A map of keys and values, in turn, that are packed already.
inline std::string pack_map(std::initializer_list<std::string> packed) {
    std::string bytes;
    proto::Writer(bytes).map(packed.size() / 2);
    for (const auto& value : packed)
        bytes += value;
    return bytes;
}

inline std::int64_t integer_of(proto::Packed value) {
    return proto::Reader(value.bytes).integer();
}

inline std::string text_of(proto::Packed value) {
    return std::string(proto::Reader(value.bytes).string());
}

inline std::vector<std::int64_t> integers_of(const std::vector<proto::Packed>& values) {
    std::vector<std::int64_t> integers;
    for (const auto value : values)
        integers.push_back(integer_of(value));
    return integers;
}

}  // namespace steward::tests
