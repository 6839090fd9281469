#include "proto/reader.hpp"

#include <bit>
#include <limits>
#include <string>
#include <utility>

namespace steward::proto {
namespace {

using Kind = Element::Kind;

[[noreturn]] void cut_short() {
    throw Malformed("the message ends in the middle of a value");
}

/// Takes bytes from a position on. By hand: msgpack's parser, made for whole objects, costs ten times as much for the
/// few elements that a message has. Format: github.com/msgpack/msgpack/blob/master/spec.md.
class Cursor {
  public:
    Cursor(std::string_view bytes, std::size_t& position) : bytes_(bytes), position_(position) {}

    std::string_view take(std::size_t size) {
        if (size > bytes_.size() - position_)
            cut_short();
        const auto taken = bytes_.substr(position_, size);
        position_ += size;
        return taken;
    }

    /// A number of that many bytes, the highest first.
    template <std::size_t size>
    std::uint64_t number() {
        const auto* const byte = reinterpret_cast<const unsigned char*>(take(size).data());
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8U | byte[i];
        return value;
    }

  private:
    std::string_view bytes_;
    std::size_t& position_;
};

Element positive(std::uint64_t value) {
    return {.kind = Kind::positive, .positive = value};
}

/// A signed encoding may hold a number that is not negative.
Element integer(std::int64_t value) {
    if (value >= 0)
        return positive(static_cast<std::uint64_t>(value));
    return {.kind = Kind::negative, .negative = value};
}

Element real(double value) {
    return {.kind = Kind::real, .real = value};
}

Element bytes(Kind kind, std::string_view bytes) {
    return {.kind = kind, .bytes = bytes};
}

Element aggregate(Kind kind, std::uint64_t size) {
    return {.kind = kind, .size = static_cast<std::uint32_t>(size)};
}

/// The element behind one of the heads 0xc0 to 0xdf.
Element element_of(std::uint8_t head, Cursor& cursor) {
    constexpr std::size_t ext_type = 1;
    switch (head) {
        case 0xc0: return {.kind = Kind::nil};
        case 0xc2:
        case 0xc3: return {.kind = Kind::boolean, .boolean = head == 0xc3};
        case 0xc4: return bytes(Kind::binary, cursor.take(cursor.number<1>()));
        case 0xc5: return bytes(Kind::binary, cursor.take(cursor.number<2>()));
        case 0xc6: return bytes(Kind::binary, cursor.take(cursor.number<4>()));
        case 0xc7: return bytes(Kind::extension, cursor.take(cursor.number<1>() + ext_type));
        case 0xc8: return bytes(Kind::extension, cursor.take(cursor.number<2>() + ext_type));
        case 0xc9: return bytes(Kind::extension, cursor.take(cursor.number<4>() + ext_type));
        case 0xca: return real(std::bit_cast<float>(static_cast<std::uint32_t>(cursor.number<4>())));
        case 0xcb: return real(std::bit_cast<double>(cursor.number<8>()));
        case 0xcc: return positive(cursor.number<1>());
        case 0xcd: return positive(cursor.number<2>());
        case 0xce: return positive(cursor.number<4>());
        case 0xcf: return positive(cursor.number<8>());
        case 0xd0: return integer(static_cast<std::int8_t>(cursor.number<1>()));
        case 0xd1: return integer(static_cast<std::int16_t>(cursor.number<2>()));
        case 0xd2: return integer(static_cast<std::int32_t>(cursor.number<4>()));
        case 0xd3: return integer(static_cast<std::int64_t>(cursor.number<8>()));
        case 0xd4: return bytes(Kind::extension, cursor.take(1 + ext_type));
        case 0xd5: return bytes(Kind::extension, cursor.take(2 + ext_type));
        case 0xd6: return bytes(Kind::extension, cursor.take(4 + ext_type));
        case 0xd7: return bytes(Kind::extension, cursor.take(8 + ext_type));
        case 0xd8: return bytes(Kind::extension, cursor.take(16 + ext_type));
        case 0xd9: return bytes(Kind::string, cursor.take(cursor.number<1>()));
        case 0xda: return bytes(Kind::string, cursor.take(cursor.number<2>()));
        case 0xdb: return bytes(Kind::string, cursor.take(cursor.number<4>()));
        case 0xdc: return aggregate(Kind::array, cursor.number<2>());
        case 0xdd: return aggregate(Kind::array, cursor.number<4>());
        case 0xde: return aggregate(Kind::map, cursor.number<2>());
        case 0xdf: return aggregate(Kind::map, cursor.number<4>());
        default: throw Malformed("the message holds a byte that MessagePack reserves");
    }
}

/// The element at `position`, which is moved behind it.
Element element_at(std::string_view bytes_of_message, std::size_t& position) {
    Cursor cursor(bytes_of_message, position);
    const auto head = static_cast<std::uint8_t>(cursor.number<1>());
    if (head < 0x80)
        return positive(head);
    if (head < 0x90)
        return aggregate(Kind::map, head & 0x0fU);
    if (head < 0xa0)
        return aggregate(Kind::array, head & 0x0fU);
    if (head < 0xc0)
        return bytes(Kind::string, cursor.take(head & 0x1fU));
    if (head < 0xe0)
        return element_of(head, cursor);
    return integer(static_cast<std::int8_t>(head));
}

[[noreturn]] void expected(const char* what) {
    throw Malformed(std::string("expected ") + what);
}

}  // namespace

Element Reader::next() {
    return element_at(bytes_, position_);
}

Element Reader::peek() const {
    auto position = position_;
    return element_at(bytes_, position);
}

bool Reader::next_is_nil() const {
    return !at_end() && peek().kind == Element::Kind::nil;
}

void Reader::nil() {
    if (next().kind != Element::Kind::nil)
        expected("nil");
}

bool Reader::boolean() {
    const auto element = next();
    if (element.kind != Element::Kind::boolean)
        expected("true or false");
    return element.boolean;
}

std::int64_t Reader::integer() {
    const auto element = next();
    if (element.kind == Element::Kind::negative)
        return element.negative;
    if (element.kind != Element::Kind::positive ||
        element.positive > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        expected("a signed 64-bit integer");
    return static_cast<std::int64_t>(element.positive);
}

std::uint64_t Reader::unsigned_integer() {
    const auto element = next();
    if (element.kind != Element::Kind::positive)
        expected("an integer that is not negative");
    return element.positive;
}

double Reader::real() {
    const auto element = next();
    switch (element.kind) {
        case Element::Kind::real: return element.real;
        case Element::Kind::positive: return static_cast<double>(element.positive);
        case Element::Kind::negative: return static_cast<double>(element.negative);
        default: expected("a number");
    }
}

std::string_view Reader::string() {
    const auto element = next();
    if (element.kind != Element::Kind::string)
        expected("a string");
    return element.bytes;
}

std::string_view Reader::binary() {
    const auto element = next();
    if (element.kind != Element::Kind::binary)
        expected("binary data");
    return element.bytes;
}

std::size_t Reader::array() {
    const auto element = next();
    if (element.kind != Element::Kind::array)
        expected("an array");
    return element.size;
}

std::size_t Reader::map() {
    const auto element = next();
    if (element.kind != Element::Kind::map)
        expected("a map");
    return element.size;
}

Packed Reader::packed() {
    const auto begin = position_;
    for (std::uint64_t left = 1; left > 0; --left) {
        const auto element = next();
        if (element.kind == Element::Kind::array)
            left += element.size;
        else if (element.kind == Element::Kind::map)
            left += std::uint64_t{2} * element.size;
    }
    return {bytes_.substr(begin, position_ - begin)};
}

Packed Reader::rest() {
    return {bytes_.substr(std::exchange(position_, bytes_.size()))};
}

}  // namespace steward::proto
