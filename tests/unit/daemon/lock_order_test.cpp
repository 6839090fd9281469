#include "daemon/lock_order.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon {
namespace {

using Warnings = std::vector<proto::LockOrder>;

class ALockOrder : public DaemonTest {
  protected:
    Client asking(uid_t uid = alice) {
        auto asks = client(uid);
        asks.session().lock_order_warnings = true;
        return asks;
    }

    std::uint64_t lock(const std::string& name) {
        return maker_.call(proto::lock::Open{.open = named(name, 0666)}).object;
    }

    static void acquire(Client& client, std::uint64_t lock, std::string_view where = {}, std::uint32_t thread = 1) {
        client.call(proto::lock::Acquire{.object = lock, .thread = thread, .where = where});
    }
    static void release(Client& client, std::uint64_t lock, std::uint32_t thread = 1) {
        client.call(proto::lock::Release{.object = lock, .thread = thread});
    }
    /// Takes one while it holds the other, and gives both back.
    static void nest(Client& client, std::uint64_t held, std::uint64_t taken) {
        acquire(client, held, "held.cpp:1");
        acquire(client, taken, "taken.cpp:2");
        release(client, taken);
        release(client, held);
    }

    std::size_t known() { return daemon().lock_order.known(*daemon().registry.find(a_)->domain); }

    Client maker_ = client();
    Client first_ = asking();
    Client second_ = asking();
    std::uint64_t a_ = lock("a");
    std::uint64_t b_ = lock("b");
    std::uint64_t c_ = lock("c");
};

TEST_F(ALockOrder, ThatIsReversedIsToldToWhoReversesIt) {
    nest(first_, a_, b_);
    nest(second_, b_, a_);
    EXPECT_TRUE(first_.take_lock_orders().empty());
    const auto warnings = second_.take_lock_orders();
    ASSERT_EQ(warnings.size(), 1U);
    const auto& warning = warnings[0];
    EXPECT_EQ(warning.first, b_);
    EXPECT_EQ(warning.first_name, "b");
    EXPECT_EQ(warning.second, a_);
    EXPECT_EQ(warning.second_name, "a");
    EXPECT_EQ(warning.thread, 1U);
    EXPECT_EQ(warning.where, "taken.cpp:2");
    EXPECT_EQ(warning.where_before, "taken.cpp:2");
    const auto who = "pid " + std::to_string(::getpid());
    EXPECT_TRUE(warning.sentence.starts_with("lock order: " + who)) << warning.sentence;
    EXPECT_NE(
        warning.sentence.find("takes lock 'a' at taken.cpp:2 while it holds lock 'b' at held.cpp:1; before, " + who),
        std::string::npos)
        << warning.sentence;
    EXPECT_TRUE(warning.sentence.ends_with("took lock 'b' at taken.cpp:2 while it held lock 'a' at held.cpp:1"))
        << warning.sentence;
}

TEST_F(ALockOrder, IsToldBeforeTheReplyToTheAcquire) {
    nest(first_, a_, b_);
    acquire(second_, b_);
    second_.request(proto::lock::Acquire{.object = a_, .thread = 1, .where = {}});
    proto::FrameBuffer frames;
    const auto& outbox = second_.session().outbox;
    const auto room = frames.room(outbox.size());
    outbox.copy(room.data(), outbox.size());
    frames.received(outbox.size());
    EXPECT_EQ(proto::kind_of(frames.next().value()), proto::EnvelopeKind::notification);
    EXPECT_EQ(proto::kind_of(frames.next().value()), proto::EnvelopeKind::response);
}

TEST_F(ALockOrder, IsToldOnceForEachPair) {
    nest(first_, a_, b_);
    for (int i = 0; i < 3; ++i) {
        nest(second_, b_, a_);
        nest(first_, b_, a_);
        nest(first_, a_, b_);
    }
    EXPECT_EQ(second_.take_lock_orders().size(), 1U);
    EXPECT_TRUE(first_.take_lock_orders().empty());
    EXPECT_EQ(known(), 2U);
}

TEST_F(ALockOrder, IsOneOfThreadsOfTheSameSessionToo) {
    nest(first_, a_, b_);
    acquire(first_, b_, {}, 2);
    acquire(first_, a_, {}, 2);
    const auto warnings = first_.take_lock_orders();
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0].thread, 2U);
}

TEST_F(ALockOrder, IsFoundByWayOfOthers) {
    nest(first_, a_, b_);
    nest(first_, b_, c_);
    nest(second_, c_, a_);
    const auto warnings = second_.take_lock_orders();
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0].first_name, "c");
    EXPECT_EQ(warnings[0].second_name, "a");
    EXPECT_NE(warnings[0].sentence.find("took lock 'b'"), std::string::npos) << warnings[0].sentence;
    EXPECT_NE(warnings[0].sentence.find(", and pid"), std::string::npos) << warnings[0].sentence;
}

TEST_F(ALockOrder, IsToldOnceThoughItIsFoundByWayOfOthersFirst) {
    nest(first_, a_, b_);
    nest(first_, b_, c_);
    nest(second_, c_, a_);
    nest(second_, a_, c_);
    EXPECT_EQ(second_.take_lock_orders().size(), 1U);
}

TEST_F(ALockOrder, IsFoundForALockThatWasWaitedFor) {
    nest(first_, a_, b_);
    acquire(second_, b_);
    acquire(first_, a_);
    const auto waiting = second_.request(proto::lock::Acquire{.object = a_, .thread = 1, .where = {}});
    EXPECT_TRUE(second_.take_lock_orders().empty());
    release(first_, a_);
    EXPECT_TRUE(second_.result_of<proto::lock::Acquire>(waiting)->acquired);
    EXPECT_EQ(second_.take_lock_orders().size(), 1U);
}

TEST_F(ALockOrder, IsMadeByAllTypesThatOneAgentOwns) {
    const auto rlock = maker_.call(proto::rlock::Open{.open = named("rlock")}).object;
    const auto rwlock = maker_.call(proto::rwlock::Open{.open = named("rwlock")}).object;
    first_.call(proto::rlock::Acquire{.object = rlock, .thread = 1, .where = {}});
    first_.call(proto::rwlock::AcquireShared{.object = rwlock, .thread = 1, .where = {}});
    second_.request(proto::rwlock::AcquireShared{.object = rwlock, .thread = 1, .where = {}});
    first_.call(proto::rlock::Release{.object = rlock, .thread = 1});
    second_.call(proto::rlock::Acquire{.object = rlock, .thread = 1, .where = {}});
    EXPECT_EQ(second_.take_lock_orders().size(), 1U);
}

TEST_F(ALockOrder, IsNoneWhereALockWasReleasedBefore) {
    nest(first_, a_, b_);
    acquire(second_, b_);
    release(second_, b_);
    acquire(second_, a_);
    EXPECT_TRUE(second_.take_lock_orders().empty());
    EXPECT_EQ(known(), 1U);
}

TEST_F(ALockOrder, IsNotMadeByALockThatItsOwnerTakesAgain) {
    const auto rlock = maker_.call(proto::rlock::Open{.open = named("rlock")}).object;
    const proto::rlock::Acquire again{.object = rlock, .thread = 1, .where = {}};
    first_.call(again);
    acquire(first_, a_);
    first_.call(again);
    EXPECT_TRUE(first_.take_lock_orders().empty());
    EXPECT_EQ(known(), 1U);
}

TEST_F(ALockOrder, IsNotMadeByWhoWouldNotWaitButIsByWhatItHoldsThen) {
    nest(first_, a_, b_);
    nest(first_, a_, c_);
    acquire(second_, b_);
    for (const std::int64_t timeout_ns : {0, -1}) {
        second_.call(proto::lock::Acquire{.object = a_, .thread = 1, .timeout_ns = timeout_ns, .where = {}});
        EXPECT_TRUE(second_.take_lock_orders().empty());
        release(second_, a_);
    }
    second_.call(proto::lock::Acquire{.object = c_, .thread = 1, .timeout_ns = 0, .where = {}});
    release(second_, b_);
    acquire(second_, a_);
    EXPECT_EQ(second_.take_lock_orders().size(), 1U);
}

TEST_F(ALockOrder, IsNotMadeByAllAtOnceNorByPermitsNorByLocksThatAnyoneMayRelease) {
    const auto permits = maker_.call(proto::bounded_semaphore::Open{.open = named("p"), .permits = 1}).object;
    const auto anyones = maker_.call(proto::lock::Open{.open = named("anyones"), .transferable = true}).object;
    first_.call(proto::object::AcquireAll{.parts = {{.object = a_}, {.object = b_}}, .thread = 1, .where = {}});
    first_.call(proto::bounded_semaphore::Acquire{.object = permits, .thread = 1, .where = {}});
    acquire(first_, anyones);
    EXPECT_EQ(known(), 0U);
}

TEST_F(ALockOrder, CountsOnlyForSessionsThatAskForIt) {
    nest(maker_, a_, b_);
    nest(second_, b_, a_);
    nest(maker_, a_, b_);
    EXPECT_TRUE(second_.take_lock_orders().empty());
    EXPECT_TRUE(maker_.take_lock_orders().empty());
    EXPECT_EQ(known(), 1U);
}

TEST_F(ALockOrder, OutlivesTheSessionThatMadeIt) {
    nest(first_, a_, b_);
    kill(first_);
    nest(second_, b_, a_);
    EXPECT_EQ(second_.take_lock_orders().size(), 1U);
}

TEST_F(ALockOrder, IsNotMadeByWhatAThreadHeldThatHasEnded) {
    acquire(first_, a_);
    first_.call(proto::session::EndThread{.thread = 1});
    acquire(first_, b_);
    EXPECT_EQ(known(), 0U);
}

TEST_F(ALockOrder, GoesWithARemovedLock) {
    nest(first_, a_, b_);
    nest(first_, b_, c_);
    maker_.call(proto::object::Remove{.name = "b"});
    nest(second_, c_, a_);
    EXPECT_TRUE(second_.take_lock_orders().empty()) << "nobody can take b any more";
    for (int i = 0; i < 10; ++i)
        nest(first_, a_, lock("more" + std::to_string(i)));
    EXPECT_EQ(known(), 11U);
}

TEST_F(ALockOrder, IsOfOneUser) {
    auto other = client(bob);
    const auto theirs = other.call(proto::lock::Open{.open = named("theirs", 0666)}).object;
    nest(first_, a_, theirs);
    nest(second_, theirs, a_);
    EXPECT_TRUE(second_.take_lock_orders().empty());
    EXPECT_EQ(known(), 0U);
}

TEST_F(ALockOrder, IsKnownOfSoManyLocksOfAThreadAtATime) {
    constexpr auto most = LockOrder::most_held_per_thread;
    for (std::size_t i = 0; i < most + 10; ++i)
        acquire(first_, lock("held/" + std::to_string(i)));
    acquire(first_, a_);
    EXPECT_EQ(known(), most * (most - 1) / 2 + 11 * most);
}

TEST_F(ALockOrder, IsKnownOfSoManyPairs) {
    constexpr auto most = LockOrder::most_held_per_thread;
    for (std::size_t i = 0; i < most; ++i)
        acquire(first_, lock("held/" + std::to_string(i)));
    for (std::size_t i = 0; i < LockOrder::most_orders_per_domain / most; ++i) {
        const auto taken = lock("taken/" + std::to_string(i));
        acquire(first_, taken);
        release(first_, taken);
    }
    EXPECT_EQ(known(), LockOrder::most_orders_per_domain);
    nest(second_, b_, a_);
    EXPECT_EQ(known(), LockOrder::most_orders_per_domain);
}

}  // namespace
}  // namespace steward::daemon
