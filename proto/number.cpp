#include "proto/number.hpp"

#include <cmath>
#include <limits>

#include "proto/writer.hpp"

namespace steward::proto {

namespace {

using Kind = Element::Kind;

Number number_from(double value) noexcept {
    constexpr double below_negative = -0x1p63;
    constexpr double above_positive = 0x1p64;
    if (std::trunc(value) != value || value < below_negative || value >= above_positive)
        return {Number::Form::real, 0, value};
    if (value < 0)
        return {Number::Form::negative, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)), 0};
    return {Number::Form::positive, static_cast<std::uint64_t>(value), 0};
}

// A real here is a NaN, out of every integer's range, or has a fraction; one with a fraction is less than 2^53, so
// that rounding it down to an integer is exact.
Order compare_with_real(const Number& integer, double real) noexcept {
    const Number floor = number_from(std::floor(real));
    if (floor.form == Number::Form::real)
        return std::isnan(real) ? Order::unordered : real < 0 ? Order::greater : Order::less;
    if (integer.form != floor.form)
        return integer.form == Number::Form::negative ? Order::less : Order::greater;
    const bool at_most_floor = integer.form == Number::Form::negative ? static_cast<std::int64_t>(integer.integer) <=
                                                                            static_cast<std::int64_t>(floor.integer)
                                                                      : integer.integer <= floor.integer;
    return at_most_floor ? Order::less : Order::greater;
}

double as_real(const Element& element) noexcept {
    switch (element.kind) {
        case Kind::boolean: return element.boolean ? 1 : 0;
        case Kind::positive: return static_cast<double>(element.positive);
        case Kind::negative: return static_cast<double>(element.negative);
        default: return element.real;
    }
}

__extension__ using WideInteger = __int128;

WideInteger as_integer(const Element& element) noexcept {
    if (element.kind == Kind::negative)
        return element.negative;
    return element.kind == Kind::boolean ? WideInteger{element.boolean} : WideInteger{element.positive};
}

Sum add_integers(WideInteger left, WideInteger right) {
    const WideInteger total = left + right;
    if (total > std::numeric_limits<std::uint64_t>::max() || total < std::numeric_limits<std::int64_t>::min())
        return {SumFault::overflow, {}};
    Sum sum;
    if (total < 0)
        Writer{sum.value}.integer(static_cast<std::int64_t>(total));
    else
        Writer{sum.value}.unsigned_integer(static_cast<std::uint64_t>(total));
    return sum;
}

}  // namespace

bool is_number(Kind kind) noexcept {
    return kind == Kind::boolean || kind == Kind::positive || kind == Kind::negative || kind == Kind::real;
}

Number number_from(const Element& element) noexcept {
    switch (element.kind) {
        case Kind::boolean: return {Number::Form::positive, element.boolean ? 1U : 0U, 0};
        case Kind::positive: return {Number::Form::positive, element.positive, 0};
        case Kind::negative: return {Number::Form::negative, static_cast<std::uint64_t>(element.negative), 0};
        default: return number_from(element.real);
    }
}

Order order_of(std::partial_ordering order) noexcept {
    if (order == std::partial_ordering::unordered)
        return Order::unordered;
    return std::is_lt(order) ? Order::less : std::is_gt(order) ? Order::greater : Order::equal;
}

Order compare_numbers(const Number& left, const Number& right) noexcept {
    using Form = Number::Form;
    if (left.form == Form::real && right.form == Form::real)
        return order_of(left.real <=> right.real);
    if (right.form == Form::real)
        return compare_with_real(left, right.real);
    if (left.form == Form::real) {
        const Order turned = compare_with_real(right, left.real);
        return turned == Order::less ? Order::greater : turned == Order::greater ? Order::less : turned;
    }
    if (left.form != right.form)
        return left.form == Form::negative ? Order::less : Order::greater;
    // Of two negative ones the order of the two's complement is the same.
    return order_of(left.integer <=> right.integer);
}

Sum add(std::string_view left, std::string_view right) {
    const Element one = Reader{left}.next();
    const Element other = Reader{right}.next();
    if (!is_number(one.kind) || !is_number(other.kind))
        return {SumFault::not_a_number, {}};
    if (one.kind != Kind::real && other.kind != Kind::real)
        return add_integers(as_integer(one), as_integer(other));
    Sum sum;
    Writer{sum.value}.real(as_real(one) + as_real(other));
    return sum;
}

}  // namespace steward::proto
