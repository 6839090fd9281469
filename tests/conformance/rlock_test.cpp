#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::rlock_test {
namespace {

using proto::rlock::Acquire;
using proto::rlock::Holding;
using proto::rlock::Open;
using proto::rlock::Release;

class AnRLock : public Conformance {
  protected:
    std::uint64_t open(Client& client) { return client.call(Open{.open = named("lock", 0604)}).object; }
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

INSTANTIATE_TEST_SUITE_P(, AnRLock, every_way(), name_of_way);

TEST_P(AnRLock, IsAcquiredAgainByItsOwner) {
    const auto once = first_.call(acquire());
    const auto twice = first_.call(acquire());
    EXPECT_EQ(once.count, 1U);
    EXPECT_EQ(twice.count, 2U);
    EXPECT_EQ(twice.token, once.token) << "it is one hold";
    EXPECT_EQ(first_.call(acquire(at_once)).count, 3U);
    EXPECT_EQ(first_.call(release()).count, 2U);
    EXPECT_EQ(first_.call(release()).count, 1U);
    EXPECT_FALSE(second_.call(acquire(at_once)).acquired);
    EXPECT_EQ(first_.call(release()).count, 0U);
    const auto other = second_.call(acquire(at_once));
    EXPECT_TRUE(other.acquired);
    EXPECT_EQ(other.count, 1U);
    EXPECT_GT(other.token, once.token);
}

TEST_P(AnRLock, IsAcquiredAgainThoughOthersWait) {
    first_.call(acquire());
    const auto waiting = second_.request(acquire());
    EXPECT_EQ(first_.call(acquire()).count, 2U);
    EXPECT_EQ(first_.call(release()).count, 1U);
    EXPECT_TRUE(second_.waits(waiting));
    EXPECT_EQ(first_.call(release()).count, 0U);
    EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
    EXPECT_EQ(second_.call(holding()).count, 1U);
    EXPECT_EQ(second_.call(acquire()).count, 2U);
}

TEST_P(AnRLock, BelongsToAThread) {
    first_.call(acquire());
    EXPECT_FALSE(first_.call(acquire(at_once, 2)).acquired);
    EXPECT_EQ(first_.refusal(release(2)), Errc::not_owner);
    EXPECT_EQ(second_.refusal(release()), Errc::not_owner);
    EXPECT_EQ(first_.refusal(release()), std::nullopt);
    EXPECT_EQ(first_.refusal(release()), Errc::not_owner);
}

TEST_P(AnRLock, TellsHowOftenItIsHeld) {
    EXPECT_FALSE(first_.call(holding()).locked);
    EXPECT_EQ(first_.call(holding()).count, 0U);
    const auto token = first_.call(acquire()).token;
    first_.call(acquire());
    EXPECT_TRUE(first_.call(holding()).locked);
    EXPECT_EQ(first_.call(holding()).count, 2U);
    EXPECT_EQ(first_.call(holding()).token, token);
    for (const auto& others : {second_.call(holding()), first_.call(holding(2))}) {
        EXPECT_TRUE(others.locked);
        EXPECT_EQ(others.count, 0U);
        EXPECT_EQ(others.token, std::nullopt);
    }
}

TEST_P(AnRLock, IsWaitedForInTheOrderOfComing) {
    auto third = client();
    open(third);
    first_.call(acquire());
    const auto second = second_.request(acquire());
    const auto last = third.request(acquire());
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Acquire>(second).acquired);
    EXPECT_TRUE(third.waits(last));
    second_.call(release());
    EXPECT_TRUE(third.result_of<Acquire>(last).acquired);
}

TEST_P(AnRLock, IsNotGivenToOneWhoseTimeIsOver) {
    first_.call(acquire());
    const auto waiting = second_.request(acquire(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(second_.result_of<Acquire>(waiting).acquired);
    first_.call(release());
    EXPECT_FALSE(first_.call(holding()).locked);
}

TEST_P(AnRLock, IsFreeWithAllItsLevelsWhenItsOwnerDies) {
    auto victim = path_.victim_that([&](Client& process) {
        open(process);
        process.call(acquire());
        process.call(acquire());
    });
    const auto waiting = second_.request(acquire());
    EXPECT_TRUE(second_.waits(waiting));
    victim.dies();
    const auto result = second_.result_of<Acquire>(waiting);
    EXPECT_TRUE(result.acquired);
    EXPECT_EQ(result.count, 1U);
    EXPECT_TRUE(result.abandoned);
    EXPECT_EQ(second_.call(release()).count, 0U);
    EXPECT_EQ(first_.call(acquire()).abandoned, std::nullopt) << "it is told once";
}

TEST_P(AnRLock, IsAbandonedByAThreadThatEnds) {
    first_.call(acquire(std::nullopt, 2));
    first_.call(acquire(std::nullopt, 2));
    first_.end_thread(2);
    const auto taken = second_.call(acquire(in_an_hour_ns));
    EXPECT_EQ(taken.count, 1U);
    EXPECT_TRUE(taken.abandoned);
}

TEST_P(AnRLock, IsGivenBackAndNotAbandonedByASessionThatCloses) {
    first_.call(acquire());
    first_.call(acquire());
    const auto waiting = second_.request(acquire());
    first_.close();
    const auto taken = second_.result_of<Acquire>(waiting);
    EXPECT_TRUE(taken.acquired);
    EXPECT_FALSE(taken.abandoned);
}

TEST_P(AnRLock, IsNotHeldUpByAWaiterThatDies) {
    first_.call(acquire());
    auto victim = path_.victim_that_waits(lock_, [&](Client& process) {
        open(process);
        process.request(acquire());
    });
    const auto waiting = second_.request(acquire());
    victim.dies();
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
}

TEST_P(AnRLock, IsTakenFromItsHolderByBreak) {
    first_.call(acquire(at_once, 4));
    first_.call(acquire(at_once, 4));
    const auto broken = second_.call(proto::object::Break{.name = "lock"});
    ASSERT_EQ(broken.holders.size(), 1U);
    EXPECT_EQ(broken.holders[0].session, first_.session());
    EXPECT_EQ(broken.holders[0].thread, first_.thread(4));
    EXPECT_EQ(broken.holders[0].amount, 2U);
    EXPECT_EQ(first_.refusal(release(4)), Errc::not_owner);
    EXPECT_EQ(first_.call(holding(4)).count, 0U);
    EXPECT_TRUE(second_.call(acquire(at_once)).acquired);
}

TEST_P(AnRLock, IsRemovedFromUnderThoseWhoWait) {
    first_.call(acquire());
    const auto waiting = second_.request(acquire());
    remove("lock");
    EXPECT_EQ(second_.refusal_of<Acquire>(waiting), Errc::object_removed);
    EXPECT_EQ(first_.refusal(release()), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(acquire(at_once)), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(holding()), Errc::no_such_object);
}

TEST_P(AnRLock, IsUsedWithoutTheDaemonWhereMemoryIsShared) {
    expect_no_request_where_memory_is_shared(first_, [&] {
        first_.call(acquire());
        first_.call(acquire(at_once));
        EXPECT_EQ(first_.call(holding()).count, 2U);
        first_.call(release());
        EXPECT_EQ(first_.call(release()).count, 0U);
    });
}

TEST_P(AnRLock, RefusesObjectsThatAreNone) {
    const auto event = first_.call(proto::event::Open{.open = named("event")}).object;
    EXPECT_EQ(first_.refusal(Acquire{.object = event, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Release{.object = event}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Holding{.object = event}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Open{.open = named("event")}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Acquire{.object = 99, .where = {}}), Errc::no_such_object);
}

TEST_P(AnRLock, IsUsedByWhoMayWriteAndSeenByWhoMayRead) {
    expect_of_stranger({Errc::no_permission, Errc::no_permission, std::nullopt}, [&](Client& stranger) {
        open(stranger);
        return Path::Refusals{stranger.refusal(acquire(at_once)), stranger.refusal(release()),
                              stranger.refusal(holding())};
    });
}

TEST_P(AnRLock, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Holding{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::rlock_test
