#include "daemon/places.hpp"

#include <gtest/gtest.h>

#include <string>

namespace steward::daemon {
namespace {

TEST(Places, GiveOneNumberToOneLineOfSource) {
    Places places;
    const auto first = places.number_of("a.cpp:1");
    const auto second = places.number_of("b.cpp:2");
    EXPECT_NE(first, second);
    EXPECT_EQ(places.number_of("a.cpp:1"), first);
    EXPECT_EQ(places.name_of(first), "a.cpp:1");
    EXPECT_EQ(places.name_of(second), "b.cpp:2");
}

TEST(Places, DoNotKnowTheEmptyOneOrAForeignNumber) {
    Places places;
    EXPECT_EQ(places.number_of(""), 0U);
    EXPECT_EQ(places.name_of(0), "");
    EXPECT_EQ(places.name_of(17), "");
}

TEST(Places, KeepTheBeginningOfALongOne) {
    Places places;
    EXPECT_EQ(places.name_of(places.number_of(std::string(1'000, 'x'))), std::string(255, 'x'));
}

TEST(Places, StayBoundedHoweverManyAClientInvents) {
    Places places;
    for (std::size_t i = 0; i < Places::most; ++i)
        ASSERT_NE(places.number_of("line " + std::to_string(i)), 0U);
    EXPECT_EQ(places.number_of("one more"), 0U);
    EXPECT_EQ(places.name_of(places.number_of("line 7")), "line 7") << "those before stay known";
}

}  // namespace
}  // namespace steward::daemon
