#include "proto/value.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <vector>

#include "proto/number.hpp"
#include "proto/plain.hpp"
#include "proto/reader.hpp"
#include "proto/reference.hpp"

namespace steward::proto {

namespace {

using Kind = Element::Kind;

constexpr std::uint32_t most_pairs_searched = 16;

// Multiply and fold, as wyhash does (Wang Yi, https://github.com/wangyi-fudan/wyhash).
__extension__ using Wide = unsigned __int128;

std::uint64_t mix(std::uint64_t left, std::uint64_t right) noexcept {
    const Wide product = Wide{left} * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

constexpr std::uint64_t odd_one = 0x9e3779b97f4a7c15;
constexpr std::uint64_t odd_two = 0xd6e8feb86659fd93;

std::uint64_t hash_of_bytes(std::string_view bytes, std::uint64_t seed) noexcept {
    std::uint64_t hash = mix(seed ^ odd_one, bytes.size() ^ odd_two);
    while (bytes.size() > sizeof(hash)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof(word));
        hash = mix(hash ^ word, odd_one);
        bytes.remove_prefix(sizeof(word));
    }
    std::uint64_t rest = 0;
    std::ranges::copy(bytes, reinterpret_cast<char*>(&rest));  // unlike memcpy it may have nothing to copy from
    return mix(hash ^ rest, odd_two);
}

enum Salt : std::uint64_t { nil_salt = 1, binary_salt, array_salt, map_salt, extension_salt, real_salt, integer_salt };

std::uint64_t hash_of_number(const Number& number, std::uint64_t seed) noexcept {
    if (number.form == Number::Form::real)
        return mix(seed ^ real_salt, std::bit_cast<std::uint64_t>(number.real) ^ odd_one);
    return mix(seed ^ integer_salt, number.integer ^ odd_two);
}

std::uint64_t hash_next(Reader& reader, std::uint64_t seed, unsigned depth);

std::uint64_t hash_content(Reader& reader, const Element& element, std::uint64_t seed, unsigned depth) {
    std::uint64_t hash = mix(seed ^ (element.kind == Kind::array ? array_salt : map_salt), element.size ^ odd_one);
    for (std::uint32_t index = 0; index < element.size; ++index) {
        const std::uint64_t first = hash_next(reader, seed, depth + 1);
        if (element.kind == Kind::array)
            hash = mix(hash ^ first, odd_two);
        else
            hash += mix(first, hash_next(reader, seed, depth + 1) ^ odd_one);  // in any order
    }
    return hash;
}

std::uint64_t hash_next(Reader& reader, std::uint64_t seed, unsigned depth) {
    const Element element = reader.next();
    switch (element.kind) {
        case Kind::nil: return mix(seed ^ nil_salt, odd_one);
        case Kind::string: return hash_of_bytes(element.bytes, seed);
        case Kind::binary: return hash_of_bytes(element.bytes, seed ^ binary_salt);
        case Kind::extension: return hash_of_bytes(element.bytes, seed ^ extension_salt);
        case Kind::array:
        case Kind::map:
            if (depth >= max_value_depth)
                throw Malformed("the value is nested too deeply");
            return hash_content(reader, element, seed, depth);
        default: return hash_of_number(number_from(element), seed);
    }
}

bool equal_values(std::string_view left, std::string_view right, unsigned depth);

struct Pair {
    std::uint64_t hash = 0;
    std::string_view key;
    std::string_view value;
    bool taken = false;
};

std::vector<Pair> pairs_of(Reader& reader, std::uint32_t count) {
    std::vector<Pair> pairs;
    pairs.reserve(std::min<std::size_t>(count, reader.bytes_left() / 2));
    for (std::uint32_t index = 0; index < count; ++index) {
        Pair pair;
        pair.key = reader.packed().bytes;
        pair.value = reader.packed().bytes;
        Reader key{pair.key};
        pair.hash = count > most_pairs_searched ? hash_next(key, 0, 0) : 0;
        pairs.push_back(pair);
    }
    std::ranges::stable_sort(pairs, {}, &Pair::hash);
    return pairs;
}

// Looks each pair of the one up among those of the same hash of the other.
bool equal_in_any_order(Reader left, Reader right, std::uint32_t count, unsigned depth) {
    std::vector<Pair> others = pairs_of(right, count);
    return std::ranges::all_of(pairs_of(left, count), [&](const Pair& pair) {
        for (Pair& other : std::ranges::equal_range(others, pair.hash, {}, &Pair::hash)) {
            if (!other.taken && equal_values(pair.key, other.key, depth + 1)) {
                other.taken = true;
                return equal_values(pair.value, other.value, depth + 1);
            }
        }
        return false;
    });
}

bool equal_next(Reader& left, Reader& right, unsigned depth) {
    return equal_values(left.packed().bytes, right.packed().bytes, depth);
}

bool equal_content(Reader left, Reader right, std::uint32_t count, unsigned depth) {
    for (std::uint32_t index = 0; index < count; ++index)
        if (!equal_next(left, right, depth + 1))
            return false;
    return true;
}

bool equal_values(std::string_view left, std::string_view right, unsigned depth) {
    if (left == right)
        return true;
    Reader left_reader{left};
    Reader right_reader{right};
    const Element one = left_reader.next();
    const Element other = right_reader.next();
    if (is_number(one.kind) && is_number(other.kind))
        return number_from(one) == number_from(other);
    if (one.kind != other.kind || one.size != other.size || one.bytes != other.bytes)
        return false;
    if (one.kind != Kind::array && one.kind != Kind::map)
        return true;
    if (depth >= max_value_depth)
        return false;
    if (one.kind == Kind::array)
        return equal_content(left_reader, right_reader, one.size, depth);
    return equal_in_any_order(left_reader, right_reader, one.size, depth);
}

Order compare_values(std::string_view left, std::string_view right, unsigned depth);

Order compare_arrays(Reader left, Reader right, std::uint32_t left_size, std::uint32_t right_size, unsigned depth) {
    for (std::uint32_t index = 0; index < std::min(left_size, right_size); ++index) {
        const std::string_view one = left.packed().bytes;
        const std::string_view other = right.packed().bytes;
        if (!equal_values(one, other, depth + 1))
            return compare_values(one, other, depth + 1);
    }
    return order_of(left_size <=> right_size);
}

Order compare_values(std::string_view left, std::string_view right, unsigned depth) {
    Reader left_reader{left};
    Reader right_reader{right};
    const Element one = left_reader.next();
    const Element other = right_reader.next();
    if (is_number(one.kind) && is_number(other.kind))
        return compare_numbers(number_from(one), number_from(other));
    if (one.kind != other.kind || depth >= max_value_depth)
        return Order::incomparable;
    switch (one.kind) {
        case Kind::string:
        case Kind::binary: return order_of(one.bytes <=> other.bytes);
        case Kind::array: return compare_arrays(left_reader, right_reader, one.size, other.size, depth);
        default: return Order::incomparable;
    }
}

/// Rounding to a double keeps the order, or makes two numbers the same.
OrderPrefix prefix_of_number(const Number& number) noexcept {
    constexpr std::uint64_t sign = std::uint64_t{1} << 63;
    constexpr double exact_below = 0x1p53;
    const double rounded = number.form == Number::Form::real ? number.real
                           : number.form == Number::Form::negative
                               ? static_cast<double>(static_cast<std::int64_t>(number.integer))
                               : static_cast<double>(number.integer);
    if (std::isnan(rounded))
        return {};
    const auto bits = std::bit_cast<std::uint64_t>(rounded);
    return {.bits = (bits & sign) != 0 ? ~bits : bits | sign,
            .kind = OrderPrefix::Kind::number,
            .is_exact = number.form == Number::Form::real || std::abs(rounded) < exact_below};
}

/// The first bytes, as a number. What ends with a zero is not told from what ends before it.
OrderPrefix prefix_of_bytes(std::string_view bytes, OrderPrefix::Kind kind) noexcept {
    std::uint64_t bits = 0;
    for (std::size_t index = 0; index < sizeof(bits); ++index)
        bits = bits << 8U | (index < bytes.size() ? static_cast<std::uint8_t>(bytes[index]) : 0U);
    return {.bits = bits,
            .kind = kind,
            .is_exact = bytes.size() <= sizeof(bits) && (bytes.empty() || bytes.back() != '\0')};
}

bool is_key_next(Reader& reader, unsigned depth) {
    const Element element = reader.next();
    if (element.kind == Kind::map || (element.kind == Kind::extension && !reference_from(element)))
        return false;
    if (element.kind != Kind::array)
        return true;
    for (std::uint32_t index = 0; index < element.size; ++index)
        if (depth >= max_value_depth || !is_key_next(reader, depth + 1))
            return false;
    return depth < max_value_depth;
}

}  // namespace

bool equal(std::string_view left, std::string_view right) {
    if (left == right)
        return true;
    const auto left_string = plain_string(left);
    const auto right_string = plain_string(right);
    if (left_string || right_string)
        return left_string == right_string;
    return equal_values(left, right, 0);
}

Order compare(std::string_view left, std::string_view right) {
    return compare_values(left, right, 0);
}

OrderPrefix order_prefix(std::string_view value) {
    Reader reader{value};
    const Element element = reader.next();
    if (is_number(element.kind))
        return prefix_of_number(number_from(element));
    if (element.kind == Kind::string)
        return prefix_of_bytes(element.bytes, OrderPrefix::Kind::string);
    if (element.kind == Kind::binary)
        return prefix_of_bytes(element.bytes, OrderPrefix::Kind::binary);
    return {};
}

std::optional<bool> is_less(const OrderPrefix& left, const OrderPrefix& right) noexcept {
    if (left.kind != right.kind || left.kind == OrderPrefix::Kind::none)
        return std::nullopt;
    if (left.bits != right.bits)
        return left.bits < right.bits;
    return left.is_exact && right.is_exact ? std::optional(false) : std::nullopt;
}

std::uint32_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept {
    return static_cast<std::uint32_t>(hash_of_bytes(bytes, seed));
}

std::uint32_t hash_key(std::string_view value, std::uint64_t seed) noexcept {
    if (const auto string = plain_string(value))
        return hash_bytes(*string, seed);
    try {
        Reader reader{value};
        return static_cast<std::uint32_t>(hash_next(reader, seed, 0));
    } catch (const Malformed&) {
        return hash_bytes(value, seed);
    }
}

bool is_key(std::string_view value) noexcept {
    if (plain_string(value))
        return true;
    try {
        Reader reader{value};
        return is_key_next(reader, 0);
    } catch (const Malformed&) {
        return false;
    }
}

std::string_view kind_name(std::string_view value) noexcept {
    try {
        switch (Reader{value}.next().kind) {
            case Kind::nil: return "nil";
            case Kind::boolean: return "boolean";
            case Kind::positive:
            case Kind::negative: return "integer";
            case Kind::real: return "float";
            case Kind::string: return "string";
            case Kind::binary: return "binary";
            case Kind::array: return "array";
            case Kind::map: return "map";
            case Kind::extension: return "extension";
        }
    } catch (const Malformed&) {
        return "malformed";
    }
    return "malformed";
}

}  // namespace steward::proto
