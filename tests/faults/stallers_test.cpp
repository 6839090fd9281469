#include <grp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/faults/elapsed.hpp"
#include "tests/faults/service.hpp"
#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"

// Clients that begin something and do not go on.
namespace steward::tests {
namespace {

std::string half_of(const std::string& whole) {
    return whole.substr(0, whole.size() / 2);
}

std::string half_a_session() {
    return half_of(RawClient::encoded(1, proto::session::Open{.client_name = "staller", .capabilities = {}}));
}

std::string half_a_request() {
    return half_of(RawClient::encoded(99, proto::object::Find{.name = "whatever it is"}));
}

RawClient without_session(const std::string& socket) {
    return RawClient(socket, RawClient::Begin::without_session);
}

class AStaller : public testing::Test {
  protected:
    DaemonProcess daemon_{{"--handshake-timeout", "200ms", "--frame-timeout", "200ms"}};
    RawClient witness_{daemon_.socket()};
};

TEST_F(AStaller, IsToldThatItMustOpenItsSessionInTime) {
    auto silent = without_session(daemon_.socket());
    const auto closing = silent.read_to_end();
    ASSERT_TRUE(closing);
    EXPECT_EQ(closing->code, Errc::protocol_error);
    EXPECT_NE(closing->detail.find("--handshake-timeout"), std::string::npos) << closing->detail;
}

TEST_F(AStaller, MayNotDrawOutTheOpeningOfItsSession) {
    auto slow = without_session(daemon_.socket());
    slow.send(half_a_session());
    EXPECT_EQ(slow.read_to_end().value().code, Errc::protocol_error);
}

TEST_F(AStaller, HasToEndAMessageThatItHasBegun) {
    RawClient staller(daemon_.socket());
    staller.send(half_a_request());
    const auto closing = staller.read_to_end();
    ASSERT_TRUE(closing);
    EXPECT_EQ(closing->code, Errc::protocol_error);
    EXPECT_NE(closing->detail.find("--frame-timeout"), std::string::npos) << closing->detail;
}

TEST_F(AStaller, GainsNothingByOneByteNowAndThen) {
    RawClient staller(daemon_.socket());
    const auto request = RawClient::encoded(99, proto::object::Find{.name = std::string(10'000, 'x')});
    std::size_t sent = 0;
    while (sent < request.size() && !becomes_readable(staller.fd(), std::chrono::milliseconds(5)))
        staller.send(request.substr(sent++, 1));
    EXPECT_LT(sent, request.size());
    EXPECT_EQ(staller.read_to_end().value().code, Errc::protocol_error);
}

TEST_F(AStaller, KeepsWhatItsProcessHolds) {
    RawClient staller(daemon_.socket());
    const auto lock = open_lock(staller, "lock");
    EXPECT_TRUE(try_acquire(staller, lock));
    staller.send(half_a_request());
    staller.read_to_end();
    EXPECT_FALSE(try_acquire(witness_, lock)) << "its process, this test, lives";
}

TEST_F(AStaller, IsNotWhoHasNothingToSay) {
    RawClient quiet(daemon_.socket());
    auto staller = without_session(daemon_.socket());
    staller.read_to_end();  // as long as the quiet one has been quiet
    EXPECT_TRUE(serves(quiet));
}

/// Both halves are there when the daemon can read again, however late that is.
TEST(AClientThatAStoppedDaemonDidNotRead, IsNoStaller) {
    const DaemonProcess daemon({"--frame-timeout", "1s"});  // long enough to be stopped in time, whatever else runs
    RawClient witness(daemon.socket());
    RawClient client(daemon.socket());
    const auto request = RawClient::encoded(99, proto::daemon::Status{});
    client.send(half_of(request));
    EXPECT_TRUE(serves(witness)) << "it has read the half by now";
    daemon.stop();
    client.send(request.substr(half_of(request).size()));
    const auto late = Clock::now() + std::chrono::milliseconds(1'200);
    EXPECT_TRUE(eventually([&] { return Clock::now() > late; }));
    daemon.go_on();
    EXPECT_EQ(client.refusal_of(99), std::nullopt);
}

/// More connections without sessions than a user may have.
class ManyStallers : public testing::Test {
  protected:
    static constexpr std::size_t most = 64;

    void SetUp() override {
        std::filesystem::permissions(daemon_.folder(), std::filesystem::perms::others_exec,
                                     std::filesystem::perm_options::add);
    }

    DaemonProcess daemon_;
    RawClient witness_{daemon_.socket()};
};

TEST_F(ManyStallers, AreToldAtOnceThatTheyAreTooMany) {
    std::vector<RawClient> stallers;
    while (stallers.size() < most)
        stallers.push_back(without_session(daemon_.socket()));
    auto one_more = without_session(daemon_.socket());
    const auto begin = std::chrono::steady_clock::now();
    const auto closing = one_more.read_to_end();
    const std::chrono::duration<double, std::milli> waited = std::chrono::steady_clock::now() - begin;
    ASSERT_TRUE(closing);
    EXPECT_EQ(closing->code, Errc::busy);
    EXPECT_NE(closing->detail.find("--max-handshakes"), std::string::npos) << closing->detail;
    EXPECT_FALSE(becomes_readable(stallers.front().fd(), std::chrono::milliseconds(0))) << "those before may stay";
    std::printf("[  REPORT  ] one more than allowed was told busy after %.1f ms\n", waited.count());
}

TEST_F(ManyStallers, KeepNobodyOutWhoSaysWhatHeWants) {
    std::vector<RawClient> stallers;
    while (stallers.size() < 2 * most)
        stallers.push_back(without_session(daemon_.socket()));
    for (int i = 0; i < 200; ++i)
        EXPECT_NO_THROW(RawClient(daemon_.socket()));
}

TEST_F(ManyStallers, OfOneUserLeaveAnotherUserHisPlaces) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "not root: no process of another user can stall";
    const Gate full;
    ChildProcess attacker([&]() -> int {
        if (::setgroups(0, nullptr) != 0 || ::setgid(65'534) != 0 || ::setuid(65'534) != 0)
            return 1;
        std::vector<RawClient> stallers;
        while (stallers.size() < most)
            stallers.push_back(without_session(daemon_.socket()));
        without_session(daemon_.socket()).read_to_end();
        full.open();
        for (;;)
            ::pause();
    });
    full.pass();
    auto own = without_session(daemon_.socket());
    EXPECT_FALSE(becomes_readable(own.fd(), std::chrono::milliseconds(100))) << "it has as long as anybody";
}

TEST_F(ManyStallers, GiveBackTheirDescriptors) {
    const auto before = open_descriptors(daemon_.pid());
    {
        std::vector<RawClient> stallers;
        while (stallers.size() < most)
            stallers.push_back(without_session(daemon_.socket()));
        EXPECT_TRUE(eventually([&] { return open_descriptors(daemon_.pid()) == before + most; }));
    }
    EXPECT_TRUE(eventually([&] { return open_descriptors(daemon_.pid()) == before; }));
    EXPECT_NO_THROW(RawClient(daemon_.socket()));
}

TEST_F(ManyStallers, InTheMiddleOfAMessageCostOthersNothing) {
    constexpr std::size_t count = 1'000;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < 2 * count)
        GTEST_SKIP() << "this process may have too few descriptors (ulimit -n) for " << count << " stallers";
    std::vector<RawClient> stallers;
    const auto service = compare_service(
        witness_, [&] { stallers.clear(); },
        [&] {
            while (stallers.size() < count) {
                stallers.emplace_back(daemon_.socket());
                stallers.back().send(half_a_request());
            }
        });
    EXPECT_LE(service.median_ratio(), 3) << "1.5 times the p99 is aimed at, on a machine that does nothing else";
}

}  // namespace
}  // namespace steward::tests
