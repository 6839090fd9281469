#pragma once

#include <compare>
#include <cstdint>

#include "proto/reader.hpp"
#include "proto/value.hpp"

namespace steward::proto {

/// Booleans are numbers, as in Python.
bool is_number(Element::Kind kind) noexcept;

/// A number in the one form in which it is compared and hashed: as an integer wherever it has the value of one.
struct Number {
    enum class Form : std::uint8_t { negative, positive, real } form = Form::positive;
    std::uint64_t integer = 0;  ///< two's complement where negative
    double real = 0;

    bool operator==(const Number& other) const noexcept {
        return form == other.form && (form == Form::real ? real == other.real : integer == other.integer);
    }
};

/// Of an element that is a number.
Number number_from(const Element& element) noexcept;
Order compare_numbers(const Number& left, const Number& right) noexcept;
Order order_of(std::partial_ordering order) noexcept;

}  // namespace steward::proto
