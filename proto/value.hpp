#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace steward::proto {

/// What can be said of MessagePack values without decoding them into anything. All arguments are the bytes of exactly
/// one valid value (as Packed holds); of any other bytes nothing but termination is promised. Nothing allocates but
/// where said. Values nested deeper than `max_value_depth` equal only themselves, have no order and are no keys.
inline constexpr unsigned max_value_depth = 64;

/// Equal as in Python, whatever the encoding: 1 == 1.0 == true, a string never equals binary, maps compare without
/// regard to order, a NaN equals only its own bytes, an extension only its own type and bytes.
/// (Maps of more than a few entries in another order allocate an index.)
bool equal(std::string_view left, std::string_view right);

enum class Order {
    less,
    equal,
    greater,
    unordered,     ///< a NaN takes part: each of < == > is false
    incomparable,  ///< Python would raise TypeError: kinds without an order, or of different kinds
};
/// Numbers (and booleans) among themselves, strings (by bytes, which is by code point), binaries, arrays
/// lexicographically.
Order compare(std::string_view left, std::string_view right);

/// Enough of a value to tell most others from it without their bytes.
struct OrderPrefix {
    enum class Kind : std::uint8_t { none, number, string, binary };

    std::uint64_t bits = 0;
    Kind kind = Kind::none;
    bool is_exact = false;  ///< another exact one with the same bits is of an equal value
};
OrderPrefix order_prefix(std::string_view value);
/// As compare() says it; nothing: the values have to be compared.
std::optional<bool> is_less(const OrderPrefix& left, const OrderPrefix& right) noexcept;

/// Equal values have equal hashes, if the seed is the same.
std::uint32_t hash_key(std::string_view value, std::uint64_t seed = 0) noexcept;

/// Of any bytes, by the same function as strings.
std::uint32_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0) noexcept;

/// Scalars and arrays of them, at any depth: what may be a key of a Dict. No maps, and of extensions only references.
bool is_key(std::string_view value) noexcept;

enum class SumFault { none, not_a_number, overflow };
struct Sum {
    SumFault fault = SumFault::none;
    std::string value;  ///< MessagePack; empty with a fault
};
/// For increments. Integers (and booleans) give an integer, `overflow` outside of -2^63 .. 2^64-1; with a float on
/// either side the sum is a float of 64 bits.
Sum add(std::string_view left, std::string_view right);

/// nil, boolean, integer, float, string, binary, array, map, extension
std::string_view kind_name(std::string_view value) noexcept;

}  // namespace steward::proto
