#include "daemon/objects/condition.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::condition_test {
namespace {

using proto::Errc;
using proto::condition::Notify;
using proto::condition::NotifyAll;
using proto::condition::Open;
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
    void begin_to_wait(Client& client) {
        client.call(acquire());
        client.request(wait());
    }

    Client first_ = client();
    Client second_ = client();
    Client third_ = client();
    Open::Result opened_ = first_.call(Open{.open = named("ready", 0666), .lock = {}});
    std::uint64_t condition_ = opened_.object;
    std::uint64_t lock_ = opened_.lock;
};

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

TEST_F(ACondition, LeavesNothingBehindWhereItGoesWithItsOwnLock) {
    begin_to_wait(first_);
    second_.call(acquire());
    third_.request(acquire());
    EXPECT_TRUE(second_.call(proto::object::Remove{.name = "ready"}).removed);
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

TEST_F(ACondition, HasNobodyWaitingAfterARestart) {
    begin_to_wait(first_);
    restart();
    auto after = client();
    const auto opened = after.call(Open{.open = named("ready"), .lock = {}});
    EXPECT_FALSE(opened.created);
    EXPECT_EQ(opened.lock, lock_);
    EXPECT_TRUE(after.call(acquire(0)).acquired);
    EXPECT_EQ(after.call(Notify{.object = condition_, .thread = 1}).woken, 0U);
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
