#include "daemon/element.hpp"

#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "proto/errors.hpp"
#include "proto/reader.hpp"
#include "proto/value.hpp"
#include "proto/writer.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
using Kind = proto::Element::Kind;

/// Calls `use` with the type that the typecode stands for.
template <class F>
void with_type(char typecode, F&& use) {
    switch (typecode) {
        case 'b': return use(std::type_identity<std::int8_t>{});
        case 'B': return use(std::type_identity<std::uint8_t>{});
        case 'h': return use(std::type_identity<std::int16_t>{});
        case 'H': return use(std::type_identity<std::uint16_t>{});
        case 'i': return use(std::type_identity<std::int32_t>{});
        case 'I': return use(std::type_identity<std::uint32_t>{});
        case 'q': return use(std::type_identity<std::int64_t>{});
        case 'Q': return use(std::type_identity<std::uint64_t>{});
        case 'f': return use(std::type_identity<float>{});
        case 'd': return use(std::type_identity<double>{});
        default: throw std::logic_error("an array with an unknown typecode");
    }
}

enum class Fault { none, out_of_range, wrong_kind };

template <std::integral T>
Fault read_integer(std::integral auto number, T& element) {
    if (!std::in_range<T>(number))
        return Fault::out_of_range;
    element = static_cast<T>(number);
    return Fault::none;
}

template <std::integral T>
Fault read_element(const proto::Element& value, T& element) {
    switch (value.kind) {
        case Kind::boolean: element = static_cast<T>(value.boolean); return Fault::none;
        case Kind::positive: return read_integer(value.positive, element);
        case Kind::negative: return read_integer(value.negative, element);
        default: return Fault::wrong_kind;
    }
}

template <std::floating_point T>
Fault read_element(const proto::Element& value, T& element) {
    switch (value.kind) {
        case Kind::boolean: element = static_cast<T>(value.boolean); return Fault::none;
        case Kind::positive: element = static_cast<T>(value.positive); return Fault::none;
        case Kind::negative: element = static_cast<T>(value.negative); return Fault::none;
        case Kind::real:
            if (std::isfinite(value.real) && std::abs(value.real) > double{std::numeric_limits<T>::max()})
                return Fault::out_of_range;
            element = static_cast<T>(value.real);
            return Fault::none;
        default: return Fault::wrong_kind;
    }
}

/// "array 'a', whose typecode B holds 0 to 255".
template <class T>
std::string holds(std::string_view array, char typecode) {
    const auto subject = std::string(array) + ", whose typecode " + typecode + " holds ";
    if constexpr (std::floating_point<T>)
        return subject + "floats of " + std::to_string(8 * sizeof(T)) + " bits";
    else
        return subject + std::to_string(std::numeric_limits<T>::min()) + " to " +
               std::to_string(std::numeric_limits<T>::max());
}

}  // namespace

void append_bytes(std::string& bytes, char typecode, proto::Packed value, std::string_view array) {
    with_type(typecode, [&]<class T>(std::type_identity<T>) {
        T element{};
        const auto fault = read_element(proto::Reader(value.bytes).next(), element);
        if (fault == Fault::out_of_range)
            throw Refusal(Errc::out_of_range, "the number does not fit " + holds<T>(array, typecode));
        if (fault == Fault::wrong_kind)
            throw Refusal(Errc::type_mismatch, "a value of type " + std::string(proto::kind_name(value.bytes)) +
                                                   " is no element of " + holds<T>(array, typecode));
        bytes.append(reinterpret_cast<const char*>(&element), sizeof(element));
    });
}

void append_packed(std::string& packed, char typecode, std::span<const std::byte> element) {
    with_type(typecode, [&]<class T>(std::type_identity<T>) {
        T value{};
        std::memcpy(&value, element.data(), sizeof(value));
        proto::Writer writer(packed);
        if constexpr (std::floating_point<T>)
            writer.real(value);
        else if constexpr (std::unsigned_integral<T>)
            writer.unsigned_integer(value);
        else
            writer.integer(value);
    });
}

}  // namespace steward::daemon
