#include "daemon/name.hpp"

#include <gtest/gtest.h>

#include <string>

namespace steward::daemon {
namespace {

TEST(AName, MayBeAnyTextWithoutControlCharacters) {
    for (const std::string name : {"a", "cache/rebuild", "with space", "gr\u00fc\u00df", "\u65e5\u672c", "\U0001F512",
                                   "\u00a0", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_valid_name(name)) << name;
}

TEST(AName, HasOneTo255Bytes) {
    EXPECT_FALSE(is_valid_name(""));
    EXPECT_TRUE(is_valid_name(std::string(255, 'x')));
    EXPECT_FALSE(is_valid_name(std::string(256, 'x')));
    EXPECT_FALSE(is_valid_name(std::string(254, 'x') + "\u00fc")) << "bytes count, not characters";
}

TEST(AName, HasNoControlCharacters) {
    EXPECT_FALSE(is_valid_name(std::string("a\0b", 3)));
    EXPECT_FALSE(is_valid_name("a\nb"));
    EXPECT_FALSE(is_valid_name("\x1b[31m"));
    EXPECT_FALSE(is_valid_name("a\x7f"));
    EXPECT_FALSE(is_valid_name("\u0085")) << "C1";
    EXPECT_FALSE(is_valid_name("\u009f")) << "C1";
}

TEST(AName, IsWellFormedUtf8) {
    EXPECT_FALSE(is_valid_name("\xff"));
    EXPECT_FALSE(is_valid_name("\x80")) << "a continuation without a beginning";
    EXPECT_FALSE(is_valid_name("\xc3")) << "cut short";
    EXPECT_FALSE(is_valid_name("\xe2\x82")) << "cut short";
    EXPECT_FALSE(is_valid_name("\xc3(")) << "no continuation";
    EXPECT_FALSE(is_valid_name("\xc0\xaf")) << "overlong";
    EXPECT_FALSE(is_valid_name("\xe0\x9f\xbf")) << "overlong";
    EXPECT_FALSE(is_valid_name("\xf0\x8f\xbf\xbf")) << "overlong";
    EXPECT_FALSE(is_valid_name("\xed\xa0\x80")) << "a surrogate";
    EXPECT_FALSE(is_valid_name("\xf4\x90\x80\x80")) << "above U+10FFFF";
}

}  // namespace
}  // namespace steward::daemon
