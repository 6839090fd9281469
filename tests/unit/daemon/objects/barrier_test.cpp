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

TEST_F(ABarrier, LetsAllGoOnTogetherInTheOrderOfTheirArrival) {
    const auto first = first_.request(wait());
    const auto second = second_.request(wait());
    EXPECT_TRUE(first_.waits(first));
    EXPECT_EQ(status().n_waiting, 2U);
    EXPECT_EQ(status().parties, 3);
    EXPECT_EQ(third_.call(wait()).index, 2U);
    EXPECT_EQ(first_.result_of<Wait>(first)->index, 0U);
    EXPECT_TRUE(first_.result_of<Wait>(first)->passed);
    EXPECT_EQ(second_.result_of<Wait>(second)->index, 1U);
    EXPECT_EQ(status().n_waiting, 0U);
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(ABarrier, IsUsedAgainAndAgain) {
    for (int round = 0; round < 3; ++round) {
        const auto first = first_.request(wait());
        const auto second = second_.request(wait());
        EXPECT_TRUE(third_.call(wait()).passed);
        EXPECT_TRUE(first_.result_of<Wait>(first)->passed);
        EXPECT_TRUE(second_.result_of<Wait>(second)->passed);
    }
}

TEST_F(ABarrier, IsBrokenByOneWhoseTimeIsOver) {
    const auto patient = first_.request(wait());
    const auto hurried = second_.request(wait(100));
    pass(100);
    EXPECT_FALSE(second_.result_of<Wait>(hurried)->passed);
    EXPECT_EQ(first_.refusal_of(patient), Errc::broken_barrier);
    EXPECT_TRUE(status().broken);
    EXPECT_EQ(status().n_waiting, 0U);
    EXPECT_EQ(third_.refusal(wait()), Errc::broken_barrier);
}

TEST_F(ABarrier, IsBrokenByOneWhoDoesNotWait) {
    const auto patient = first_.request(wait());
    const auto hurried = second_.request(wait(0));
    pass(0);
    EXPECT_FALSE(second_.result_of<Wait>(hurried)->passed);
    EXPECT_EQ(first_.refusal_of(patient), Errc::broken_barrier);
}

TEST_F(ABarrier, IsBrokenByOneWhoDiesWhileItWaits) {
    const auto patient = first_.request(wait());
    second_.request(wait());
    kill(second_);
    EXPECT_EQ(first_.refusal_of(patient), Errc::broken_barrier);
    EXPECT_TRUE(status().broken);
}

TEST_F(ABarrier, IsBrokenByOneWhoCancels) {
    const auto patient = first_.request(wait());
    const auto cancelled = second_.request(wait());
    second_.call(proto::session::Cancel{.request = cancelled});
    EXPECT_EQ(second_.refusal_of(cancelled), Errc::cancelled);
    EXPECT_EQ(first_.refusal_of(patient), Errc::broken_barrier);
}

TEST_F(ABarrier, IsNotBrokenByOneWhoDiesBeforeItCame) {
    kill(third_);
    EXPECT_FALSE(status().broken);
}

TEST_F(ABarrier, IsBrokenOnPurpose) {
    const auto waiting = first_.request(wait());
    second_.call(Abort{.object = barrier_});
    EXPECT_EQ(first_.refusal_of(waiting), Errc::broken_barrier);
    EXPECT_EQ(third_.refusal(wait()), Errc::broken_barrier);
}

TEST_F(ABarrier, IsAsNewAfterAReset) {
    const auto waiting = first_.request(wait());
    second_.call(Reset{.object = barrier_});
    EXPECT_EQ(first_.refusal_of(waiting), Errc::broken_barrier) << "as Python does";
    EXPECT_FALSE(status().broken);
    second_.call(Abort{.object = barrier_});
    second_.call(Reset{.object = barrier_});
    const auto first = first_.request(wait());
    const auto second = second_.request(wait());
    EXPECT_EQ(third_.call(wait()).index, 2U);
    EXPECT_TRUE(first_.result_of<Wait>(first)->passed);
    EXPECT_TRUE(second_.result_of<Wait>(second)->passed);
}

TEST_F(ABarrier, OfOneNeverWaits) {
    const auto single = first_.call(Open{.open = named("single"), .parties = 1}).object;
    EXPECT_EQ(first_.call(Wait{.object = single, .where = {}}).index, 0U);
}

TEST_F(ABarrier, IsOpenedAsItWasMade) {
    EXPECT_EQ(second_.complaint(Open{.open = named("start"), .parties = 4}),
              "barrier 'start' was made with parties = 3 and is opened with 4");
    EXPECT_EQ(second_.refusal(Open{.open = named("new"), .parties = 0}), Errc::invalid_argument);
    EXPECT_EQ(second_.refusal(Open{.open = named("new"), .parties = 65'536}), Errc::invalid_argument);
}

TEST_F(ABarrier, IsBrokenByThoseWhoDiedWhileNobodyWatched) {
    first_.request(wait());
    first_.request(wait());
    restart();
    watcher_ = client();
    EXPECT_EQ(status().n_waiting, 0U);
    EXPECT_TRUE(status().broken);
}

TEST_F(ABarrier, IsRemovedFromUnderThoseWhoWait) {
    const auto waiting = first_.request(wait());
    first_.call(proto::object::Remove{.name = "start"});
    EXPECT_EQ(first_.refusal_of(waiting), Errc::object_removed);
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
