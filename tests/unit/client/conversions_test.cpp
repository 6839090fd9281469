#include <steward/conversions.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <steward/dict.hpp>
#include <steward/list.hpp>
#include <steward/lock.hpp>

namespace geometry {

struct Point {
    int x = 0;
    int y = 0;
    bool operator==(const Point&) const = default;
};

void to_any(steward::Any& any, const Point& point) {
    any = steward::Any::Array{point.x, point.y};
}

void from_any(const steward::Any& any, Point& point) {
    point = {any.item(0).get<int>(), any.item(1).get<int>()};
}

}  // namespace geometry

namespace steward {
namespace {

template <class T>
T there_and_back(const T& value) {
    Any any = detail::as_any(value);
    return detail::from<T>(std::move(any));
}

template <class T>
void expect_there_and_back(const T& value) {
    EXPECT_EQ(there_and_back(value), value);
}

TEST(Conversions, KeepTheTypesOfTheLanguage) {
    expect_there_and_back(true);
    expect_there_and_back(static_cast<signed char>(-3));
    expect_there_and_back(std::uint64_t{1} << 63U);
    expect_there_and_back(2.5F);
    expect_there_and_back(std::string("text"));
}

TEST(Conversions, KeepTheContainersOfTheStandardLibrary) {
    expect_there_and_back(std::vector<int>{1, 2, 3});
    expect_there_and_back(std::vector<bool>{true, false});
    expect_there_and_back(std::array<double, 2>{1.5, 2.5});
    expect_there_and_back(std::map<std::string, int>{{"a", 1}});
    expect_there_and_back(std::unordered_map<int, std::string>{{1, "a"}});
    expect_there_and_back(std::pair<int, std::string>{1, "a"});
    expect_there_and_back(std::tuple<int, std::string, bool>{1, "a", true});
    expect_there_and_back(std::optional<int>{5});
    expect_there_and_back(std::optional<int>{});
    expect_there_and_back(Any::Binary{std::byte{1}, std::byte{0}});
    expect_there_and_back(Any(Any::Array{1, "a"}));
}

TEST(Conversions, KeepContainersInContainers) {
    expect_there_and_back(std::map<std::string, std::vector<std::optional<int>>>{{"a", {1, std::nullopt}}});
}

TEST(Conversions, FindTheOverloadsOfTheUser) {
    expect_there_and_back(geometry::Point{1, 2});
    expect_there_and_back(std::vector<geometry::Point>{{1, 2}, {3, 4}});
    expect_there_and_back(std::map<std::string, geometry::Point>{{"a", {1, 2}}});
    EXPECT_EQ(Any(geometry::Point{1, 2}).to_json(), "[1,2]");
}

TEST(Conversions, StoreBytesAsBinary) {
    EXPECT_EQ(detail::as_any(Any::Binary{std::byte{1}}).kind(), Any::Kind::binary);
}

TEST(Conversions, RefuseAnArrayOfAnotherSize) {
    const Any three = Any::Array{1, 2, 3};
    EXPECT_THROW((three.get<std::array<int, 2>>()), Error);
    EXPECT_THROW((three.get<std::pair<int, int>>()), Error);
    EXPECT_THROW((three.get<std::tuple<int, int>>()), Error);
}

TEST(Conversions, RefuseAnItemOfAnotherKind) {
    const Any mixed = Any::Array{1, "two"};
    EXPECT_FALSE(mixed.is<std::vector<int>>());
}

static_assert(ToAny<Lock> && FromAny<Lock> && !FilledFromAny<Lock>);
static_assert(ToAny<std::pair<List<int>, int>> && FromAny<std::map<std::string, List<Lock>>>);
static_assert(FromAny<std::array<Lock, 2>> && FromAny<std::tuple<Lock, std::optional<Dict<>>>>);
static_assert(ToAny<geometry::Point> && FromAny<geometry::Point>);
static_assert(!ToAny<void*> && !ToAny<std::vector<void*>>);

}  // namespace
}  // namespace steward
