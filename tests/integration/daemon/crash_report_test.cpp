#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/sanitizers.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string secret = "a value that is nobody's business";

/// A daemon that somebody sends a signal by which processes crash.
class ACrashReport : public testing::TestWithParam<int> {
  protected:
    void SetUp() override {
        if (is_sanitized && GetParam() != SIGABRT)
            GTEST_SKIP() << "the sanitizer has a handler of its own";
    }
    static std::string packed_secret() {
        std::string packed;
        proto::Writer(packed).string(secret);
        return packed;
    }
};

std::string name_of_signal(const testing::TestParamInfo<int>& signal) {
    return ::sigabbrev_np(signal.param);
}

INSTANTIATE_TEST_SUITE_P(, ACrashReport, testing::Values(SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT), name_of_signal);

TEST_P(ACrashReport, SaysWhatTheDaemonDidWithoutSayingValues) {
    DaemonProcess daemon;
    RawClient client(daemon.socket());
    const auto value = open_value(client, "value", packed_secret());
    client.call(proto::value::Set{.object = value, .value = {packed_secret()}});
    ::kill(daemon.pid(), GetParam());
    EXPECT_EQ(daemon.wait(), 128 + GetParam()) << "it dies of what it was sent";
    const auto log = daemon.errors();
    EXPECT_THAT(log, HasSubstr("has crashed: SIG" + std::string(::sigabbrev_np(GetParam()))));
    EXPECT_THAT(log, HasSubstr(", sent by pid " + std::to_string(::getpid())));
    EXPECT_THAT(log, HasSubstr("  value.set of object " + std::to_string(value) + " by session " +
                               std::to_string(client.session()) + " (pid " + std::to_string(::getpid()) + ")"));
    EXPECT_THAT(log, HasSubstr("  value.open by session"));
    EXPECT_THAT(log, HasSubstr("stewardd("));
    EXPECT_THAT(log, Not(HasSubstr(secret)));
}

TEST_P(ACrashReport, KeepsNobodyFromStartingAgain) {
    DaemonProcess daemon;
    RawClient client(daemon.socket());
    const auto value = open_value(client, "value", packed_secret());
    ::kill(daemon.pid(), GetParam());
    daemon.wait();
    daemon.start();
    RawClient again(daemon.socket());
    EXPECT_EQ(value_of(again, value), packed_secret());
}

}  // namespace
}  // namespace steward::tests
