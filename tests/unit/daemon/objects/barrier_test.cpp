#include "daemon/objects/barrier.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::barrier_test {
namespace {

using proto::Errc;
using proto::barrier::Abort;
using proto::barrier::Open;
using proto::barrier::Reset;
using proto::barrier::Status;
using proto::barrier::Wait;

class ABarrier : public DaemonTest {
  protected:
    Wait wait(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = barrier_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    Status::Result status() { return watcher_.call(Status{.object = barrier_}); }

    Client watcher_ = client();
    Client first_ = client();
    Client second_ = client();
    Client third_ = client();
    std::uint64_t barrier_ = first_.call(Open{.open = named("start", 0604), .parties = 3}).object;
};

TEST_F(ABarrier, RemembersNobodyWhoWentOn) {
    first_.request(wait());
    second_.request(wait());
    EXPECT_EQ(daemon().waiting.size(), 2U);
    EXPECT_TRUE(third_.call(wait()).passed);
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(ABarrier, IsNotBrokenByOneWhoDiesBeforeItCame) {
    kill(third_);
    EXPECT_FALSE(status().broken);
}

TEST_F(ABarrier, SaysBothNumbersOfPartiesWhereTheyDiffer) {
    EXPECT_EQ(second_.complaint(Open{.open = named("start"), .parties = 4}),
              "barrier 'start' was made with parties = 3 and is opened with 4");
}

TEST_F(ABarrier, IsBrokenByThoseWhoDiedWhileNobodyWatched) {
    first_.request(wait());
    first_.request(wait());
    restart();
    watcher_ = client();
    EXPECT_EQ(status().n_waiting, 0U);
    EXPECT_TRUE(status().broken);
}

TEST_F(ABarrier, IsDescribed) {
    first_.request(wait());
    EXPECT_EQ(watcher_.call(proto::object::Find{.name = "start"}).state, "1 of 3 there");
    watcher_.call(Abort{.object = barrier_});
    EXPECT_EQ(watcher_.call(proto::object::Find{.name = "start"}).state, "broken");
}

TEST_F(ABarrier, RefusesWhoMayNotUseIt) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(wait(0)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Abort{.object = barrier_}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Reset{.object = barrier_}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Status{.object = barrier_}), std::nullopt);
}

}  // namespace
}  // namespace steward::daemon::barrier_test
