#include <steward/any.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace steward {
namespace {

using Kind = Any::Kind;

std::string_view name_of(Kind kind) {
    constexpr std::array<std::string_view, 10> names{
        "nil",      "a bool",   "an integer", "an integer", "a real number",
        "a string", "a binary", "an array",   "a map",      "a reference to an object"};
    return names.at(static_cast<std::size_t>(kind));
}

[[noreturn]] void throw_mismatch(const Any& any, std::string_view wanted) {
    throw Error(errc::type_mismatch, "expected " + std::string(wanted) + ", found " + std::string(name_of(any.kind())));
}

/// A number as sign, and size as integer or as real: enough to compare any two of them exactly.
struct Number {
    bool is_real;
    bool negative;       ///< of an integer
    std::uint64_t size;  ///< of an integer: its bits in two's complement
    double real;
};

Number number_of(const Any& any) {
    switch (any.kind()) {
        case Kind::boolean: return {false, false, any.boolean() ? 1U : 0U, 0};
        case Kind::integer: return {false, any.integer() < 0, static_cast<std::uint64_t>(any.integer()), 0};
        case Kind::unsigned_integer: return {false, false, any.unsigned_integer(), 0};
        default: return {true, false, 0, any.real()};
    }
}

std::weak_ordering compare_integers(const Number& left, const Number& right) {
    if (left.negative != right.negative)
        return left.negative ? std::weak_ordering::less : std::weak_ordering::greater;
    return left.size <=> right.size;  // two's complement keeps the order among negative numbers
}

/// Exact also where a double cannot hold the integer: beyond 2^53 a double is an integer itself.
std::weak_ordering compare_integer_to_real(const Number& integer, double real) {
    constexpr double two_to_64 = 18446744073709551616.0;
    constexpr double two_to_63 = 9223372036854775808.0;
    if (std::isnan(real) || real >= two_to_64)
        return std::weak_ordering::less;
    if (real < -two_to_63)
        return std::weak_ordering::greater;
    const double whole = std::floor(real);
    const bool negative = whole < 0;
    const Number floor{
        false, negative,
        negative ? static_cast<std::uint64_t>(static_cast<std::int64_t>(whole)) : static_cast<std::uint64_t>(whole), 0};
    const auto order = compare_integers(integer, floor);
    return std::is_eq(order) && whole < real ? std::weak_ordering::less : order;
}

std::weak_ordering reversed(std::weak_ordering order) {
    if (std::is_eq(order))
        return order;
    return std::is_lt(order) ? std::weak_ordering::greater : std::weak_ordering::less;
}

std::weak_ordering compare_reals(double left, double right) {
    if (std::isnan(left) || std::isnan(right))
        return std::isnan(left) <=> std::isnan(right);
    return left < right ? std::weak_ordering::less
                        : (left > right ? std::weak_ordering::greater : std::weak_ordering::equivalent);
}

std::weak_ordering compare_numbers(const Any& left, const Any& right) {
    const auto a = number_of(left);
    const auto b = number_of(right);
    if (a.is_real && b.is_real)
        return compare_reals(a.real, b.real);
    if (a.is_real)
        return reversed(compare_integer_to_real(b, a.real));
    return b.is_real ? compare_integer_to_real(a, b.real) : compare_integers(a, b);
}

/// Numbers of all kinds are one group.
int group_of(const Any& any) {
    return any.is_number() ? static_cast<int>(Kind::boolean) : static_cast<int>(any.kind());
}

/// Where the pairs stand when they are ordered by key.
std::vector<std::size_t> by_key(const Any::Map& map) {
    std::vector<std::size_t> order(map.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t left, std::size_t right) { return map[left].first < map[right].first; });
    return order;
}

/// The smaller map first; maps of one size by their pairs in the order of their keys.
std::weak_ordering compare_maps(const Any::Map& left, const Any::Map& right) {
    if (left.size() != right.size())
        return left.size() <=> right.size();
    const auto left_order = by_key(left);
    const auto right_order = by_key(right);
    for (std::size_t i = 0; i < left.size(); ++i)
        if (const auto order = left[left_order[i]] <=> right[right_order[i]]; std::is_neq(order))
            return order;
    return std::weak_ordering::equivalent;
}

bool equal_maps(const Any::Map& left, const Any::Map& right) {
    if (left.size() != right.size())
        return false;
    const auto left_order = by_key(left);
    const auto right_order = by_key(right);
    for (std::size_t i = 0; i < left.size(); ++i)
        if (!(left[left_order[i]] == right[right_order[i]]))
            return false;
    return true;
}

bool is_nan(const Any& any) {
    return any.kind() == Kind::real && std::isnan(any.real());
}

}  // namespace

namespace detail {

void throw_out_of_range(const Any& any) {
    throw Error(errc::out_of_range, "the integer " + any.to_json() + " does not fit the type that is asked for");
}

void throw_wrong_size(const Any& any, std::size_t expected) {
    throw Error(errc::type_mismatch, "expected an array of " + std::to_string(expected) + " items, found one of " +
                                         std::to_string(any.array().size()));
}

}  // namespace detail

bool Any::boolean() const {
    if (const auto* held = std::get_if<bool>(&value_))
        return *held;
    throw_mismatch(*this, "a bool");
}

double Any::real() const {
    switch (kind()) {
        case Kind::real: return std::get<double>(value_);
        case Kind::integer: return static_cast<double>(std::get<std::int64_t>(value_));
        case Kind::unsigned_integer: return static_cast<double>(std::get<std::uint64_t>(value_));
        default: throw_mismatch(*this, "a number");
    }
}

std::int64_t Any::integer() const {
    if (const auto* held = std::get_if<std::int64_t>(&value_))
        return *held;
    if (kind() == Kind::unsigned_integer)
        detail::throw_out_of_range(*this);
    throw_mismatch(*this, "an integer");
}

std::uint64_t Any::unsigned_integer() const {
    if (const auto* held = std::get_if<std::uint64_t>(&value_))
        return *held;
    const auto held = integer();
    if (held < 0)
        detail::throw_out_of_range(*this);
    return static_cast<std::uint64_t>(held);
}

const std::string& Any::string() const& {
    if (const auto* held = std::get_if<std::string>(&value_))
        return *held;
    throw_mismatch(*this, "a string");
}

std::string Any::string() && {
    if (auto* held = std::get_if<std::string>(&value_))
        return std::move(*held);
    throw_mismatch(*this, "a string");
}

const Any::Binary& Any::binary() const {
    if (const auto* held = std::get_if<Binary>(&value_))
        return *held;
    throw_mismatch(*this, "a binary");
}

const Any::Array& Any::array() const {
    if (const auto* held = std::get_if<Array>(&value_))
        return *held;
    throw_mismatch(*this, "an array");
}

Any::Array& Any::array() {
    return const_cast<Array&>(std::as_const(*this).array());
}

const Any::Map& Any::map() const {
    if (const auto* held = std::get_if<Map>(&value_))
        return *held;
    throw_mismatch(*this, "a map");
}

Any::Map& Any::map() {
    return const_cast<Map&>(std::as_const(*this).map());
}

const Reference& Any::object() const {
    if (const auto* held = std::get_if<Reference>(&value_))
        return *held;
    throw_mismatch(*this, "a reference to an object");
}

const Any& Any::at(const Any& key) const {
    for (const auto& [held, value] : map())
        if (held == key)
            return value;
    throw Error(errc::no_such_key, "the map has no key " + key.to_json());
}

bool Any::contains(const Any& key) const {
    return std::any_of(map().begin(), map().end(), [&](const auto& item) { return item.first == key; });
}

const Any& Any::item(std::size_t index) const {
    if (index >= array().size())
        throw Error(errc::index_out_of_range, "position " + std::to_string(index) + " lies outside of an array of " +
                                                  std::to_string(array().size()) + " items");
    return array()[index];
}

bool operator==(const Any& left, const Any& right) noexcept {
    if (group_of(left) != group_of(right))
        return false;
    switch (left.kind()) {
        case Kind::array: return left.array() == right.array();
        case Kind::map: return equal_maps(left.map(), right.map());
        default: return std::is_eq(left <=> right) && !is_nan(left);
    }
}

std::weak_ordering operator<=>(const Any& left, const Any& right) noexcept {
    if (group_of(left) != group_of(right))
        return group_of(left) <=> group_of(right);
    switch (left.kind()) {
        case Kind::nil: return std::weak_ordering::equivalent;
        case Kind::string: return left.string() <=> right.string();
        case Kind::binary: return left.binary() <=> right.binary();
        case Kind::array:
            return std::lexicographical_compare_three_way(left.array().begin(), left.array().end(),
                                                          right.array().begin(), right.array().end());
        case Kind::map: return compare_maps(left.map(), right.map());
        case Kind::object: return left.object() <=> right.object();
        default: return compare_numbers(left, right);
    }
}

}  // namespace steward
