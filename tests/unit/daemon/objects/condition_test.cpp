#include "daemon/objects/condition.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::condition_test {
namespace {

using proto::Errc;
using proto::ObjectType;
using proto::condition::Notify;
using proto::condition::NotifyAll;
using proto::condition::Open;
using proto::condition::Status;
using proto::condition::Wait;

class ACondition : public DaemonTest {
  protected:
    proto::rlock::Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = lock_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    void release(Client& client) { client.call(proto::rlock::Release{.object = lock_, .thread = 1}); }
    Wait wait(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = condition_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    std::uint64_t begin_to_wait(Client& client, std::optional<std::int64_t> timeout_ns = std::nullopt) {
        client.call(acquire());
        return client.request(wait(timeout_ns));
    }
    std::uint64_t notify(Client& client, std::uint64_t count = 1) {
        return client.call(Notify{.object = condition_, .thread = 1, .count = count}).woken;
    }

    Client first_ = client();
    Client second_ = client();
    Client third_ = client();
    Open::Result opened_ = first_.call(Open{.open = named("ready", 0666), .lock = {}});
    std::uint64_t condition_ = opened_.object;
    std::uint64_t lock_ = opened_.lock;
};

TEST_F(ACondition, HasAnRLockOfItsOwn) {
    EXPECT_EQ(opened_.lock_type, ObjectType::rlock);
    const auto again = second_.call(Open{.open = named("ready"), .lock = {}});
    EXPECT_EQ(again.object, condition_);
    EXPECT_EQ(again.lock, lock_);
    EXPECT_TRUE(second_.call(acquire(0)).acquired);
}

TEST_F(ACondition, GivesTheLockUpWhileOneWaitsAndBackToHim) {
    const auto waiting = begin_to_wait(first_);
    ASSERT_TRUE(second_.call(acquire(0)).acquired) << "the lock is free while the first waits";
    EXPECT_EQ(notify(second_), 1U);
    EXPECT_TRUE(first_.waits(waiting)) << "the notifier has the lock still";
    release(second_);
    const auto result = first_.result_of<Wait>(waiting).value();
    EXPECT_TRUE(result.notified);
    EXPECT_GT(result.token, 0U);
    EXPECT_FALSE(second_.call(acquire(0)).acquired);
    release(first_);
}

TEST_F(ACondition, GivesUpAllLevelsAndTakesThemBack) {
    first_.call(acquire());
    first_.call(acquire());
    const auto waiting = first_.request(wait());
    ASSERT_TRUE(second_.call(acquire(0)).acquired);
    notify(second_);
    release(second_);
    ASSERT_TRUE(first_.result_of<Wait>(waiting)->notified);
    EXPECT_EQ(first_.call(proto::rlock::Holding{.object = lock_, .thread = 1}).count, 2U);
}

TEST_F(ACondition, TakesTheLockBackAlsoWhenTheTimeIsOver) {
    first_.call(acquire());
    const auto waiting = begin_to_wait(first_, 100);
    second_.call(acquire());
    pass(100);
    EXPECT_TRUE(first_.waits(waiting)) << "another has the lock";
    release(second_);
    const auto result = first_.result_of<Wait>(waiting).value();
    EXPECT_FALSE(result.notified);
    EXPECT_EQ(first_.call(proto::rlock::Holding{.object = lock_, .thread = 1}).count, 2U);
}

TEST_F(ACondition, LetsOthersHaveTheLockEvenWhereNobodyWaitsForLong) {
    first_.call(acquire());
    const auto other = second_.request(acquire());
    const auto waiting = first_.request(wait(0));
    EXPECT_TRUE(second_.result_of<proto::rlock::Acquire>(other)->acquired);
    pass(0);
    EXPECT_TRUE(first_.waits(waiting));
    release(second_);
    EXPECT_FALSE(first_.result_of<Wait>(waiting)->notified);
}

TEST_F(ACondition, WakesSoManyInTheOrderOfTheirComing) {
    const auto first = begin_to_wait(first_);
    const auto second = begin_to_wait(second_);
    auto notifier = client();
    notifier.call(acquire());
    const auto third = [&] {
        release(notifier);
        const auto request = begin_to_wait(third_);
        notifier.call(acquire());
        return request;
    }();
    EXPECT_EQ(notify(notifier, 2), 2U);
    release(notifier);
    EXPECT_TRUE(first_.result_of<Wait>(first)->notified);
    EXPECT_TRUE(second_.waits(second)) << "one at a time has the lock";
    release(first_);
    EXPECT_TRUE(second_.result_of<Wait>(second)->notified);
    release(second_);
    EXPECT_TRUE(third_.waits(third));
    notifier.call(acquire());
    EXPECT_EQ(notifier.call(NotifyAll{.object = condition_, .thread = 1}).woken, 1U);
    EXPECT_EQ(notify(notifier, 5), 0U);
    release(notifier);
    EXPECT_TRUE(third_.result_of<Wait>(third)->notified);
}

TEST_F(ACondition, DoesNotLoseANotificationOfOneThatDies) {
    const auto first = begin_to_wait(first_);
    const auto second = begin_to_wait(second_);
    third_.call(acquire());
    notify(third_);
    EXPECT_TRUE(first_.waits(first));
    kill(first_);
    release(third_);
    EXPECT_TRUE(second_.result_of<Wait>(second)->notified);
}

TEST_F(ACondition, DoesNotLoseANotificationOfOneThatCancels) {
    const auto first = begin_to_wait(first_);
    const auto second = begin_to_wait(second_);
    third_.call(acquire());
    notify(third_);
    first_.call(proto::session::Cancel{.request = first});
    EXPECT_EQ(first_.refusal_of(first), Errc::cancelled);
    release(third_);
    EXPECT_TRUE(second_.result_of<Wait>(second)->notified);
}

TEST_F(ACondition, IsNotNotifiedByTheDeathOfOneThatWaits) {
    begin_to_wait(first_);
    const auto second = begin_to_wait(second_);
    kill(first_);
    EXPECT_TRUE(second_.waits(second));
    EXPECT_TRUE(third_.call(acquire(0)).acquired);
}

TEST_F(ACondition, TellsWhoDiedHoldingTheLockMeanwhile) {
    const auto waiting = begin_to_wait(first_);
    second_.call(acquire());
    notify(second_);
    kill(second_);
    const auto result = first_.result_of<Wait>(waiting).value();
    EXPECT_TRUE(result.notified);
    EXPECT_TRUE(result.abandoned);
}

TEST_F(ACondition, IsUsedByWhoHoldsTheLockOnly) {
    EXPECT_EQ(first_.refusal(wait()), Errc::not_owner);
    second_.call(acquire());
    EXPECT_EQ(first_.refusal(wait()), Errc::not_owner);
    EXPECT_EQ(first_.refusal(Notify{.object = condition_, .thread = 1}), Errc::not_owner);
    EXPECT_EQ(first_.refusal(NotifyAll{.object = condition_, .thread = 1}), Errc::not_owner);
}

TEST_F(ACondition, IsMadeOnALockThatIsThere) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    const auto made = first_.call(Open{.open = named("on a lock"), .lock = lock});
    EXPECT_EQ(made.lock, lock);
    EXPECT_EQ(made.lock_type, ObjectType::lock);
    first_.call(proto::lock::Acquire{.object = lock, .thread = 1, .where = {}});
    const auto waiting = first_.request(Wait{.object = made.object, .thread = 1, .where = {}});
    second_.call(proto::lock::Acquire{.object = lock, .thread = 1, .where = {}});
    second_.call(Notify{.object = made.object, .thread = 1});
    second_.call(proto::lock::Release{.object = lock, .thread = 1});
    EXPECT_TRUE(first_.result_of<Wait>(waiting)->notified);
    EXPECT_EQ(second_.refusal(Open{.open = named("on a lock"), .lock = {}}), Errc::wrong_options);
    EXPECT_EQ(second_.refusal(Open{.open = named("ready"), .lock = lock}), Errc::wrong_options);
}

TEST_F(ACondition, WorksOnALockThatAnyoneMayRelease) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock"), .transferable = true}).object;
    const auto made = first_.call(Open{.open = named("on a lock"), .lock = lock}).object;
    EXPECT_EQ(first_.refusal(Wait{.object = made, .thread = 1, .where = {}}), Errc::not_owner);
    second_.call(proto::lock::Acquire{.object = lock, .thread = 1, .where = {}});
    const auto waiting = first_.request(Wait{.object = made, .thread = 1, .timeout_ns = 100, .where = {}});
    pass(100);
    EXPECT_FALSE(first_.result_of<Wait>(waiting)->notified);
    EXPECT_TRUE(first_.call(proto::lock::Holding{.object = lock, .thread = 1}).token) << "it took the lock back";
}

TEST_F(ACondition, RefusesLocksThatItCannotUse) {
    const auto event = first_.call(proto::event::Open{.open = named("event")}).object;
    EXPECT_EQ(first_.refusal(Open{.open = named("new"), .lock = event}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Open{.open = named("new"), .lock = 99}), Errc::no_such_object);
    auto stranger = client(bob);
    const auto others = stranger.call(proto::lock::Open{.open = named("others", 0666)}).object;
    EXPECT_EQ(first_.refusal(Open{.open = named("new"), .lock = others}), Errc::other_domain);
    const auto hidden = stranger.call(proto::lock::Open{.open = named("hidden")}).object;
    EXPECT_EQ(first_.refusal(Open{.open = named("new"), .lock = hidden}), Errc::no_permission);
}

TEST_F(ACondition, GoesWithItsOwnLock) {
    const auto waiting = begin_to_wait(first_);
    second_.call(acquire());
    const auto for_lock = third_.request(acquire());
    EXPECT_TRUE(second_.call(proto::object::Remove{.name = "ready"}).removed);
    EXPECT_EQ(first_.refusal_of(waiting), Errc::object_removed);
    EXPECT_EQ(third_.refusal_of(for_lock), Errc::object_removed);
    EXPECT_EQ(daemon().registry.size(), 0U);
}

TEST_F(ACondition, LeavesALockThatIsNotItsOwn) {
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    const auto made = first_.call(Open{.open = named("on a lock"), .lock = lock}).object;
    first_.call(proto::object::Remove{.name = "on a lock"});
    EXPECT_EQ(first_.refusal(proto::object::Find{.name = "lock"}), std::nullopt);
    const auto again = first_.call(Open{.open = named("on a lock"), .lock = lock}).object;
    EXPECT_NE(again, made);
    first_.call(proto::object::Remove{.name = "lock"});
    EXPECT_EQ(first_.refusal(Wait{.object = again, .thread = 1, .where = {}}), Errc::no_such_object);
}

TEST_F(ACondition, TellsItsLock) {
    const auto own = second_.call(Status{.object = condition_});
    EXPECT_EQ(own.lock, lock_);
    EXPECT_EQ(own.lock_type, ObjectType::rlock);
    EXPECT_TRUE(own.own);
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    const auto made = first_.call(Open{.open = named("on a lock"), .lock = lock}).object;
    const auto given = first_.call(Status{.object = made});
    EXPECT_EQ(given.lock, lock);
    EXPECT_EQ(given.lock_type, ObjectType::lock);
    EXPECT_FALSE(given.own);
    first_.call(proto::object::Remove{.name = "lock"});
    EXPECT_EQ(first_.call(Status{.object = made}).lock, std::nullopt);
    EXPECT_EQ(first_.refusal(Status{.object = lock_}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Status{.object = 99}), Errc::no_such_object);
}

TEST_F(ACondition, HasNobodyWaitingAfterARestart) {
    begin_to_wait(first_);
    restart();
    auto after = client();
    const auto opened = after.call(Open{.open = named("ready"), .lock = {}});
    EXPECT_FALSE(opened.created);
    EXPECT_EQ(opened.lock, lock_);
    EXPECT_TRUE(after.call(acquire(0)).acquired);
    EXPECT_EQ(notify(after), 0U);
}

TEST_F(ACondition, IsDescribedWithoutItsOwnLockBeingListed) {
    begin_to_wait(first_);
    EXPECT_EQ(second_.call(proto::object::Find{.name = "ready"}).state, "1 waiting");
    const auto listed = second_.call(proto::object::List{.prefix = {}}).objects;
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed.front().name, "ready");
}

TEST_F(ACondition, RefusesWhoMayNotUseIt) {
    const auto mine = first_.call(Open{.open = named("mine", 0604), .lock = {}}).object;
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(Wait{.object = mine, .where = {}}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Notify{.object = mine}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(NotifyAll{.object = mine}), Errc::no_permission);
}

}  // namespace
}  // namespace steward::daemon::condition_test
