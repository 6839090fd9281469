#include "daemon/crash_report.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "daemon/recent_requests.hpp"
#include "tests/support/sanitizers.hpp"

namespace steward::daemon {
namespace {

void report_to_standard_error(LogFormat format = LogFormat::text) {
    report_crashes(*new LogOutput(STDERR_FILENO), format);
}

void touch_nothing() {
    *reinterpret_cast<volatile int*>(std::uintptr_t{16}) = 1;
}

int recurse(int depth);
int (*volatile go_deeper)(int) = recurse;

// Not a tail call, so that each takes its part of the stack.
int recurse(int depth) {
    std::array<volatile char, 4096> room{};
    room[0] = static_cast<char>(depth);
    return go_deeper(depth + 1) + room[0];
}

class ACrashReportDeathTest : public testing::Test {
  protected:
    void SetUp() override {
        if (tests::is_sanitized)
            GTEST_SKIP() << "the sanitizer has handlers of its own";
    }
};

TEST_F(ACrashReportDeathTest, SaysTheAddressThatWasTouched) {
    EXPECT_EXIT(
        {
            report_to_standard_error();
            touch_nothing();
        },
        testing::KilledBySignal(SIGSEGV), "critical: stewardd .* has crashed: SIGSEGV .11. at address 0x10");
}

TEST_F(ACrashReportDeathTest, HoldsTheStack) {
    EXPECT_EXIT(
        {
            report_to_standard_error();
            touch_nothing();
        },
        testing::KilledBySignal(SIGSEGV), "critical:   .*unit_daemon.*0x");
}

TEST_F(ACrashReportDeathTest, IsLeftWhereTheStackHasNoRoom) {
    EXPECT_EXIT(
        {
            report_to_standard_error();
            std::exit(recurse(0));
        },
        testing::KilledBySignal(SIGSEGV), "has crashed: SIGSEGV");
}

TEST_F(ACrashReportDeathTest, IsOfJsonWhereTheLogIs) {
    EXPECT_EXIT(
        {
            report_to_standard_error(LogFormat::json);
            std::abort();
        },
        testing::KilledBySignal(SIGABRT), R"(\{"level":"critical","message":"stewardd .* has crashed: SIGABRT .6.)");
}

TEST_F(ACrashReportDeathTest, TellsTheLastRequestsAndThatTheyAreNoMoreThanThese) {
    EXPECT_EXIT(
        {
            report_to_standard_error();
            recent_requests.note("list.append", 3, 77);
            recent_requests.note_object(4711);
            recent_requests.note("session.list", 4, 78);
            std::abort();
        },
        testing::KilledBySignal(SIGABRT),
        "  session.list by session 4 .pid 78.\ncritical:   list.append of object 4711 by session 3 .pid 77.");
}

TEST(RecentRequests, AreTheLastSixteen) {
    RecentRequests requests;
    for (std::uint32_t session = 1; session <= 40; ++session)
        requests.note("list.append", session, 1);
    std::vector<std::uint32_t> sessions;
    requests.each([&](const RecentRequest& request) { sessions.push_back(request.session); });
    ASSERT_EQ(sessions.size(), RecentRequests::most);
    EXPECT_EQ(sessions.front(), 40U);
    EXPECT_EQ(sessions.back(), 25U);
}

TEST(RecentRequests, AreNoneAtFirst) {
    const RecentRequests requests;
    requests.each([](const RecentRequest&) { FAIL(); });
}

}  // namespace
}  // namespace steward::daemon
