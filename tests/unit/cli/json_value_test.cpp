#include "client/cli/json_value.hpp"

#include <gtest/gtest.h>

#include "client/cli/failure.hpp"

namespace steward::cli {
namespace {

TEST(AValue, IsJson) {
    EXPECT_EQ(value_from("5"), Any(5));
    EXPECT_EQ(value_from("\"five\""), Any("five"));
    EXPECT_EQ(value_from("[1, null]"), Any(Any::Array{1, nullptr}));
}

TEST(AValue, ThatIsNoJsonIsRefused) {
    for (const auto* text : {"", "five", "1 2", "[1", "'five'"})
        try {
            value_from(text);
            ADD_FAILURE() << text;
        } catch (const Failure& failure) {
            EXPECT_EQ(failure.status(), ExitStatus::not_json);
        }
}

TEST(AKey, IsWhatItLooksLike) {
    EXPECT_EQ(key_from("7"), Any(7));
    EXPECT_EQ(key_from("\"7\""), Any("7"));
    EXPECT_EQ(key_from("true").kind(), Any::Kind::boolean);
    EXPECT_EQ(key_from("[1,2]"), Any(Any::Array{1, 2}));
}

TEST(AKey, IsAStringWhereItIsNoJson) {
    EXPECT_EQ(key_from("hits"), Any("hits"));
    EXPECT_EQ(key_from(""), Any(""));
    EXPECT_EQ(key_from("a b"), Any("a b"));
}

TEST(AKey, IsNeverAMap) {
    EXPECT_EQ(key_from("{}"), Any("{}"));
}

}  // namespace
}  // namespace steward::cli
