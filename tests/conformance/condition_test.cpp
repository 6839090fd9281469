#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::condition_test {
namespace {

using proto::ObjectType;
using proto::condition::Notify;
using proto::condition::NotifyAll;
using proto::condition::Open;
using proto::condition::Status;
using proto::condition::Wait;
using proto::rlock::Acquire;
using proto::rlock::Holding;
using proto::rlock::Release;

class ACondition : public Conformance {
  protected:
    Open::Result open(Client& client) { return client.call(Open{.open = named("ready", 0604), .lock = {}}); }
    Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = opened_.lock, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    Release release() const { return {.object = opened_.lock, .thread = 1}; }
    std::uint64_t levels(Client& client) const {
        return client.call(Holding{.object = opened_.lock, .thread = 1}).count;
    }
    Wait wait(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = opened_.object, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    Notify notify(std::uint64_t count = 1) const { return {.object = opened_.object, .thread = 1, .count = count}; }
    NotifyAll notify_all() const { return {.object = opened_.object, .thread = 1}; }
    std::uint64_t begin_to_wait(Client& client, std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        client.call(acquire());
        return client.request(wait(timeout_ns));
    }
    Victim victim_that_waits() {
        return path_.victim_that_waits(opened_.object, [&](Client& process) {
            open(process);
            begin_to_wait(process);
        });
    }

    Client first_ = client();
    Client second_ = client();
    Client third_ = client();
    Open::Result opened_ = open(first_);
    Open::Result same_for_second_ = open(second_);
    Open::Result same_for_third_ = open(third_);
};

INSTANTIATE_TEST_SUITE_P(, ACondition, every_way(), name_of_way);

TEST_P(ACondition, HasAnRLockOfItsOwn) {
    EXPECT_EQ(opened_.lock_type, ObjectType::rlock);
    EXPECT_EQ(same_for_second_.object, opened_.object);
    EXPECT_EQ(same_for_second_.lock, opened_.lock);
    EXPECT_TRUE(opened_.created);
    EXPECT_FALSE(same_for_second_.created);
    EXPECT_TRUE(second_.call(acquire(at_once)).acquired);
}

TEST_P(ACondition, GivesTheLockUpWhileOneWaitsAndBackToHim) {
    const auto waiting = begin_to_wait(first_);
    ASSERT_TRUE(second_.call(acquire(in_an_hour_ns)).acquired) << "the lock is free while the first waits";
    EXPECT_EQ(second_.call(notify()).woken, 1U);
    EXPECT_TRUE(first_.waits(waiting)) << "the notifier has the lock still";
    second_.call(release());
    const auto result = first_.result_of<Wait>(waiting);
    EXPECT_TRUE(result.notified);
    EXPECT_GT(result.token, 0U);
    EXPECT_FALSE(second_.call(acquire(at_once)).acquired);
    EXPECT_EQ(levels(first_), 1U);
    first_.call(release());
    EXPECT_TRUE(second_.call(acquire(in_an_hour_ns)).acquired);
}

TEST_P(ACondition, GivesUpAllLevelsAndTakesThemBack) {
    first_.call(acquire());
    const auto waiting = begin_to_wait(first_);
    ASSERT_TRUE(second_.call(acquire(in_an_hour_ns)).acquired);
    second_.call(notify());
    second_.call(release());
    ASSERT_TRUE(first_.result_of<Wait>(waiting).notified);
    EXPECT_EQ(levels(first_), 2U);
    EXPECT_EQ(first_.call(release()).count, 1U);
    EXPECT_FALSE(second_.call(acquire(at_once)).acquired);
    EXPECT_EQ(first_.call(release()).count, 0U);
    EXPECT_TRUE(second_.call(acquire(in_an_hour_ns)).acquired);
}

TEST_P(ACondition, TakesTheLockBackAlsoWhenTheTimeIsOver) {
    first_.call(acquire());
    const auto waiting = begin_to_wait(first_, soon_ns);
    path_.pass(soon_ns);
    EXPECT_FALSE(first_.result_of<Wait>(waiting).notified);
    EXPECT_EQ(levels(first_), 2U);
}

TEST_P(ACondition, WaitsForTheLockWhenTheTimeIsOverAndAnotherHasIt) {
    first_.call(acquire());
    const auto lock = second_.request(acquire());
    EXPECT_TRUE(second_.waits(lock));
    const auto waiting = first_.request(wait(at_once));
    EXPECT_TRUE(second_.result_of<Acquire>(lock).acquired) << "others have the lock even where nobody waits for long";
    path_.pass(at_once);
    EXPECT_TRUE(first_.waits(waiting));
    second_.call(release());
    EXPECT_FALSE(first_.result_of<Wait>(waiting).notified);
    EXPECT_EQ(levels(first_), 1U);
}

TEST_P(ACondition, WakesSoManyInTheOrderOfTheirComing) {
    const auto first = begin_to_wait(first_);
    const auto second = begin_to_wait(second_);
    const auto third = begin_to_wait(third_);
    auto notifier = client();
    open(notifier);
    notifier.call(acquire());
    EXPECT_EQ(notifier.call(notify(2)).woken, 2U);
    notifier.call(release());
    EXPECT_TRUE(first_.result_of<Wait>(first).notified);
    EXPECT_TRUE(second_.waits(second)) << "one at a time has the lock";
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Wait>(second).notified);
    second_.call(release());
    EXPECT_TRUE(third_.waits(third));
    notifier.call(acquire());
    EXPECT_EQ(notifier.call(notify(5)).woken, 1U);
    EXPECT_EQ(notifier.call(notify()).woken, 0U);
    notifier.call(release());
    EXPECT_TRUE(third_.result_of<Wait>(third).notified);
}

TEST_P(ACondition, WakesAll) {
    const auto first = begin_to_wait(first_);
    const auto second = begin_to_wait(second_);
    third_.call(acquire());
    EXPECT_EQ(third_.call(notify_all()).woken, 2U);
    EXPECT_EQ(third_.call(notify_all()).woken, 0U);
    third_.call(release());
    EXPECT_TRUE(first_.result_of<Wait>(first).notified);
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Wait>(second).notified);
}

TEST_P(ACondition, DoesNotLoseANotificationOfOneThatDies) {
    auto victim = victim_that_waits();
    const auto second = begin_to_wait(second_);
    third_.call(acquire());
    EXPECT_EQ(third_.call(notify()).woken, 1U);
    EXPECT_TRUE(second_.waits(second));
    victim.dies();
    third_.call(release());
    EXPECT_TRUE(second_.result_of<Wait>(second).notified);
}

TEST_P(ACondition, DoesNotLoseANotificationOfOneThatCancels) {
    const auto first = begin_to_wait(first_);
    const auto second = begin_to_wait(second_);
    third_.call(acquire());
    third_.call(notify());
    first_.cancel(first);
    EXPECT_EQ(first_.refusal_of<Wait>(first), Errc::cancelled);
    third_.call(release());
    EXPECT_TRUE(second_.result_of<Wait>(second).notified);
}

TEST_P(ACondition, IsNotNotifiedByTheDeathOfOneThatWaits) {
    auto victim = victim_that_waits();
    const auto second = begin_to_wait(second_);
    victim.dies();
    EXPECT_TRUE(second_.waits(second));
    EXPECT_TRUE(third_.call(acquire(in_an_hour_ns)).acquired);
}

TEST_P(ACondition, TellsWhoDiedHoldingTheLockMeanwhile) {
    const auto waiting = begin_to_wait(first_);
    auto victim = path_.victim_that([&](Client& process) {
        open(process);
        process.call(acquire());
        process.call(notify());
    });
    EXPECT_TRUE(first_.waits(waiting));
    victim.dies();
    const auto result = first_.result_of<Wait>(waiting);
    EXPECT_TRUE(result.notified);
    EXPECT_TRUE(result.abandoned);
}

TEST_P(ACondition, IsUsedByWhoHoldsTheLockOnly) {
    EXPECT_EQ(first_.refusal(wait()), Errc::not_owner);
    second_.call(acquire());
    EXPECT_EQ(first_.refusal(wait()), Errc::not_owner);
    EXPECT_EQ(first_.refusal(notify()), Errc::not_owner);
    EXPECT_EQ(first_.refusal(notify_all()), Errc::not_owner);
}

TEST_P(ACondition, IsMadeOnALockThatIsThere) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    second_.call(proto::lock::Open{.open = named("lock")});
    const auto made = first_.call(Open{.open = named("on a lock"), .lock = lock});
    EXPECT_EQ(made.lock, lock);
    EXPECT_EQ(made.lock_type, ObjectType::lock);
    first_.call(proto::lock::Acquire{.object = lock, .thread = 1, .where = {}});
    const auto waiting = first_.request(Wait{.object = made.object, .thread = 1, .where = {}});
    EXPECT_TRUE(first_.waits(waiting));
    second_.call(proto::lock::Acquire{.object = lock, .thread = 1, .where = {}});
    EXPECT_EQ(second_.call(Notify{.object = made.object, .thread = 1}).woken, 1U);
    second_.call(proto::lock::Release{.object = lock, .thread = 1});
    EXPECT_TRUE(first_.result_of<Wait>(waiting).notified);
    EXPECT_TRUE(first_.call(proto::lock::Holding{.object = lock, .thread = 1}).token);
    EXPECT_EQ(second_.refusal(Open{.open = named("on a lock"), .lock = {}}), Errc::wrong_options);
    EXPECT_EQ(second_.refusal(Open{.open = named("ready"), .lock = lock}), Errc::wrong_options);
}

TEST_P(ACondition, RefusesLocksThatItCannotUse) {
    const auto event = first_.call(proto::event::Open{.open = named("event")}).object;
    EXPECT_EQ(first_.refusal(Open{.open = named("new"), .lock = event}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Open{.open = named("new"), .lock = 99}), Errc::no_such_object);
}

TEST_P(ACondition, TellsItsLock) {
    const auto own = second_.call(Status{.object = opened_.object});
    EXPECT_EQ(own.lock, opened_.lock);
    EXPECT_EQ(own.lock_type, ObjectType::rlock);
    EXPECT_TRUE(own.own);
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    const auto made = first_.call(Open{.open = named("on a lock"), .lock = lock}).object;
    const auto given = first_.call(Status{.object = made});
    EXPECT_EQ(given.lock, lock);
    EXPECT_EQ(given.lock_type, ObjectType::lock);
    EXPECT_FALSE(given.own);
    remove("lock");
    EXPECT_EQ(first_.call(Status{.object = made}).lock, std::nullopt);
    EXPECT_EQ(first_.refusal(Wait{.object = made, .thread = 1, .where = {}}), Errc::no_such_object);
}

TEST_P(ACondition, GoesWithItsOwnLock) {
    const auto waiting = begin_to_wait(first_);
    second_.call(acquire());
    const auto for_lock = third_.request(acquire());
    remove("ready");
    EXPECT_EQ(first_.refusal_of<Wait>(waiting), Errc::object_removed);
    EXPECT_EQ(third_.refusal_of<Acquire>(for_lock), Errc::object_removed);
    EXPECT_EQ(second_.refusal(release()), Errc::no_such_object);
    EXPECT_EQ(second_.refusal(notify()), Errc::no_such_object);
}

TEST_P(ACondition, RefusesObjectsThatAreNone) {
    EXPECT_EQ(first_.refusal(Status{.object = opened_.lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Wait{.object = opened_.lock, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Notify{.object = opened_.lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(NotifyAll{.object = opened_.lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Status{.object = 99}), Errc::no_such_object);
}

TEST_P(ACondition, IsUsedByWhoMayWriteAndSeenByWhoMayRead) {
    expect_of_stranger(
        {Errc::no_permission, Errc::no_permission, Errc::no_permission, std::nullopt}, [&](Client& stranger) {
            return Path::Refusals{stranger.refusal(wait(at_once)), stranger.refusal(notify()),
                                  stranger.refusal(notify_all()), stranger.refusal(Status{.object = opened_.object})};
        });
}

TEST_P(ACondition, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden"), .lock = {}}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Status{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::condition_test
