#include "proto/codec.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "tests/support/packed_values.hpp"

namespace steward::proto {
namespace {

using tests::pack;
using tests::pack_array;

enum class Colour : std::uint8_t { red = 0, blue = 3 };

struct Letter {
    std::uint64_t number = 7;
    std::string_view text = "unsaid";
    std::optional<std::int64_t> weight;
    std::vector<Packed> items;
    Colour colour = Colour::red;

    static constexpr auto fields() {
        return fields_of(Field{&Letter::number, "number", "a number"}, Field{&Letter::text, "text", "a text"},
                         Field{&Letter::weight, "weight", "grams"}, Field{&Letter::items, "items", "what is in it"},
                         Field{&Letter::colour, "colour", "of ink"});
    }
};

template <class T>
T decoded(const std::string& bytes) {
    Reader reader(bytes);
    return decode<T>(reader);
}

/// What is said of bytes that are no T.
template <class T>
std::string complaint(const std::string& bytes) {
    try {
        decoded<T>(bytes);
    } catch (const Malformed& malformed) {
        return malformed.what();
    }
    return "nothing";
}

TEST(AMessage, IsAnArrayOfItsFieldsInOrder) {
    std::string bytes;
    Writer writer(bytes);
    const auto item = pack("item");
    encode(writer, Letter{.number = 1, .text = "x", .weight = -5, .items = {{item}}, .colour = Colour::blue});
    EXPECT_EQ(bytes, pack_array({pack(1), pack("x"), pack(-5), pack_array({item}), pack(3)}));
}

TEST(AMessage, KeepsItsDefaultsForFieldsThatAreMissingAtTheEnd) {
    const auto letter = decoded<Letter>(pack_array({pack(1)}));
    EXPECT_EQ(letter.number, 1U);
    EXPECT_EQ(letter.text, "unsaid");
    EXPECT_FALSE(letter.weight);
    EXPECT_EQ(decoded<Letter>(pack_array({})).number, 7U);
}

TEST(AMessage, IgnoresWhatComesAfterTheFieldsThatItKnows) {
    const auto known = pack_array({pack(1), pack("x"), pack(nullptr), pack_array({}), pack(0)});
    const auto bytes = pack_array(
        {pack(1), pack("x"), pack(nullptr), pack_array({}), pack(0), pack_array({known}), pack("of a later version")});
    Reader reader(bytes);
    EXPECT_EQ(decode<Letter>(reader).text, "x");
    EXPECT_TRUE(reader.at_end());
}

TEST(AMessage, NamesTheFieldOfAnotherType) {
    EXPECT_EQ(complaint<Letter>(pack_array({pack("one")})), "number: expected an integer that is not negative");
    EXPECT_EQ(complaint<Letter>(pack_array({pack(1), pack(2)})), "text: expected a string");
    EXPECT_EQ(complaint<Letter>(pack_array({pack(1), pack("x"), pack(true)})),
              "weight: expected a signed 64-bit integer");
    EXPECT_EQ(complaint<Letter>(pack_array({pack(1), pack("x"), pack(1), pack(4)})), "items: expected an array");
}

TEST(AMessage, IsRefusedWhereItIsNoArray) {
    EXPECT_EQ(complaint<Letter>(pack(1)), "expected an array");
    EXPECT_EQ(complaint<Letter>(tests::pack_map({pack(1), pack(2)})), "expected an array");
}

TEST(ANumber, IsRefusedWhereItDoesNotFitItsType) {
    EXPECT_EQ(decoded<std::uint16_t>(pack(65'535)), 65'535);
    EXPECT_EQ(complaint<std::uint16_t>(pack(65'536)), "the number is too large");
    EXPECT_EQ(complaint<std::uint32_t>(pack(-1)), "expected an integer that is not negative");
    EXPECT_EQ(decoded<std::int32_t>(pack(std::numeric_limits<std::int32_t>::min())),
              std::numeric_limits<std::int32_t>::min());
    EXPECT_EQ(complaint<std::int32_t>(pack(std::int64_t{std::numeric_limits<std::int32_t>::max()} + 1)),
              "the number is too large");
    EXPECT_EQ(complaint<std::int64_t>(pack(std::numeric_limits<std::uint64_t>::max())),
              "expected a signed 64-bit integer");
    EXPECT_EQ(complaint<Colour>(pack(256)), "the number is too large");
}

TEST(AnArray, IsRefusedBeforeMemoryIsTakenWhereItAnnouncesMoreThanTheMessageHolds) {
    const std::string sixteen_million("\xdd\x01\x00\x00\x00\x01\x01\x01", 8);
    EXPECT_EQ(complaint<std::vector<std::uint64_t>>(sixteen_million),
              "an array announces more elements than the message holds");
}

TEST(APair, HasTwoElements) {
    using Pair = std::pair<std::uint64_t, std::string>;
    EXPECT_EQ(decoded<Pair>(pack_array({pack(1), pack("x")})), Pair(1, "x"));
    EXPECT_EQ(complaint<Pair>(pack_array({pack(1)})), "expected an array of two");
    EXPECT_EQ(complaint<Pair>(pack_array({pack(1), pack("x"), pack(3)})), "expected an array of two");
}

TEST(APackedValue, PassesThroughUnopened) {
    const auto value = tests::pack_map({pack("key"), pack_array({pack(1), pack(2.5)})});
    EXPECT_EQ(decoded<Packed>(value).bytes, value);
}

}  // namespace
}  // namespace steward::proto
