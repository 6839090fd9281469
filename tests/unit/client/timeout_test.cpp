#include <steward/timeout.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

namespace steward::detail {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST(ATimeout, IsRoundedUp) {
    EXPECT_EQ(timeout_from(1ms), 1'000'000ns);
    EXPECT_EQ(timeout_from(std::chrono::duration<double, std::nano>(1.2)), 2ns);
}

TEST(ATimeout, ThatIsNegativeDoesNotWait) {
    EXPECT_EQ(timeout_from(-1s), 0ns);
    EXPECT_EQ(timeout_from(0s), 0ns);
    EXPECT_EQ(timeout_from(std::chrono::hours::min()), 0ns);
}

TEST(ATimeout, ThatIsTooLongIsTheLongest) {
    EXPECT_EQ(timeout_from(std::chrono::hours::max()), nanoseconds::max());
    EXPECT_EQ(timeout_from(std::chrono::duration<double>(std::numeric_limits<double>::infinity())), nanoseconds::max());
}

TEST(ADeadline, OfAnyClockBecomesTheTimeLeft) {
    EXPECT_GT(timeout_until(std::chrono::steady_clock::now() + 1h), 59min);
    EXPECT_LE(timeout_until(std::chrono::system_clock::now() + 1h), 1h);
}

TEST(ADeadline, InThePastDoesNotWait) {
    EXPECT_EQ(timeout_until(std::chrono::steady_clock::now() - 1s), 0ns);
    EXPECT_EQ(timeout_until(std::chrono::steady_clock::time_point::min()), 0ns);
}

TEST(ADeadline, AtTheEndOfTimeDoesNotOverflow) {
    using Hours = std::chrono::time_point<std::chrono::steady_clock, std::chrono::hours>;
    EXPECT_EQ(timeout_until(Hours::max()), nanoseconds::max());
    EXPECT_GT(timeout_until(std::chrono::steady_clock::time_point::max()), 1h);
}

}  // namespace
}  // namespace steward::detail
