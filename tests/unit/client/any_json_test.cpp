#include <steward/any.hpp>

#include "tests/unit/client/fake_service.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace steward {
namespace {

std::error_code error_from(std::string_view text) {
    try {
        Any::from_json(text);
        return {};
    } catch (const Error& error) {
        return error.code();
    }
}

std::string there_and_back(std::string_view text) {
    return Any::from_json(text).to_json();
}

TEST(Json, PrintsScalars) {
    EXPECT_EQ(Any().to_json(), "null");
    EXPECT_EQ(Any(false).to_json(), "false");
    EXPECT_EQ(Any(-3).to_json(), "-3");
    EXPECT_EQ(Any(std::numeric_limits<std::uint64_t>::max()).to_json(), "18446744073709551615");
    EXPECT_EQ(Any(0.1).to_json(), "0.1");
}

TEST(Json, KeepsARealNumberReal) {
    EXPECT_EQ(Any(1.0).to_json(), "1.0");
    EXPECT_EQ(there_and_back("1e300"), "1e+300");
    EXPECT_EQ(Any::from_json("1.0").kind(), Any::Kind::real);
    EXPECT_EQ(Any::from_json("-0.0").to_json(), "-0.0");
}

TEST(Json, ReadsIntegersOf64Bits) {
    EXPECT_EQ(there_and_back("18446744073709551615"), "18446744073709551615");
    EXPECT_EQ(there_and_back("-9223372036854775808"), "-9223372036854775808");
    EXPECT_EQ(Any::from_json("18446744073709551616").kind(), Any::Kind::real);
}

TEST(Json, KeepsNesting) {
    constexpr std::string_view text = R"({"b":[1,[],{}],"a":{"x":null}})";
    EXPECT_EQ(there_and_back(text), text);
    EXPECT_EQ(there_and_back(" { \"a\" : [ 1 , 2 ] } \n"), R"({"a":[1,2]})");
}

TEST(Json, EscapesWhatMustBeEscaped) {
    EXPECT_EQ(Any("a\"b\\c\n\t\x01").to_json(), R"("a\"b\\c\n\t\u0001")");
    EXPECT_EQ(Any::from_json(R"("\"\\\/\b\f\n\r\t\u0041")"), Any("\"\\/\b\f\n\r\tA"));
}

TEST(Json, ReadsSurrogatePairs) {
    EXPECT_EQ(Any::from_json(R"("\ud83d\ude00")"), Any("\xf0\x9f\x98\x80"));
    EXPECT_EQ(error_from(R"("\ud83d")"), errc::invalid_argument);
    EXPECT_EQ(error_from(R"("\ude00\ud83d")"), errc::invalid_argument);
    EXPECT_EQ(error_from(R"("\ud83d\u0041")"), errc::invalid_argument);
}

TEST(Json, KeepsBinary) {
    const Any binary = Any::Binary{std::byte{0}, std::byte{255}};
    EXPECT_EQ(binary.to_json(), R"({"$binary":"AP8="})");
    EXPECT_EQ(Any::from_json(binary.to_json()), binary);
    EXPECT_EQ(error_from(R"({"$binary":"A"})"), errc::invalid_argument);
}

TEST(Json, KeepsMapsThatAreNoObjects) {
    const Any numbers = Any::Map{{1, "one"}, {Any(), "nil"}};
    EXPECT_EQ(numbers.to_json(), R"({"$map":[[1,"one"],[null,"nil"]]})");
    EXPECT_EQ(Any::from_json(numbers.to_json()), numbers);
    const Any lookalike = Any::Map{{"$binary", "AP8="}};
    EXPECT_EQ(Any::from_json(lookalike.to_json()), lookalike);
    EXPECT_EQ(error_from(R"({"$map":[[1]]})"), errc::invalid_argument);
}

using JsonOfAReference = tests::FakeService;

TEST_F(JsonOfAReference, IsTypeAndNumber) {
    EXPECT_EQ(Any(lock(5)).to_json(), R"({"$object":{"type":"lock","id":"5"}})");
}

TEST_F(JsonOfAReference, IsNotReadBack) {
    EXPECT_EQ(error_from(Any(Any::Array{lock(5)}).to_json()), errc::invalid_argument);
    const Any lookalike = Any::Map{{"$object", "text"}};
    EXPECT_EQ(Any::from_json(lookalike.to_json()), lookalike);
}

TEST(Json, RefusesWhatItCannotSay) {
    EXPECT_THROW(Any(std::nan("")).to_json(), Error);
    EXPECT_THROW(Any(std::numeric_limits<double>::infinity()).to_json(), Error);
    EXPECT_THROW(Any("\xff").to_json(), Error);
}

class JsonThatIsNone : public testing::TestWithParam<std::string_view> {};

TEST_P(JsonThatIsNone, IsRefused) {
    EXPECT_EQ(error_from(GetParam()), errc::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Texts, JsonThatIsNone,
                         testing::Values("", " ", "nul", "truex", "[1", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}",
                                         "{\"a\":1,}", "01", "1.", ".5", "-", "+1", "1e", "1e999", "\"", "\"\\x\"",
                                         "\"\\u12\"", "\"\n\"", "\"\xff\"", "[] []", "'a'"));

TEST(Json, NamesThePositionOfWhatIsWrong) {
    try {
        Any::from_json("[1, x]");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.detail(), "JSON, at byte 4: expected a value");
    }
}

TEST(Json, RefusesNestingThatWouldTakeTheStack) {
    EXPECT_EQ(error_from(std::string(100'000, '[')), errc::invalid_argument);
}

}  // namespace
}  // namespace steward
