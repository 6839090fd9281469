#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/process_status.hpp"

namespace steward::tests {
namespace {

constexpr rlim_t few_descriptors = 64;

DaemonProcess::Settings with_few_descriptors() {
    return {.before_exec = [] {
        const rlimit limit{few_descriptors, few_descriptors};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }};
}

/// Another connection with a session, or why there is none.
struct Attempt {
    RawClient client;
    std::optional<Errc> refusal;

    explicit Attempt(const std::string& socket) : client(socket, RawClient::Begin::without_session) {
        const auto bytes = RawClient::encoded(1, proto::session::Open{.client_name = "one more", .capabilities = {}});
        client.send(bytes);
        const auto frame = client.next_frame();
        if (!frame)
            refusal = Errc::not_connected;
        else if (proto::kind_of(*frame) == proto::EnvelopeKind::notification)
            refusal = code_of(*frame);
        else if (const auto response = proto::decode_response(*frame); response.refused)
            refusal = response.code;
    }

  private:
    static Errc code_of(const std::string& closing) {
        proto::Reader params(proto::decode_notification(closing).params.bytes);
        params.array();
        return static_cast<Errc>(params.unsigned_integer());
    }
};

std::vector<RawClient> connect_until_refused(const std::string& socket) {
    std::vector<RawClient> connected;
    for (;;) {
        Attempt attempt(socket);
        if (attempt.refusal) {
            EXPECT_EQ(attempt.refusal, Errc::busy);
            return connected;
        }
        connected.push_back(std::move(attempt.client));
    }
}

/// As many descriptors for this test as it may have.
rlim_t raise_own_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

class NoDescriptors : public testing::Test {
  protected:
    DaemonProcess daemon_{with_few_descriptors()};
    RawClient witness_{daemon_.socket()};
    std::vector<RawClient> connected_ = connect_until_refused(daemon_.socket());
};

TEST_F(NoDescriptors, AreARefusalThatSaysBusy) {
    EXPECT_GT(connected_.size(), few_descriptors / 2);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(Attempt(daemon_.socket()).refusal, Errc::busy);
}

TEST_F(NoDescriptors, LeaveThoseWhoAreConnectedAlone) {
    const auto lock = open_lock(witness_, "lock");
    EXPECT_TRUE(try_acquire(witness_, lock));
    for (auto& client : connected_)
        EXPECT_TRUE(serves(client));
}

TEST_F(NoDescriptors, DoNotKeepTheProcessorBusy) {
    Attempt refused(daemon_.socket());
    EXPECT_TRUE(comes_to_rest(daemon_.pid()));
}

TEST_F(NoDescriptors, AreThereAgainWhenOthersGo) {
    connected_.erase(connected_.begin(), connected_.begin() + 10);
    EXPECT_TRUE(eventually([&] { return !Attempt(daemon_.socket()).refusal; }));
}

TEST_F(NoDescriptors, NeverLeaveASessionThatCannotBeWatched) {
    const auto lock = open_lock(witness_, "lock");
    const auto acquire_in_another_process = [&] {
        ChildProcess other([&] {
            Attempt attempt(daemon_.socket());
            return !attempt.refusal && try_acquire(attempt.client, lock) ? 0 : 1;
        });
        return other.wait() == 0;
    };
    EXPECT_TRUE(eventually([&] {
        connected_.pop_back();  // makes room for one more
        return acquire_in_another_process() || connected_.empty();
    }));
    EXPECT_TRUE(eventually([&] { return try_acquire(witness_, lock); })) << "a dead process holds it for ever";
}

TEST(ThousandsOfConnections, AreServedAndOneMoreThanAllowedIsRefused) {
    const auto count = std::min<std::size_t>(3'000, raise_own_limit() / 2);
    DaemonProcess daemon({"--max-connections", std::to_string(count)});
    auto connected = connect_until_refused(daemon.socket());
    ASSERT_EQ(connected.size(), count);
    EXPECT_EQ(connected.front().call(proto::daemon::Status{}).sessions, count);
    for (auto& client : connected)
        ASSERT_TRUE(serves(client));
    connected.erase(connected.begin() + 1, connected.end());
    EXPECT_TRUE(eventually([&] { return connected.front().call(proto::daemon::Status{}).sessions == 1; }));
    EXPECT_FALSE(Attempt(daemon.socket()).refusal);
}

}  // namespace
}  // namespace steward::tests
