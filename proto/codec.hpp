#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "proto/message.hpp"
#include "proto/packed.hpp"
#include "proto/reader.hpp"
#include "proto/writer.hpp"

namespace steward::proto {

/// How a type of field is written and read. Everything else follows from the descriptions of the messages.
template <class T>
struct Codec;

template <class T>
void encode(Writer& writer, const T& value) {
    Codec<T>::encode(writer, value);
}

/// Throws Malformed again, with the name of the field in what().
[[noreturn]] void throw_malformed_field(std::string_view name, const Malformed& malformed);

/// Throws Malformed, with the name of the field, where the bytes are not a T.
template <class T>
T decode(Reader& reader) {
    return Codec<T>::decode(reader);
}

template <>
struct Codec<bool> {
    static void encode(Writer& writer, bool value) { writer.boolean(value); }
    static bool decode(Reader& reader) { return reader.boolean(); }
};

template <std::unsigned_integral T>
struct Codec<T> {
    static void encode(Writer& writer, T value) { writer.unsigned_integer(value); }
    static T decode(Reader& reader) {
        const auto value = reader.unsigned_integer();
        if (value > std::numeric_limits<T>::max())
            throw Malformed("the number is too large");
        return static_cast<T>(value);
    }
};

template <std::signed_integral T>
struct Codec<T> {
    static void encode(Writer& writer, T value) { writer.integer(value); }
    static T decode(Reader& reader) {
        const auto value = reader.integer();
        if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max())
            throw Malformed("the number is too large");
        return static_cast<T>(value);
    }
};

template <class T>
    requires std::is_enum_v<T>
struct Codec<T> {
    using Number = std::underlying_type_t<T>;
    static void encode(Writer& writer, T value) { Codec<Number>::encode(writer, static_cast<Number>(value)); }
    static T decode(Reader& reader) { return static_cast<T>(Codec<Number>::decode(reader)); }
};

template <>
struct Codec<std::string_view> {
    static void encode(Writer& writer, std::string_view value) { writer.string(value); }
    static std::string_view decode(Reader& reader) { return reader.string(); }
};

template <>
struct Codec<std::string> {
    static void encode(Writer& writer, const std::string& value) { writer.string(value); }
    static std::string decode(Reader& reader) { return std::string(reader.string()); }
};

template <>
struct Codec<Packed> {
    static void encode(Writer& writer, Packed value) { writer.packed(value); }
    static Packed decode(Reader& reader) { return reader.packed(); }
};

/// nil or the value; so it is not for a Packed, which may be nil itself.
template <class T>
    requires(!std::same_as<T, Packed>)
struct Codec<std::optional<T>> {
    static void encode(Writer& writer, const std::optional<T>& value) {
        if (value)
            Codec<T>::encode(writer, *value);
        else
            writer.nil();
    }
    static std::optional<T> decode(Reader& reader) {
        if (!reader.next_is_nil())
            return Codec<T>::decode(reader);
        reader.nil();
        return std::nullopt;
    }
};

template <class T>
struct Codec<std::vector<T>> {
    static void encode(Writer& writer, const std::vector<T>& values) {
        writer.array(values.size());
        for (const auto& value : values)
            Codec<T>::encode(writer, value);
    }
    static std::vector<T> decode(Reader& reader) {
        const auto size = reader.array();
        if (size > reader.bytes_left())  // each element has a byte at least
            throw Malformed("an array announces more elements than the message holds");
        std::vector<T> values;
        values.reserve(size);
        for (std::size_t i = 0; i < size; ++i)
            values.push_back(Codec<T>::decode(reader));
        return values;
    }
};

template <class First, class Second>
struct Codec<std::pair<First, Second>> {
    static void encode(Writer& writer, const std::pair<First, Second>& value) {
        writer.array(2);
        Codec<First>::encode(writer, value.first);
        Codec<Second>::encode(writer, value.second);
    }
    static std::pair<First, Second> decode(Reader& reader) {
        if (reader.array() != 2)
            throw Malformed("expected an array of two");
        auto first = Codec<First>::decode(reader);
        return {std::move(first), Codec<Second>::decode(reader)};
    }
};

template <Described T>
struct Codec<T> {
    static void encode(Writer& writer, const T& value) {
        writer.array(field_count<T>);
        for_each_field<T>([&](const auto& field) { encode_field(writer, value, field); });
    }

    static T decode(Reader& reader) {
        auto left = reader.array();
        T value{};
        std::string_view name;
        try {
            for_each_field<T>([&](const auto& field) {
                name = field.name;
                decode_field(reader, value, left, field);
            });
        } catch (const Malformed& malformed) {
            throw_malformed_field(name, malformed);
        }
        for (; left > 0; --left)
            reader.skip();
        return value;
    }

  private:
    template <class Owner, class M>
    static void encode_field(Writer& writer, const T& value, const Field<Owner, M>& field) {
        Codec<M>::encode(writer, value.*field.member);
    }

    template <class Owner, class M>
    static void decode_field(Reader& reader, T& value, std::size_t& left, const Field<Owner, M>& field) {
        if (left == 0)
            return;
        --left;
        value.*field.member = Codec<M>::decode(reader);
    }
};

}  // namespace steward::proto
