#include "client/src/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace steward::detail {
namespace {

TEST(Utf8, IsKnownWhateverTheLengthOfItsCharacters) {
    EXPECT_TRUE(is_utf8(""));
    EXPECT_TRUE(is_utf8("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"));
    EXPECT_TRUE(is_utf8("\xf4\x8f\xbf\xbf"));
}

TEST(Utf8, IsNeitherOverlongNorSurrogateNorBeyondTheEndNorCutShort) {
    for (const std::string_view text :
         {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xc3z"})
        EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
}

TEST(Utf8, IsWrittenInTheShortestForm) {
    std::string out;
    for (const char32_t code_point : {0x41U, 0xe4U, 0x20acU, 0x1f600U})
        append_utf8(out, code_point);
    EXPECT_EQ(out, "A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
}

}  // namespace
}  // namespace steward::detail
