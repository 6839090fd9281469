#include "proto/value.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "proto/writer.hpp"

namespace steward::proto {
namespace {

std::string number(std::int64_t value) {
    std::string out;
    Writer{out}.integer(value);
    return out;
}
std::string large(std::uint64_t value) {
    std::string out;
    Writer{out}.unsigned_integer(value);
    return out;
}
std::string real(double value) {
    std::string out;
    Writer{out}.real(value);
    return out;
}
std::string truth(bool value) {
    return value ? "\xc3" : "\xc2";
}
std::string text(std::string_view value) {
    std::string out;
    Writer{out}.string(value);
    return out;
}
std::string binary(std::string_view value) {
    std::string out;
    Writer{out}.binary(value);
    return out;
}
std::string array(const std::vector<std::string>& elements) {
    std::string out;
    Writer{out}.array(elements.size());
    for (const auto& element : elements)
        out += element;
    return out;
}
std::string map(const std::vector<std::string>& keys_and_values) {
    std::string out;
    Writer{out}.map(keys_and_values.size() / 2);
    for (const auto& element : keys_and_values)
        out += element;
    return out;
}
std::string nested_arrays(unsigned depth) {
    return std::string(depth, '\x91') + "\x01";
}

const std::string nil = "\xc0";
const std::string seven_in_nine_bytes = {"\xd3\0\0\0\0\0\0\0\x07", 9};
const std::string small_float_half = {"\xca\x3f\0\0\0", 5};
const double nan = std::numeric_limits<double>::quiet_NaN();

void expect_equal(const std::string& left, const std::string& right) {
    EXPECT_TRUE(equal(left, right));
    EXPECT_TRUE(equal(right, left));
    for (const std::uint64_t seed : {0ULL, 42ULL})
        EXPECT_EQ(hash_key(left, seed), hash_key(right, seed));
}

void expect_different(const std::string& left, const std::string& right) {
    EXPECT_FALSE(equal(left, right));
    EXPECT_FALSE(equal(right, left));
}

TEST(AValue, EqualsNumbersOfOtherKindsAndEncodings) {
    expect_equal(number(1), real(1.0));
    expect_equal(number(1), truth(true));
    expect_equal(real(0.0), truth(false));
    expect_equal(real(-0.0), number(0));
    expect_equal(number(7), seven_in_nine_bytes);
    expect_equal(real(0.5), small_float_half);
    expect_equal(number(-5), real(-5));
    expect_equal(real(0x1p63), large(1ULL << 63U));
    expect_equal(real(-0x1p63), number(std::numeric_limits<std::int64_t>::min()));
    expect_different(real(0x1p64), large(UINT64_MAX));
    expect_different(real(0x1p53), number((std::int64_t{1} << 53) + 1));
    expect_different(number(-1), large(UINT64_MAX));
    expect_different(number(0), nil);
    expect_different(real(0.5), number(0));
}

TEST(AValue, EqualsANotANumberOnlyWhereTheBytesDo) {
    expect_equal(real(nan), real(nan));
    expect_different(real(nan), real(-nan));
    expect_different(real(nan), number(1));
}

TEST(AValue, NeverEqualsBinaryAndString) {
    expect_different(text("abc"), binary("abc"));
    expect_different(text("abc"), text("abd"));
    expect_equal(text("abc"), std::string("\xd9\x03") + "abc");
    expect_equal(text(""), std::string("\xda\0\0", 3));
    expect_different(text("abc"), nil);
}

TEST(AValue, EqualsArraysElementByElement) {
    expect_equal(array({number(1), text("a")}), array({real(1), text("a")}));
    expect_different(array({number(1)}), array({number(1), number(1)}));
    expect_different(array({number(1)}), array({number(2)}));
    expect_different(array({}), nil);
}

TEST(AValue, EqualsMapsInAnyOrder) {
    expect_equal(map({text("a"), number(1), text("b"), array({number(2)})}),
                 map({text("b"), array({real(2)}), text("a"), number(1)}));
    expect_different(map({text("a"), number(1)}), map({text("a"), number(2)}));
    expect_different(map({text("a"), number(1)}), map({text("b"), number(1)}));
    expect_different(map({text("a"), number(1), text("a"), number(1)}),
                     map({text("a"), number(1), text("b"), number(1)}));
}

TEST(AValue, EqualsLargeMapsInAnyOrder) {
    std::vector<std::string> forwards;
    std::vector<std::string> backwards;
    for (int key = 0; key < 20'000; ++key) {
        forwards.insert(forwards.end(), {number(key), text("v")});
        backwards.insert(backwards.end(), {real(19'999 - key), text("v")});
    }
    expect_equal(map(forwards), map(backwards));
    backwards.back() = text("w");
    expect_different(map(forwards), map(backwards));
}

TEST(AValue, EqualsOnlyItselfWhenNestedTooDeeply) {
    expect_equal(nested_arrays(1000), nested_arrays(1000));
    EXPECT_FALSE(equal(nested_arrays(1000), std::string(1000, '\x91') + real(1)));
    EXPECT_TRUE(equal(nested_arrays(50), std::string(50, '\x91') + real(1)));
    EXPECT_FALSE(is_key(nested_arrays(1000)));
    EXPECT_EQ(compare(nested_arrays(1000), std::string(1000, '\x91') + "\x02"), Order::incomparable);
}

TEST(AValue, ComparesNumbersExactly) {
    EXPECT_EQ(compare(number(1), number(2)), Order::less);
    EXPECT_EQ(compare(number(-2), number(-1)), Order::less);
    EXPECT_EQ(compare(number(-1), large(UINT64_MAX)), Order::less);
    EXPECT_EQ(compare(number(2), real(1.5)), Order::greater);
    EXPECT_EQ(compare(number(1), real(1.5)), Order::less);
    EXPECT_EQ(compare(number(-1), real(-1.5)), Order::greater);
    EXPECT_EQ(compare(number(-2), real(-1.5)), Order::less);
    EXPECT_EQ(compare(real(-0.5), number(0)), Order::less);
    EXPECT_EQ(compare(real(1.5), real(2.5)), Order::less);
    EXPECT_EQ(compare(truth(true), real(1)), Order::equal);
    EXPECT_EQ(compare(large(UINT64_MAX), real(0x1p64)), Order::less);
    EXPECT_EQ(compare(number(0), real(-std::numeric_limits<double>::infinity())), Order::greater);
    EXPECT_EQ(compare(real(0x1p53), number((std::int64_t{1} << 53) + 1)), Order::less);
    EXPECT_EQ(compare(real(nan), number(1)), Order::unordered);
    EXPECT_EQ(compare(real(nan), real(nan)), Order::unordered);
}

TEST(AValue, ComparesStringsBinariesAndArrays) {
    EXPECT_EQ(compare(text("a"), text("b")), Order::less);
    EXPECT_EQ(compare(text("ab"), text("a")), Order::greater);
    EXPECT_EQ(compare(text("\xc3\xa9"), text("z")), Order::greater);
    EXPECT_EQ(compare(binary("a"), binary("a")), Order::equal);
    EXPECT_EQ(compare(array({number(1), number(2)}), array({number(1), number(3)})), Order::less);
    EXPECT_EQ(compare(array({number(1)}), array({number(1), number(3)})), Order::less);
    EXPECT_EQ(compare(array({nil, number(2)}), array({nil, number(1)})), Order::greater);
}

/// What is told from the beginnings of two values is what comparing them says, and of those that are short or numbers
/// of the usual size it is all.
TEST(AValue, IsToldFromMostOthersByItsOrderPrefix) {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::vector<std::string> values{number(0),
                                          number(1),
                                          number(-1),
                                          number(-300),
                                          number((std::int64_t{1} << 53) - 1),
                                          number(std::int64_t{1} << 53),
                                          number((std::int64_t{1} << 53) + 1),
                                          number(INT64_MIN),
                                          large(UINT64_MAX),
                                          large(UINT64_MAX - 1),
                                          real(0.0),
                                          real(-0.0),
                                          real(-0.5),
                                          real(0x1p53),
                                          real(0x1p64),
                                          real(infinity),
                                          real(-infinity),
                                          real(nan),
                                          truth(true),
                                          truth(false),
                                          nil,
                                          text(""),
                                          text("a"),
                                          text(std::string("a\0", 2)),
                                          text("ab"),
                                          text("\xc3\xa9"),
                                          text("abcdefgh"),
                                          text("abcdefghi"),
                                          text("abcdefghj"),
                                          binary("a"),
                                          binary("b"),
                                          array({number(1)}),
                                          array({number(2)})};
    std::size_t told = 0;
    for (const auto& left : values)
        for (const auto& right : values) {
            const auto less = is_less(order_prefix(left), order_prefix(right));
            told += less ? 1 : 0;
            if (less) {
                EXPECT_EQ(*less, compare(left, right) == Order::less) << kind_name(left) << ", " << kind_name(right);
            }
        }
    EXPECT_EQ(is_less(order_prefix(number(7)), order_prefix(real(7))), false);
    EXPECT_EQ(is_less(order_prefix(text("same")), order_prefix(text("same"))), false);
    EXPECT_EQ(is_less(order_prefix(text("a")), order_prefix(number(1))), std::nullopt);
    EXPECT_EQ(is_less(order_prefix(real(nan)), order_prefix(number(1))), std::nullopt);
    EXPECT_GT(told, 300U);
}

TEST(AValue, HasNoOrderAgainstAnotherKind) {
    EXPECT_EQ(compare(text("a"), number(1)), Order::incomparable);
    EXPECT_EQ(compare(text("a"), binary("a")), Order::incomparable);
    EXPECT_EQ(compare(nil, nil), Order::incomparable);
    EXPECT_EQ(compare(map({}), map({})), Order::incomparable);
    EXPECT_EQ(compare(array({nil}), array({number(1)})), Order::incomparable);
}

TEST(AValue, IsAKeyIfItIsAScalarOrAnArrayOfThem) {
    for (const auto& key : {nil, number(1), real(1), truth(true), text("a"), binary("a"), array({array({nil})})})
        EXPECT_TRUE(is_key(key));
    EXPECT_FALSE(is_key(map({})));
    EXPECT_FALSE(is_key(array({map({})})));
    EXPECT_FALSE(is_key(std::string("\xd4\x01\x02")));
}

TEST(AValue, HashesSpreadOverTheLowBits) {
    std::vector<int> buckets(64);
    for (int key = 0; key < 6400; ++key) {
        ++buckets[hash_key(number(key)) % 64];
        ++buckets[hash_key(text("key/" + std::to_string(key))) % 64];
    }
    for (const int count : buckets) {
        EXPECT_GT(count, 130);
        EXPECT_LT(count, 270);
    }
}

TEST(AValue, HashesDependOnTheSeed) {
    EXPECT_NE(hash_key(text("a"), 1), hash_key(text("a"), 2));
    EXPECT_NE(hash_key(number(1), 1), hash_key(number(1), 2));
}

TEST(ASum, IsAnIntegerOfIntegers) {
    EXPECT_EQ(add(number(1), number(2)).value, number(3));
    EXPECT_EQ(add(number(1), truth(true)).value, number(2));
    EXPECT_EQ(add(number(-5), number(2)).value, number(-3));
    EXPECT_EQ(add(large(UINT64_MAX), number(-1)).value, large(UINT64_MAX - 1));
    EXPECT_EQ(add(large(UINT64_MAX), number(1)).fault, SumFault::overflow);
    EXPECT_EQ(add(number(std::numeric_limits<std::int64_t>::min()), number(-1)).fault, SumFault::overflow);
}

TEST(ASum, IsAFloatWithAFloat) {
    EXPECT_EQ(add(number(1), real(0.5)).value, real(1.5));
    EXPECT_EQ(add(real(0.5), real(0.5)).value, real(1.0));
}

TEST(ASum, NeedsNumbers) {
    EXPECT_EQ(add(number(1), text("1")).fault, SumFault::not_a_number);
    EXPECT_EQ(add(nil, number(1)).fault, SumFault::not_a_number);
}

TEST(AValue, NamesItsKind) {
    EXPECT_EQ(kind_name(nil), "nil");
    EXPECT_EQ(kind_name(truth(true)), "boolean");
    EXPECT_EQ(kind_name(number(-1)), "integer");
    EXPECT_EQ(kind_name(real(1)), "float");
    EXPECT_EQ(kind_name(text("")), "string");
    EXPECT_EQ(kind_name(binary("")), "binary");
    EXPECT_EQ(kind_name(array({})), "array");
    EXPECT_EQ(kind_name(map({})), "map");
    EXPECT_EQ(kind_name(std::string("\xd4\x01\x02")), "extension");
}

}  // namespace
}  // namespace steward::proto
