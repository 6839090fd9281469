#include <limits>

#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::semaphore_test {
namespace {

using proto::semaphore::Acquire;
using proto::semaphore::Open;
using proto::semaphore::Release;
using proto::semaphore::Value;

constexpr std::int64_t most_permits = (std::int64_t{1} << 31) - 1;

class ASemaphore : public Conformance {
  protected:
    std::uint64_t open(Client& client, std::int64_t permits, bool recover = false) {
        return client.call(Open{.open = named("slots", 0604), .permits = permits, .recover = recover}).object;
    }
    /// Makes it, and lets all who are there know it.
    void make(std::int64_t permits, bool recover = false) {
        slots_ = open(first_, permits, recover);
        open(second_, permits, recover);
    }
    Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = slots_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }
    Release release(std::int64_t permits = 1, std::uint32_t thread = 1) const {
        return {.object = slots_, .thread = thread, .permits = permits};
    }
    std::int64_t permits() { return first_.call(Value{.object = slots_}).permits; }
    Victim victim_that_took(int permits, bool recover) {
        return path_.victim_that([=, this](Client& process) {
            open(process, 0, recover);
            for (int i = 0; i < permits; ++i)
                process.call(acquire());
        });
    }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t slots_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, ASemaphore, every_way(), name_of_way);

TEST_P(ASemaphore, GivesItsPermitsAndNotOneMore) {
    make(3);
    EXPECT_TRUE(first_.call(acquire(at_once)).acquired);
    EXPECT_TRUE(second_.call(acquire(in_an_hour_ns)).acquired);
    EXPECT_TRUE(second_.call(acquire()).acquired);
    EXPECT_FALSE(second_.call(acquire(at_once)).acquired);
    EXPECT_EQ(permits(), 0);
    first_.call(release());
    EXPECT_EQ(permits(), 1);
    second_.call(release(2));
    EXPECT_EQ(permits(), 3);
}

TEST_P(ASemaphore, MayBeginEmpty) {
    make(0);
    EXPECT_FALSE(first_.call(acquire(at_once)).acquired);
    second_.call(release());
    EXPECT_TRUE(first_.call(acquire(at_once)).acquired) << "anybody may release: it may be used as a signal";
}

TEST_P(ASemaphore, WakesWaitersInTheOrderOfTheirComingAsPermitsReturn) {
    make(0);
    auto third = client();
    open(third, 0);
    const auto first = first_.request(acquire());
    const auto second = second_.request(acquire(in_an_hour_ns));
    const auto last = third.request(acquire());
    EXPECT_TRUE(first_.waits(first));
    third.call(release(2, 2));
    EXPECT_TRUE(first_.result_of<Acquire>(first).acquired);
    EXPECT_TRUE(second_.result_of<Acquire>(second).acquired);
    EXPECT_TRUE(third.waits(last));
    EXPECT_EQ(permits(), 0);
    first_.call(release());
    EXPECT_TRUE(third.result_of<Acquire>(last).acquired);
}

TEST_P(ASemaphore, IsNotGivenToOneWhoseTimeIsOver) {
    make(0);
    const auto waiting = second_.request(acquire(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(second_.result_of<Acquire>(waiting).acquired);
    first_.call(release());
    EXPECT_EQ(permits(), 1);
}

TEST_P(ASemaphore, RefusesImpossibleNumbersOfPermits) {
    const auto refusal = [&](std::int64_t permits) {
        return first_.refusal(Open{.open = named("impossible"), .permits = permits});
    };
    EXPECT_EQ(refusal(-1), Errc::invalid_argument);
    EXPECT_EQ(refusal(std::numeric_limits<std::int64_t>::min()), Errc::invalid_argument);
    EXPECT_EQ(refusal(most_permits + 1), Errc::semaphore_overflow);
    EXPECT_EQ(first_.refusal(proto::object::Find{.name = "impossible"}), Errc::no_such_object);
    EXPECT_EQ(refusal(most_permits), std::nullopt);
}

TEST_P(ASemaphore, RefusesToReleaseANegativeNumberOrTooMany) {
    for (const bool recover : {false, true}) {
        make(1, recover);
        EXPECT_EQ(first_.refusal(release(-1)), Errc::invalid_argument);
        EXPECT_EQ(first_.refusal(release(most_permits)), Errc::semaphore_overflow);
        EXPECT_EQ(first_.refusal(release(std::numeric_limits<std::int64_t>::max())), Errc::semaphore_overflow);
        EXPECT_EQ(permits(), 1) << "nothing changed";
        EXPECT_EQ(first_.refusal(release(most_permits - 1)), std::nullopt);
        EXPECT_EQ(permits(), most_permits);
        remove("slots");
    }
}

TEST_P(ASemaphore, ReleasesNothingWhereToldZero) {
    make(1);
    first_.call(release(0));
    EXPECT_EQ(permits(), 1);
}

TEST_P(ASemaphore, CountsInitialPermitsOnlyWhereItIsMade) {
    make(3);
    make(7);
    EXPECT_EQ(permits(), 3);
}

TEST_P(ASemaphore, IsOpenedWithItsOptionsOnly) {
    make(1, true);
    EXPECT_EQ(second_.refusal(Open{.open = named("slots"), .recover = false}), Errc::wrong_options);
    EXPECT_EQ(second_.refusal(Open{.open = named("slots"), .recover = true}), std::nullopt);
    EXPECT_TRUE(first_.call(Value{.object = slots_}).recover);
}

TEST_P(ASemaphore, LosesThePermitsOfTheDead) {
    make(3);
    auto victim = victim_that_took(2, false);
    EXPECT_EQ(permits(), 1);
    victim.dies();
    EXPECT_EQ(permits(), 1);
}

TEST_P(ASemaphore, LosesThePermitsOfASessionThatCloses) {
    make(2);
    second_.call(acquire());
    second_.close();
    EXPECT_EQ(permits(), 1);
}

TEST_P(ASemaphore, GetsThePermitsOfTheDeadBackWhereItRecovers) {
    make(3, true);
    auto victim = victim_that_took(3, true);
    const auto waiting = first_.request(acquire());
    EXPECT_TRUE(first_.waits(waiting));
    victim.dies();
    EXPECT_TRUE(first_.result_of<Acquire>(waiting).acquired);
    EXPECT_EQ(permits(), 2);
}

TEST_P(ASemaphore, ThatRecoversTakesBackOnlyWhatIsStillHeld) {
    make(3, true);
    auto victim = path_.victim_that([&](Client& process) {
        open(process, 0, true);
        process.call(acquire());
        process.call(acquire());
        process.call(release());
    });
    victim.dies();
    EXPECT_EQ(permits(), 3);
}

TEST_P(ASemaphore, ThatRecoversLetsASessionReleaseWhatAnotherThreadOfItTook) {
    make(1, true);
    second_.call(acquire(at_once, 1));
    second_.call(release(1, 2));
    second_.close();
    EXPECT_EQ(permits(), 1) << "not two: the permit was not held any longer";
}

TEST_P(ASemaphore, ThatRecoversMakesNewPermitsOfWhatIsNotHeld) {
    make(1, true);
    first_.call(release());
    EXPECT_EQ(permits(), 2);
}

TEST_P(ASemaphore, ThatRecoversRefusesAnAgentThatWouldWaitForItself) {
    make(1, true);
    first_.call(acquire());
    EXPECT_EQ(first_.refusal(acquire()), Errc::deadlock);
    EXPECT_FALSE(first_.call(acquire(at_once)).acquired);
}

TEST_P(ASemaphore, ThatRecoversIsBroken) {
    make(2, true);
    second_.call(acquire());
    second_.call(acquire());
    EXPECT_EQ(first_.call(proto::object::Break{.name = "slots"}).holders.size(), 1U);
    EXPECT_EQ(permits(), 2);
}

TEST_P(ASemaphore, IsNotHeldUpByAWaiterThatDies) {
    make(0);
    auto victim = path_.victim_that_waits(slots_, [&](Client& process) {
        open(process, 0);
        process.request(acquire());
    });
    const auto waiting = second_.request(acquire());
    victim.dies();
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
    EXPECT_EQ(permits(), 0);
}

TEST_P(ASemaphore, IsRemovedFromUnderThoseWhoWait) {
    make(0);
    const auto waiting = second_.request(acquire());
    remove("slots");
    EXPECT_EQ(second_.refusal_of<Acquire>(waiting), Errc::object_removed);
    EXPECT_EQ(first_.refusal(acquire(at_once)), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(release()), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(Value{.object = slots_}), Errc::no_such_object);
}

TEST_P(ASemaphore, IsUsedWithoutTheDaemonWhereMemoryIsShared) {
    make(2);
    expect_no_request_where_memory_is_shared(first_, [&] {
        first_.call(acquire());
        first_.call(acquire(at_once));
        EXPECT_EQ(permits(), 0);
        EXPECT_FALSE(first_.call(acquire(at_once)).acquired);
        first_.call(release(2));
        EXPECT_EQ(permits(), 2);
    });
}

TEST_P(ASemaphore, RefusesObjectsThatAreNone) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(first_.refusal(Acquire{.object = lock, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Release{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Value{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Value{.object = 99}), Errc::no_such_object);
}

TEST_P(ASemaphore, IsUsedByWhoMayWriteAndSeenByWhoMayRead) {
    make(1);
    expect_of_stranger({Errc::no_permission, Errc::no_permission, std::nullopt}, [&](Client& stranger) {
        open(stranger, 1);
        return Path::Refusals{stranger.refusal(acquire(at_once)), stranger.refusal(release()),
                              stranger.refusal(Value{.object = slots_})};
    });
}

TEST_P(ASemaphore, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Value{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::semaphore_test
