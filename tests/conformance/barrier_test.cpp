#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::barrier_test {
namespace {

using proto::barrier::Abort;
using proto::barrier::Open;
using proto::barrier::Reset;
using proto::barrier::Status;
using proto::barrier::Wait;

class ABarrier : public Conformance {
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

INSTANTIATE_TEST_SUITE_P(, ABarrier, every_way(), name_of_way);

TEST_P(ABarrier, LetsAllGoOnTogetherInTheOrderOfTheirArrival) {
    const auto first = first_.request(wait());
    const auto second = second_.request(wait(in_an_hour_ns));
    EXPECT_TRUE(first_.waits(first));
    EXPECT_EQ(status().n_waiting, 2U);
    EXPECT_EQ(status().parties, 3);
    EXPECT_EQ(third_.call(wait()).index, 2U);
    const auto result = first_.result_of<Wait>(first);
    EXPECT_TRUE(result.passed);
    EXPECT_EQ(result.index, 0U);
    EXPECT_EQ(second_.result_of<Wait>(second).index, 1U);
    EXPECT_EQ(status().n_waiting, 0U);
}

TEST_P(ABarrier, IsUsedAgainAndAgain) {
    for (int round = 0; round < 3; ++round) {
        const auto first = first_.request(wait());
        const auto second = second_.request(wait());
        EXPECT_TRUE(third_.call(wait()).passed);
        EXPECT_TRUE(first_.result_of<Wait>(first).passed);
        EXPECT_TRUE(second_.result_of<Wait>(second).passed);
    }
}

TEST_P(ABarrier, LetsTheLastPassWhoDoesNotWait) {
    const auto first = first_.request(wait());
    const auto second = second_.request(wait());
    EXPECT_TRUE(third_.call(wait(at_once)).passed);
    EXPECT_TRUE(first_.result_of<Wait>(first).passed);
    EXPECT_TRUE(second_.result_of<Wait>(second).passed);
}

TEST_P(ABarrier, IsBrokenByOneWhoseTimeIsOver) {
    const auto patient = first_.request(wait());
    const auto hurried = second_.request(wait(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(second_.result_of<Wait>(hurried).passed);
    EXPECT_EQ(first_.refusal_of<Wait>(patient), Errc::broken_barrier);
    EXPECT_TRUE(status().broken);
    EXPECT_EQ(status().n_waiting, 0U);
    EXPECT_EQ(third_.refusal(wait()), Errc::broken_barrier);
}

TEST_P(ABarrier, IsBrokenByOneWhoDoesNotWait) {
    const auto patient = first_.request(wait());
    const auto hurried = second_.request(wait(at_once));
    path_.pass(at_once);
    EXPECT_FALSE(second_.result_of<Wait>(hurried).passed);
    EXPECT_EQ(first_.refusal_of<Wait>(patient), Errc::broken_barrier);
}

TEST_P(ABarrier, IsBrokenByOneWhoDiesWhileItWaits) {
    const auto patient = first_.request(wait());
    auto victim = path_.victim_that_waits(barrier_, [&](Client& process) { process.request(wait()); });
    EXPECT_EQ(status().n_waiting, 2U);
    victim.dies();
    EXPECT_EQ(first_.refusal_of<Wait>(patient), Errc::broken_barrier);
    EXPECT_TRUE(status().broken);
}

TEST_P(ABarrier, IsBrokenByOneWhoCancels) {
    const auto patient = first_.request(wait());
    const auto cancelled = second_.request(wait());
    second_.cancel(cancelled);
    EXPECT_EQ(second_.refusal_of<Wait>(cancelled), Errc::cancelled);
    EXPECT_EQ(first_.refusal_of<Wait>(patient), Errc::broken_barrier);
}

TEST_P(ABarrier, IsNotBrokenByOneWhoGoesBeforeItCame) {
    const auto first = first_.request(wait());
    third_.close();
    EXPECT_TRUE(first_.waits(first));
    EXPECT_FALSE(status().broken);
}

TEST_P(ABarrier, IsBrokenOnPurpose) {
    const auto waiting = first_.request(wait());
    second_.call(Abort{.object = barrier_});
    EXPECT_EQ(first_.refusal_of<Wait>(waiting), Errc::broken_barrier);
    EXPECT_EQ(third_.refusal(wait()), Errc::broken_barrier);
}

TEST_P(ABarrier, IsAsNewAfterAReset) {
    const auto waiting = first_.request(wait());
    second_.call(Reset{.object = barrier_});
    EXPECT_EQ(first_.refusal_of<Wait>(waiting), Errc::broken_barrier) << "as Python does";
    EXPECT_FALSE(status().broken);
    second_.call(Abort{.object = barrier_});
    EXPECT_TRUE(status().broken);
    second_.call(Reset{.object = barrier_});
    const auto first = first_.request(wait());
    const auto second = second_.request(wait());
    EXPECT_EQ(third_.call(wait()).index, 2U);
    EXPECT_TRUE(first_.result_of<Wait>(first).passed);
    EXPECT_TRUE(second_.result_of<Wait>(second).passed);
}

TEST_P(ABarrier, OfOneNeverWaits) {
    const auto single = first_.call(Open{.open = named("single"), .parties = 1}).object;
    EXPECT_EQ(first_.call(Wait{.object = single, .thread = 1, .where = {}}).index, 0U);
    EXPECT_TRUE(first_.call(Wait{.object = single, .thread = 1, .timeout_ns = at_once, .where = {}}).passed);
}

TEST_P(ABarrier, IsOpenedAsItWasMade) {
    EXPECT_EQ(second_.refusal(Open{.open = named("start"), .parties = 4}), Errc::wrong_options);
    EXPECT_EQ(second_.refusal(Open{.open = named("new"), .parties = 0}), Errc::invalid_argument);
    EXPECT_EQ(second_.refusal(Open{.open = named("new"), .parties = 65'536}), Errc::invalid_argument);
}

TEST_P(ABarrier, IsRemovedFromUnderThoseWhoWait) {
    const auto waiting = first_.request(wait());
    remove("start");
    EXPECT_EQ(first_.refusal_of<Wait>(waiting), Errc::object_removed);
    EXPECT_EQ(first_.refusal(wait()), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(Abort{.object = barrier_}), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(Reset{.object = barrier_}), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(Status{.object = barrier_}), Errc::no_such_object);
}

TEST_P(ABarrier, RefusesObjectsThatAreNone) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(first_.refusal(Wait{.object = lock, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Abort{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Reset{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Status{.object = lock}), Errc::wrong_type);
}

TEST_P(ABarrier, IsUsedByWhoMayWriteAndSeenByWhoMayRead) {
    expect_of_stranger(
        {Errc::no_permission, Errc::no_permission, Errc::no_permission, std::nullopt}, [&](Client& stranger) {
            return Path::Refusals{stranger.refusal(wait(at_once)), stranger.refusal(Abort{.object = barrier_}),
                                  stranger.refusal(Reset{.object = barrier_}),
                                  stranger.refusal(Status{.object = barrier_})};
        });
}

TEST_P(ABarrier, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Status{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::barrier_test
