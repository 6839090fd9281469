#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::lock_test {
namespace {

using proto::lock::Acquire;
using proto::lock::Holding;
using proto::lock::Open;
using proto::lock::Release;

class ALock : public Conformance {
  protected:
    std::uint64_t open(Client& client, bool transferable = false) {
        return client.call(Open{.open = named("lock", 0604), .transferable = transferable}).object;
    }
    Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = lock_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }
    Release release(std::uint32_t thread = 1) const { return {.object = lock_, .thread = thread}; }
    Holding holding(std::uint32_t thread = 1) const { return {.object = lock_, .thread = thread}; }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t lock_ = open(first_);
    std::uint64_t same_ = open(second_);
};

INSTANTIATE_TEST_SUITE_P(, ALock, every_way(), name_of_way);

TEST_P(ALock, IsOneForAllWhoOpenIt) {
    EXPECT_EQ(same_, lock_);
    EXPECT_FALSE(second_.call(Open{.open = named("lock")}).created);
    EXPECT_TRUE(second_.call(Open{.open = named("another")}).created);
}

TEST_P(ALock, IsOpenedWithTheOptionsThatItHasOnly) {
    EXPECT_EQ(second_.refusal(Open{.open = named("lock"), .transferable = true}), Errc::wrong_options);
    EXPECT_EQ(second_.refusal(Open{.open = named("lock"), .fair = true}), Errc::wrong_options);
}

TEST_P(ALock, IsTakenAndGivenBack) {
    EXPECT_FALSE(first_.call(holding()).locked);
    const auto taken = first_.call(acquire());
    EXPECT_TRUE(taken.acquired);
    EXPECT_FALSE(taken.abandoned);
    EXPECT_TRUE(first_.call(holding()).locked);
    EXPECT_EQ(first_.call(holding()).token, taken.token);
    first_.call(release());
    EXPECT_FALSE(first_.call(holding()).locked);
    EXPECT_EQ(first_.call(holding()).token, std::nullopt);
}

TEST_P(ALock, IsOneHoldersAtATime) {
    EXPECT_TRUE(first_.call(acquire(at_once)).acquired);
    EXPECT_FALSE(second_.call(acquire(at_once)).acquired);
    EXPECT_TRUE(second_.call(holding()).locked);
    EXPECT_EQ(second_.call(holding()).token, std::nullopt);
    first_.call(release());
    EXPECT_TRUE(second_.call(acquire(at_once)).acquired);
    EXPECT_FALSE(first_.call(acquire(at_once)).acquired);
}

TEST_P(ALock, BelongsToAThread) {
    first_.call(acquire(at_once, 1));
    EXPECT_EQ(first_.call(holding(2)).token, std::nullopt);
    EXPECT_TRUE(first_.call(holding(2)).locked);
    EXPECT_FALSE(first_.call(acquire(at_once, 2)).acquired);
    EXPECT_EQ(first_.refusal(release(2)), Errc::not_owner);
    EXPECT_EQ(second_.refusal(release(1)), Errc::not_owner);
    EXPECT_EQ(first_.refusal(release(1)), std::nullopt);
}

TEST_P(ALock, IsNotGivenBackTwice) {
    EXPECT_EQ(first_.refusal(release()), Errc::not_owner);
    first_.call(acquire());
    first_.call(release());
    EXPECT_EQ(first_.refusal(release()), Errc::not_owner);
}

TEST_P(ALock, ThatIsTransferableIsGivenBackByAnybody) {
    remove("lock");
    lock_ = open(first_, true);
    open(second_, true);
    first_.call(acquire());
    EXPECT_EQ(second_.refusal(release(2)), std::nullopt);
    EXPECT_FALSE(first_.call(holding()).locked);
    EXPECT_EQ(second_.refusal(release(2)), Errc::not_owner) << "nobody holds it";
}

TEST_P(ALock, ThatIsFairGoesToNobodyBeforeThoseWhoWait) {
    lock_ = first_.call(Open{.open = named("fair"), .fair = true}).object;
    second_.call(Open{.open = named("fair"), .fair = true});
    EXPECT_TRUE(first_.call(acquire(at_once)).acquired);
    const auto waiting = second_.request(acquire());
    EXPECT_TRUE(second_.waits(waiting));
    first_.call(release());
    EXPECT_FALSE(first_.call(acquire(at_once)).acquired);
    EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
    second_.call(release());
    EXPECT_TRUE(first_.call(acquire()).acquired);
}

TEST_P(ALock, IsWaitedForInTheOrderOfComing) {
    auto third = client();
    open(third);
    first_.call(acquire());
    const auto second = second_.request(acquire());
    const auto last = third.request(acquire(in_an_hour_ns));
    EXPECT_TRUE(second_.waits(second));
    EXPECT_TRUE(third.waits(last));
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Acquire>(second).acquired);
    EXPECT_TRUE(third.waits(last));
    second_.call(release());
    EXPECT_TRUE(third.result_of<Acquire>(last).acquired);
}

TEST_P(ALock, IsNotGivenToOneWhoseTimeIsOver) {
    first_.call(acquire());
    const auto waiting = second_.request(acquire(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(second_.result_of<Acquire>(waiting).acquired);
    first_.call(release());
    EXPECT_FALSE(first_.call(holding()).locked);
}

TEST_P(ALock, IsNotGivenToOneWhoGoesWhileItWaits) {
    first_.call(acquire());
    const auto others = second_.request(acquire(in_an_hour_ns));
    EXPECT_TRUE(second_.waits(others));
    second_.close();
    first_.call(release());
    EXPECT_FALSE(first_.call(holding()).locked);
}

TEST_P(ALock, RefusesToWaitForItselfForEver) {
    first_.call(acquire());
    EXPECT_EQ(first_.refusal(acquire()), Errc::deadlock);
    EXPECT_FALSE(first_.call(acquire(at_once)).acquired) << "with a time-out it is only a time-out";
    EXPECT_TRUE(first_.waits(first_.request(acquire(std::nullopt, 2))));
    first_.call(release());
}

TEST_P(ALock, GivesATokenThatGrowsWithEveryOwner) {
    std::uint64_t last = 0;
    for (int i = 0; i < 6; ++i) {
        auto& owner = i % 2 == 0 ? first_ : second_;
        const auto token = owner.call(acquire()).token;
        EXPECT_GT(token, last);
        last = token;
        owner.call(release());
    }
}

TEST_P(ALock, GivesNoTokenTwiceThoughItIsRemovedAndMadeAgain) {
    const auto token = first_.call(acquire()).token;
    remove("lock");
    lock_ = open(second_);
    EXPECT_GT(second_.call(acquire()).token, token);
}

TEST_P(ALock, GoesToTheNextWithTheRecordOfWhoDied) {
    auto victim = path_.victim_that([&](Client& process) {
        open(process);
        process.call(acquire());
    });
    EXPECT_TRUE(first_.call(holding()).locked);
    const auto waiting = second_.request(acquire());
    EXPECT_TRUE(second_.waits(waiting));
    victim.dies();
    const auto taken = second_.result_of<Acquire>(waiting);
    EXPECT_TRUE(taken.acquired);
    ASSERT_TRUE(taken.abandoned);
    EXPECT_GT(taken.abandoned->pid, 0);
    EXPECT_GT(taken.abandoned->when_ns, 0);
    EXPECT_FALSE(taken.abandoned->command.empty());
}

TEST_P(ALock, TellsOfADeathOnce) {
    auto victim = path_.victim_that([&](Client& process) {
        open(process);
        process.call(acquire());
    });
    victim.dies();
    EXPECT_FALSE(first_.call(holding()).locked);
    EXPECT_TRUE(first_.call(acquire()).abandoned);
    first_.call(release());
    EXPECT_FALSE(second_.call(acquire()).abandoned);
}

TEST_P(ALock, IsAbandonedByAThreadThatEnds) {
    first_.call(acquire(std::nullopt, 2));
    first_.end_thread(2);
    const auto taken = second_.call(acquire(in_an_hour_ns));
    EXPECT_TRUE(taken.acquired);
    EXPECT_TRUE(taken.abandoned);
}

TEST_P(ALock, IsGivenBackAndNotAbandonedByASessionThatCloses) {
    first_.call(acquire());
    const auto waiting = second_.request(acquire());
    first_.close();
    const auto taken = second_.result_of<Acquire>(waiting);
    EXPECT_TRUE(taken.acquired);
    EXPECT_FALSE(taken.abandoned);
}

TEST_P(ALock, IsNotHeldUpByAWaiterThatDies) {
    first_.call(acquire());
    auto victim = path_.victim_that_waits(lock_, [&](Client& process) {
        open(process);
        process.request(acquire());
    });
    const auto waiting = second_.request(acquire());
    victim.dies();
    EXPECT_TRUE(second_.waits(waiting));
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
}

TEST_P(ALock, IsTakenFromItsHolderByBreak) {
    first_.call(acquire(at_once, 4));
    const auto waiting = second_.request(acquire());
    const auto broken = first_.call(proto::object::Break{.name = "lock"});
    ASSERT_EQ(broken.holders.size(), 1U);
    EXPECT_EQ(broken.holders[0].session, first_.session());
    EXPECT_EQ(broken.holders[0].thread, first_.thread(4));
    EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
    EXPECT_EQ(first_.refusal(release(4)), Errc::not_owner);
    EXPECT_EQ(first_.call(proto::object::Break{.name = "lock"}).holders.size(), 1U);
    EXPECT_TRUE(first_.call(proto::object::Break{.name = "lock"}).holders.empty());
}

TEST_P(ALock, IsRemovedFromUnderThoseWhoWait) {
    first_.call(acquire());
    const auto waiting = second_.request(acquire());
    remove("lock");
    EXPECT_EQ(second_.refusal_of<Acquire>(waiting), Errc::object_removed);
    EXPECT_EQ(first_.refusal(release()), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(acquire(at_once)), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(holding()), Errc::no_such_object);
}

TEST_P(ALock, IsUsedWithoutTheDaemonWhereMemoryIsShared) {
    expect_no_request_where_memory_is_shared(first_, [&] {
        first_.call(acquire());
        EXPECT_TRUE(first_.call(holding()).token);
        first_.call(release());
        first_.call(acquire(at_once));
        first_.call(release());
        first_.call(acquire(in_an_hour_ns));
        first_.call(release());
    });
}

TEST_P(ALock, RefusesObjectsThatAreNone) {
    const auto value = first_.call(proto::value::Open{.open = named("value")}).object;
    EXPECT_EQ(first_.refusal(Acquire{.object = value, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Release{.object = value}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Holding{.object = value}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Open{.open = named("value")}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Acquire{.object = 99, .where = {}}), Errc::no_such_object);
}

TEST_P(ALock, IsUsedByWhoMayWriteAndSeenByWhoMayRead) {
    expect_of_stranger({Errc::no_permission, Errc::no_permission, std::nullopt}, [&](Client& stranger) {
        open(stranger);
        return Path::Refusals{stranger.refusal(acquire(at_once)), stranger.refusal(release()),
                              stranger.refusal(holding())};
    });
}

TEST_P(ALock, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Holding{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::lock_test
