#include "client/cli/display_text.hpp"

#include <chrono>

#include <gtest/gtest.h>

namespace steward::cli {
namespace {

using namespace std::chrono_literals;

TEST(AnAge, IsToldInItsTwoLargestUnits) {
    EXPECT_EQ(age_text(0ms), "0ms");
    EXPECT_EQ(age_text(999ms), "999ms");
    EXPECT_EQ(age_text(12s), "12s");
    EXPECT_EQ(age_text(192s), "3m12s");
    EXPECT_EQ(age_text(5h + 3min), "5h03m");
    EXPECT_EQ(age_text(52h), "2d04h");
}

TEST(AnAge, IsNeverNegative) {
    EXPECT_EQ(age_text(-5s), "0ms");
}

TEST(ASize, IsToldInTheUnitThatFits) {
    EXPECT_EQ(size_text(0), "0 B");
    EXPECT_EQ(size_text(1023), "1023 B");
    EXPECT_EQ(size_text(1536), "1.5 KiB");
    EXPECT_EQ(size_text(std::uint64_t{1} << 30), "1.0 GiB");
}

TEST(PrintableText, IsKeptAsItIs) {
    EXPECT_EQ(printable("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x94\x92"), "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x94\x92");
}

TEST(PrintableText, HoldsNothingThatSteersATerminal) {
    EXPECT_EQ(printable("\x1b[2J"), "\xef\xbf\xbd[2J");
    EXPECT_EQ(printable("a\nb\x7f"),
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd");
    EXPECT_EQ(printable("\xc2\x9b"), "\xef\xbf\xbd");
}

TEST(PrintableText, HoldsNothingThatIsNoUtf8) {
    EXPECT_EQ(printable("\xff"), "\xef\xbf\xbd");
    EXPECT_EQ(printable("\xc3("), "\xef\xbf\xbd(");
    EXPECT_EQ(printable("\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(TextThatIsTooWide, EndsWithAnEllipsis) {
    EXPECT_EQ(shortened("make", 4), "make");
    EXPECT_EQ(shortened("maker", 4), "mak\xe2\x80\xa6");
    EXPECT_EQ(shortened("\xc3\xa9\xc3\xa9\xc3\xa9", 2), "\xc3\xa9\xe2\x80\xa6");
    EXPECT_EQ(display_width(shortened("maker", 4)), 4U);
}

TEST(ATime, IsInTheLargestUnitThatItHasOneOf) {
    EXPECT_EQ(time_text(0), "0 ns");
    EXPECT_EQ(time_text(999), "999 ns");
    EXPECT_EQ(time_text(12'340), "12.3 us");
    EXPECT_EQ(time_text(4'560'000), "4.56 ms");
    EXPECT_EQ(time_text(3'200'000'000), "3.2 s");
}

}  // namespace
}  // namespace steward::cli
