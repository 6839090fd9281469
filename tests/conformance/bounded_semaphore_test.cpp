#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::bounded_semaphore_test {
namespace {

using proto::bounded_semaphore::Acquire;
using proto::bounded_semaphore::Open;
using proto::bounded_semaphore::Release;
using proto::bounded_semaphore::Value;

class ABoundedSemaphore : public Conformance {
  protected:
    std::uint64_t open(Client& client, bool recover) {
        return client.call(Open{.open = named("slots", 0604), .permits = 2, .recover = recover}).object;
    }
    /// Makes one of two permits, and lets all who are there know it.
    void make(bool recover) {
        slots_ = open(first_, recover);
        open(second_, recover);
    }
    Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = slots_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }
    Release release(std::int64_t permits = 1) const { return {.object = slots_, .thread = 1, .permits = permits}; }
    Value value() const { return {.object = slots_}; }
    std::int64_t permits() { return first_.call(value()).permits; }
    Victim victim_that_took_both(bool recover) {
        return path_.victim_that([=, this](Client& process) {
            open(process, recover);
            process.call(acquire());
            process.call(acquire());
        });
    }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t slots_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, ABoundedSemaphore, every_way(), name_of_way);

TEST_P(ABoundedSemaphore, GivesItsPermitsOutAndTakesThemBack) {
    for (const bool recover : {false, true}) {
        make(recover);
        EXPECT_EQ(first_.call(value()).bound, 2);
        EXPECT_EQ(first_.call(value()).recover, recover);
        EXPECT_TRUE(first_.call(acquire()).acquired);
        EXPECT_TRUE(first_.call(acquire(at_once)).acquired);
        EXPECT_EQ(permits(), 0);
        EXPECT_FALSE(second_.call(acquire(at_once)).acquired);
        const auto waiting = second_.request(acquire());
        first_.call(release());
        EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
        EXPECT_EQ(permits(), 0);
        remove("slots");
    }
}

TEST_P(ABoundedSemaphore, NeverHasMorePermitsThanAtFirst) {
    for (const bool recover : {false, true}) {
        make(recover);
        EXPECT_EQ(first_.refusal(release()), Errc::semaphore_overflow);
        first_.call(acquire());
        EXPECT_EQ(first_.refusal(release(2)), Errc::semaphore_overflow);
        EXPECT_EQ(first_.refusal(release(-1)), Errc::invalid_argument);
        EXPECT_EQ(permits(), 1) << "nothing was changed";
        first_.call(release());
        EXPECT_EQ(permits(), 2);
        remove("slots");
    }
}

TEST_P(ABoundedSemaphore, IsWaitedForInTheOrderOfComing) {
    make(false);
    auto third = client();
    open(third, false);
    first_.call(acquire());
    first_.call(acquire());
    const auto second = second_.request(acquire());
    const auto last = third.request(acquire(in_an_hour_ns));
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Acquire>(second).acquired);
    EXPECT_TRUE(third.waits(last));
    first_.call(release());
    EXPECT_TRUE(third.result_of<Acquire>(last).acquired);
}

TEST_P(ABoundedSemaphore, IsNotGivenToOneWhoseTimeIsOver) {
    make(false);
    first_.call(acquire());
    first_.call(acquire());
    const auto waiting = second_.request(acquire(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(second_.result_of<Acquire>(waiting).acquired);
    first_.call(release(2));
    EXPECT_EQ(permits(), 2);
}

TEST_P(ABoundedSemaphore, RecoversThePermitsOfTheDead) {
    make(true);
    auto victim = victim_that_took_both(true);
    const auto waiting = second_.request(acquire());
    EXPECT_TRUE(second_.waits(waiting));
    victim.dies();
    EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
    EXPECT_EQ(permits(), 1);
}

TEST_P(ABoundedSemaphore, LosesThemWhereItIsMadeNotToRecover) {
    make(false);
    auto victim = victim_that_took_both(false);
    EXPECT_EQ(permits(), 0);
    victim.dies();
    EXPECT_EQ(permits(), 0);
}

TEST_P(ABoundedSemaphore, LeavesThePermitsOfAThreadThatEndsToItsProcess) {
    make(true);
    second_.call(acquire(std::nullopt, 2));
    second_.end_thread(2);
    EXPECT_EQ(permits(), 1);
    second_.close();
    EXPECT_EQ(permits(), 2);
}

TEST_P(ABoundedSemaphore, IsOpenedAsItWasMade) {
    make(true);
    EXPECT_EQ(second_.refusal(Open{.open = named("slots"), .permits = 3}), Errc::wrong_options);
    EXPECT_EQ(second_.refusal(Open{.open = named("slots"), .permits = 2, .recover = false}), Errc::wrong_options);
    EXPECT_EQ(second_.refusal(Open{.open = named("new"), .permits = -1}), Errc::invalid_argument);
    EXPECT_EQ(second_.refusal(Open{.open = named("new"), .permits = std::int64_t{1} << 31}), Errc::semaphore_overflow);
}

TEST_P(ABoundedSemaphore, ThatRecoversRefusesAnAgentThatWouldWaitForItself) {
    make(true);
    first_.call(acquire());
    first_.call(acquire());
    EXPECT_EQ(first_.refusal(acquire()), Errc::deadlock);
    EXPECT_FALSE(first_.call(acquire(at_once)).acquired);
}

TEST_P(ABoundedSemaphore, IsNotHeldUpByAWaiterThatDies) {
    make(false);
    first_.call(acquire());
    first_.call(acquire());
    auto victim = path_.victim_that_waits(slots_, [&](Client& process) {
        open(process, false);
        process.request(acquire());
    });
    const auto waiting = second_.request(acquire());
    victim.dies();
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Acquire>(waiting).acquired);
    EXPECT_EQ(permits(), 0);
}

TEST_P(ABoundedSemaphore, IsRemovedFromUnderThoseWhoWait) {
    make(false);
    first_.call(acquire());
    first_.call(acquire());
    const auto waiting = second_.request(acquire());
    remove("slots");
    EXPECT_EQ(second_.refusal_of<Acquire>(waiting), Errc::object_removed);
    EXPECT_EQ(first_.refusal(acquire(at_once)), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(release()), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(value()), Errc::no_such_object);
}

TEST_P(ABoundedSemaphore, IsUsedWithoutTheDaemonWhereMemoryIsShared) {
    make(false);
    expect_no_request_where_memory_is_shared(first_, [&] {
        first_.call(acquire());
        first_.call(acquire(at_once));
        EXPECT_EQ(permits(), 0);
        first_.call(release(2));
    });
}

TEST_P(ABoundedSemaphore, RefusesObjectsThatAreNone) {
    const auto semaphore = first_.call(proto::semaphore::Open{.open = named("unbounded")}).object;
    EXPECT_EQ(first_.refusal(Acquire{.object = semaphore, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Release{.object = semaphore}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Value{.object = semaphore}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Value{.object = 99}), Errc::no_such_object);
}

TEST_P(ABoundedSemaphore, IsUsedByWhoMayWriteAndSeenByWhoMayRead) {
    make(false);
    expect_of_stranger({Errc::no_permission, Errc::no_permission, std::nullopt}, [&](Client& stranger) {
        open(stranger, false);
        return Path::Refusals{stranger.refusal(acquire(at_once)), stranger.refusal(release()),
                              stranger.refusal(value())};
    });
}

TEST_P(ABoundedSemaphore, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Value{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::bounded_semaphore_test
