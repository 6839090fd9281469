#include <steward/any.hpp>

#include "tests/unit/client/fake_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <compare>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <string>
#include <system_error>
#include <vector>

namespace steward {
namespace {

constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

template <class Operation>
std::error_code error_of(Operation&& operation) {
    try {
        operation();
        return {};
    } catch (const Error& error) {
        return error.code();
    }
}

TEST(AnAny, IsNilAtFirst) {
    EXPECT_TRUE(Any().is_nil());
    EXPECT_EQ(Any(), Any(nullptr));
}

TEST(AnAny, KnowsItsKind) {
    EXPECT_EQ(Any(true).kind(), Any::Kind::boolean);
    EXPECT_EQ(Any(-1).kind(), Any::Kind::integer);
    EXPECT_EQ(Any(1.0F).kind(), Any::Kind::real);
    EXPECT_EQ(Any("text").kind(), Any::Kind::string);
    EXPECT_EQ(Any(Any::Binary{}).kind(), Any::Kind::binary);
    EXPECT_EQ(Any(Any::Array{}).kind(), Any::Kind::array);
    EXPECT_EQ(Any(Any::Map{}).kind(), Any::Kind::map);
}

TEST(AnAny, HasOneKindForAnIntegerOfAnyTypeThatFits) {
    EXPECT_EQ(Any(std::uint64_t{5}).kind(), Any::Kind::integer);
    EXPECT_EQ(Any(largest).kind(), Any::Kind::unsigned_integer);
}

TEST(AnAny, GivesBackWhatItHolds) {
    EXPECT_EQ(Any(7).get<int>(), 7);
    EXPECT_EQ(Any(largest).get<std::uint64_t>(), largest);
    EXPECT_EQ(Any(1.5).get<double>(), 1.5);
    EXPECT_EQ(Any("text").get<std::string>(), "text");
    EXPECT_TRUE(Any(true).get<bool>());
}

TEST(AnAny, GivesAnIntegerAsARealNumberButNotTheOtherWay) {
    EXPECT_EQ(Any(7).get<double>(), 7.0);
    EXPECT_EQ(error_of([] { Any(7.0).get<int>(); }), errc::type_mismatch);
}

TEST(AnAny, RefusesANumberThatDoesNotFit) {
    EXPECT_EQ(error_of([] { Any(300).get<std::uint8_t>(); }), errc::out_of_range);
    EXPECT_EQ(error_of([] { Any(-1).get<unsigned>(); }), errc::out_of_range);
    EXPECT_EQ(error_of([] { Any(largest).get<std::int64_t>(); }), errc::out_of_range);
}

TEST(AnAny, RefusesAnotherKindAndNamesBoth) {
    try {
        Any("text").get<int>();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), errc::type_mismatch);
        EXPECT_EQ(error.detail(), "expected an integer, found a string");
    }
}

TEST(AnAny, TellsWhetherItCanBeRead) {
    EXPECT_TRUE(Any(7).is<int>());
    EXPECT_FALSE(Any(7).is<std::string>());
    EXPECT_FALSE(Any(300).is<std::uint8_t>());
}

TEST(AnAny, ComparesNumbersByValueAsPythonDoes) {
    EXPECT_EQ(Any(1), Any(1.0));
    EXPECT_EQ(Any(1), Any(true));
    EXPECT_NE(Any(1), Any("1"));
    EXPECT_LT(Any(smallest), Any(-1));
    EXPECT_LT(Any(-1), Any(largest));
    EXPECT_LT(Any(1), Any(1.5));
    EXPECT_LT(Any(-1.5), Any(-1));
}

TEST(AnAny, ComparesLargeNumbersExactly) {
    constexpr std::int64_t beyond_double = (std::int64_t{1} << 53) + 1;
    EXPECT_NE(Any(beyond_double), Any(static_cast<double>(beyond_double)));
    EXPECT_LT(Any(largest), Any(std::ldexp(1.0, 64)));
    EXPECT_EQ(Any(smallest), Any(-std::ldexp(1.0, 63)));
    EXPECT_GT(Any(smallest), Any(-std::numeric_limits<double>::infinity()));
}

TEST(AnAny, NeverEqualsANaN) {
    const Any nan(std::nan(""));
    EXPECT_FALSE(nan == nan);
    EXPECT_FALSE(Any(Any::Array{nan}) == Any(Any::Array{nan}));
    EXPECT_LT(Any(std::numeric_limits<double>::infinity()), nan);
    EXPECT_EQ(nan <=> nan, std::weak_ordering::equivalent);
}

TEST(AnAny, ComparesArraysItemByItem) {
    EXPECT_EQ(Any(Any::Array{1, "a"}), Any(Any::Array{1.0, "a"}));
    EXPECT_LT(Any(Any::Array{1}), Any(Any::Array{1, 0}));
    EXPECT_LT(Any(Any::Array{1, 5}), Any(Any::Array{2}));
}

TEST(AnAny, ComparesMapsInAnyOrder) {
    EXPECT_EQ(Any(Any::Map{{"a", 1}, {"b", 2}}), Any(Any::Map{{"b", 2}, {"a", 1}}));
    EXPECT_NE(Any(Any::Map{{"a", 1}}), Any(Any::Map{{"a", 2}}));
    EXPECT_NE(Any(Any::Map{{"a", 1}}), Any(Any::Map{{"a", 1}, {"b", 2}}));
}

TEST(AnAny, IsAKeyOfAStandardMapWhateverItHolds) {
    const std::map<Any, int> map{{Any(), 0}, {1, 1}, {"1", 2}, {Any::Array{1}, 3}, {1.5, 4}};
    EXPECT_EQ(map.size(), 5U);
    EXPECT_EQ(map.at("1"), 2);
    EXPECT_EQ(map.at(1.0), 1);
}

TEST(AnAny, KeepsTheOrderOfAMap) {
    const Any any = Any::Map{{"b", 1}, {"a", 2}};
    EXPECT_EQ(any.map().front().first, Any("b"));
}

TEST(AnAny, LooksIntoMapsAndArrays) {
    const Any job = Any::Map{{"file", "a.txt"}, {"sizes", Any::Array{1, 2}}};
    EXPECT_EQ(job.at("file").get<std::string>(), "a.txt");
    EXPECT_EQ(job.at("sizes").item(1).get<int>(), 2);
    EXPECT_TRUE(job.contains("file"));
    EXPECT_EQ(error_of([&] { job.at("none"); }), errc::no_such_key);
    EXPECT_EQ(error_of([&] { job.at("sizes").item(2); }), errc::index_out_of_range);
    EXPECT_EQ(error_of([&] { Any(1).at("file"); }), errc::type_mismatch);
}

/// An Any that refers to an object.
using AReferringAny = tests::FakeService;

TEST_F(AReferringAny, IsMadeFromAProxy) {
    const auto own = lock(5);
    const Any any = own;
    EXPECT_EQ(any.kind(), Any::Kind::object);
    EXPECT_EQ(any.object().type(), ObjectType::lock);
    EXPECT_EQ(any.object().id(), 5U);
    EXPECT_EQ(any.get<Lock>(), own);
    EXPECT_EQ(any.get<Lock>().name(), "lock");
    EXPECT_EQ(any.get<Reference>(), Reference(own));
}

TEST_F(AReferringAny, EqualsWhatRefersToTheSameObject) {
    const auto own = lock(5);
    EXPECT_EQ(Any(own), Any(lock(5, "same")));
    EXPECT_NE(Any(own), Any(lock(6)));
    EXPECT_NE(Any(own), Any(5));
    EXPECT_LT(Any(Any::Map{}), Any(own));
    EXPECT_LT(Any(own), Any(lock(6)));
    EXPECT_EQ((std::map<Any, int>{{own, 1}, {5, 2}}).at(own), 1);
}

TEST_F(AReferringAny, RefersToItsObjectStillWhenItWasMovedFrom) {
    Any::Array from{lock(5)};
    Any::Array to;
    std::move(from.begin(), from.end(), std::back_inserter(to));
    EXPECT_EQ(from, to);
}

TEST_F(AReferringAny, IsOfNoOtherType) {
    const Any any = lock(5);
    EXPECT_EQ(error_of([&] { any.get<RLock>(); }), errc::type_mismatch);
    EXPECT_EQ(error_of([&] { any.get<int>(); }), errc::type_mismatch);
    EXPECT_EQ(error_of([&] { Any("text").get<Lock>(); }), errc::type_mismatch);
    EXPECT_EQ(error_of([&] { Any("text").object(); }), errc::type_mismatch);
}

}  // namespace
}  // namespace steward
