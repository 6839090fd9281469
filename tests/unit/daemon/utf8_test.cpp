#include "daemon/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace steward::daemon {
namespace {

TEST(Utf8, KeepsWhatIsValid) {
    for (const std::string text : {"", "a", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf", "\n"})
        EXPECT_EQ(as_utf8(text), text);
}

TEST(Utf8, HasAReplacementForEachByteThatIsNoCharacter) {
    const std::string replaced = "\xef\xbf\xbd";
    EXPECT_EQ(as_utf8("a\xff"), "a" + replaced);
    EXPECT_EQ(as_utf8("\xc3"), replaced) << "cut off";
    EXPECT_EQ(as_utf8("\xc0\x80"), replaced + replaced) << "overlong";
    EXPECT_EQ(as_utf8("\xed\xa0\x80"), replaced + replaced + replaced) << "a surrogate";
    EXPECT_EQ(as_utf8("\xf4\x90\x80\x80"), replaced + replaced + replaced + replaced) << "above U+10FFFF";
}

}  // namespace
}  // namespace steward::daemon
