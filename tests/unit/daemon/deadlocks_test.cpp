#include "daemon/deadlocks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "proto/deadlock.hpp"
#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::deadlocks_test {
namespace {

using proto::Errc;
using proto::object::AcquireAll;
using proto::object::WaitAny;

class ADeadlock : public DaemonTest {
  protected:
    using Timeout = std::optional<std::int64_t>;

    static proto::lock::Acquire acquire(std::uint64_t lock, Timeout timeout_ns = {}, std::uint32_t thread = 1) {
        return {.object = lock, .thread = thread, .timeout_ns = timeout_ns, .where = "main.cpp:7"};
    }
    static void release(Client& client, std::uint64_t lock, std::uint32_t thread = 1) {
        client.call(proto::lock::Release{.object = lock, .thread = thread});
    }
    static AcquireAll all(std::vector<proto::object::Part> parts, Timeout timeout_ns = {}) {
        return {.parts = std::move(parts), .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    static WaitAny any(std::vector<std::uint64_t> objects) {
        return {.objects = std::move(objects), .thread = 1, .timeout_ns = {}, .where = {}};
    }
    std::uint64_t lock(const std::string& name) { return first_.call(proto::lock::Open{.open = named(name)}).object; }
    static bool has(Client& client, std::uint64_t request) {
        const auto result = client.result_of<proto::lock::Acquire>(request);
        return result && result->acquired;
    }
    Client in_name_of(const Client& outer) {
        Credentials credentials;
        credentials.pid = ::getpid();
        credentials.uid = alice;
        return {daemon(), daemon().open_session(std::move(credentials), "inner", outer.number())};
    }

    Client first_ = client();
    Client second_ = client();
    Client third_ = client();
    std::uint64_t a_ = lock("a");
    std::uint64_t b_ = lock("b");
    std::uint64_t c_ = lock("c");
};

TEST_F(ADeadlock, OfTwoIsRefusedAndLeavesNoTrace) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    const auto waiting = first_.request(acquire(b_));
    EXPECT_EQ(second_.refusal(acquire(a_)), Errc::deadlock);
    EXPECT_EQ(daemon().waiting.size(), 1U);
    EXPECT_TRUE(first_.call(proto::object::Find{.name = "a"}).waiters.empty());
    release(second_, b_);
    EXPECT_TRUE(has(first_, waiting));
    EXPECT_FALSE(second_.call(acquire(a_, 0)).acquired) << "who does not wait is not refused";
}

TEST_F(ADeadlock, SaysWhoWantsWhatHeldByWhom) {
    first_.call(acquire(a_, {}, 3));
    second_.call(acquire(b_, {}, 4));
    first_.request(acquire(b_, {}, 3));
    const auto me = "pid " + std::to_string(::getpid()) + " " + first_.session().process->command;
    EXPECT_EQ(second_.complaint(acquire(a_, {}, 4)), "deadlock: " + me + " (thread 4) wants lock a held by " + me +
                                                         " (thread 3), which wants lock b held by " + me +
                                                         " (thread 4)");
}

TEST_F(ADeadlock, IsToldAsData) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    first_.request(acquire(b_));
    const auto deadlock = proto::decode_params<proto::Deadlock>({second_.data_of(second_.request(acquire(a_)))});
    ASSERT_EQ(deadlock.cycle.size(), 2U);
    EXPECT_EQ(deadlock.cycle[0].session, second_.number());
    EXPECT_EQ(deadlock.cycle[0].name, "a");
    EXPECT_EQ(deadlock.cycle[0].object, a_);
    EXPECT_EQ(deadlock.cycle[0].where, "main.cpp:7");
    EXPECT_EQ(deadlock.cycle[1].session, first_.number());
    EXPECT_EQ(deadlock.cycle[1].name, "b");
}

TEST_F(ADeadlock, OfOneIsRefused) {
    first_.call(acquire(a_));
    EXPECT_EQ(first_.refusal(acquire(a_)), Errc::deadlock);
    const auto other_thread = first_.request(acquire(a_, {}, 2));
    EXPECT_TRUE(first_.waits(other_thread)) << "another thread may wait";
}

TEST_F(ADeadlock, OfThreeIsRefused) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    third_.call(acquire(c_));
    first_.request(acquire(b_));
    second_.request(acquire(c_));
    EXPECT_EQ(third_.refusal(acquire(a_)), Errc::deadlock);
}

TEST_F(ADeadlock, IsNoneWhereOneHasATimeout) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    first_.request(acquire(b_, 100));
    const auto waiting = second_.request(acquire(a_));
    EXPECT_TRUE(second_.waits(waiting));
    pass(100);
    release(first_, a_);
    EXPECT_TRUE(has(second_, waiting));
}

TEST_F(ADeadlock, IsFoundBehindEarlierWaiters) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    third_.request(acquire(a_));
    first_.request(acquire(b_));
    EXPECT_EQ(second_.refusal(acquire(a_)), Errc::deadlock);
}

TEST_F(ADeadlock, IsFoundThroughEarlierWritersByReaders) {
    const auto rw = first_.call(proto::rwlock::Open{.open = named("rw")}).object;
    const proto::rwlock::AcquireShared read{.object = rw, .thread = 1, .where = {}};
    first_.call(read);
    second_.call(acquire(a_));
    third_.request(proto::rwlock::Acquire{.object = rw, .thread = 1, .where = {}});
    first_.request(acquire(a_));
    EXPECT_EQ(second_.refusal(read), Errc::deadlock) << "the writer is before it, and waits for the first";
}

TEST_F(ADeadlock, IsFoundThroughAnyOfManyReaders) {
    const auto rw = first_.call(proto::rwlock::Open{.open = named("rw")}).object;
    const proto::rwlock::AcquireShared read{.object = rw, .thread = 1, .where = {}};
    first_.call(read);
    third_.call(read);
    second_.call(acquire(a_));
    first_.request(acquire(a_));
    EXPECT_EQ(second_.refusal(proto::rwlock::Acquire{.object = rw, .thread = 1, .where = {}}), Errc::deadlock);
}

TEST_F(ADeadlock, IsFoundThroughRLocks) {
    const auto r = first_.call(proto::rlock::Open{.open = named("r")}).object;
    const proto::rlock::Acquire again{.object = r, .thread = 1, .where = {}};
    first_.call(again);
    EXPECT_EQ(first_.refusal(again), std::nullopt) << "its owner does not wait";
    second_.call(acquire(a_));
    first_.request(acquire(a_));
    EXPECT_EQ(second_.refusal(again), Errc::deadlock);
}

TEST_F(ADeadlock, NeedsAllPermitsToBeOwedByThoseWhoWait) {
    const auto slots = first_.call(proto::bounded_semaphore::Open{.open = named("slots"), .permits = 2}).object;
    const proto::bounded_semaphore::Acquire slot{.object = slots, .thread = 1, .where = {}};
    first_.call(slot);
    third_.call(slot);
    second_.call(acquire(a_));
    first_.request(acquire(a_));
    const auto waiting = second_.request(slot);
    EXPECT_TRUE(second_.waits(waiting)) << "the third may give its permit back";
    EXPECT_EQ(third_.refusal(acquire(a_)), Errc::deadlock) << "it is the last that could";
}

TEST_F(ADeadlock, IsNotSuspectedWhereNobodyIsKnownToOweAnything) {
    const auto signal = first_.call(proto::semaphore::Open{.open = named("signal"), .permits = 0}).object;
    const auto baton = first_.call(proto::lock::Open{.open = named("baton"), .transferable = true}).object;
    first_.call(acquire(a_));
    second_.call(acquire(baton));
    first_.request(acquire(baton));
    EXPECT_TRUE(second_.waits(second_.request(acquire(a_))));
    third_.call(acquire(b_));
    EXPECT_TRUE(third_.waits(third_.request(proto::semaphore::Acquire{.object = signal, .thread = 1, .where = {}})));
}

TEST_F(ADeadlock, OfAcquireAllNeedsOnlyOneOfItsParts) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    first_.request(acquire(b_));
    EXPECT_EQ(second_.refusal(all({{.object = c_}, {.object = a_}})), Errc::deadlock);
}

TEST_F(ADeadlock, OfWaitAnyNeedsAllOfItsParts) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    third_.call(acquire(c_));
    first_.request(acquire(b_));
    const auto waiting = second_.request(any({a_, c_}));
    EXPECT_TRUE(second_.waits(waiting)) << "the third may let c go";
    EXPECT_EQ(third_.refusal(acquire(a_)), Errc::deadlock) << "now nobody would";
    release(third_, c_);
    EXPECT_EQ(second_.result_of<WaitAny>(waiting)->index, 1U);
}

TEST_F(ADeadlock, DoesNotAccuseAThreadWithSeveralWaits) {
    const auto event = first_.call(proto::event::Open{.open = named("event")}).object;
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    first_.request(acquire(b_));
    second_.request(proto::event::Wait{.object = event, .thread = 1, .where = {}});
    EXPECT_TRUE(second_.waits(second_.request(acquire(a_))));
}

TEST_F(ADeadlock, DoesNotAccuseAnAcquireAllThatHoldsNothing) {
    first_.call(acquire(a_));
    const auto both = second_.request(all({{.object = a_}, {.object = b_}}));
    const auto waiting = first_.request(acquire(b_));
    EXPECT_TRUE(has(first_, waiting)) << "it overtakes who waits for it and holds nothing yet";
    release(first_, b_);
    release(first_, a_);
    EXPECT_TRUE(second_.result_of<AcquireAll>(both)->acquired);
}

TEST_F(ADeadlock, LetsOneOvertakeAlsoWhenTheCycleIsClosedElsewhere) {
    first_.call(acquire(a_));
    second_.call(acquire(c_));
    third_.call(acquire(b_));
    auto fourth = client();
    const auto both = fourth.request(all({{.object = a_}, {.object = b_}}));
    const auto behind = second_.request(acquire(b_));  // behind the fourth
    release(third_, b_);
    EXPECT_TRUE(second_.waits(behind)) << "the fourth keeps its place";
    const auto waiting = first_.request(acquire(c_));  // the fourth waits for a, held by the first
    EXPECT_TRUE(has(second_, behind));
    release(second_, b_);
    release(second_, c_);
    EXPECT_TRUE(has(first_, waiting));
    release(first_, a_);
    EXPECT_TRUE(fourth.result_of<AcquireAll>(both)->acquired);
}

TEST_F(ADeadlock, ThatAReturningWaiterClosesIsRefusedToTheYoungestThatCanBe) {
    const auto opened = first_.call(proto::condition::Open{.open = named("ready"), .lock = a_});
    first_.call(acquire(b_));
    first_.call(acquire(a_));
    const auto waiting =
        first_.request(proto::condition::Wait{.object = opened.object, .thread = 1, .timeout_ns = 100, .where = {}});
    second_.call(acquire(a_));
    const auto refused = second_.request(acquire(b_));
    EXPECT_TRUE(second_.waits(refused)) << "the first may be notified";
    pass(100);
    EXPECT_EQ(second_.refusal_of(refused), Errc::deadlock) << "the first wants a back, held by the second";
    EXPECT_TRUE(first_.waits(waiting));
    release(second_, a_);
    EXPECT_FALSE(first_.result_of<proto::condition::Wait>(waiting)->notified);
}

TEST_F(ADeadlock, OfSessionsInTheNameOfOthersIsRefused) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    auto inner_of_first = in_name_of(first_);
    auto inner_of_second = in_name_of(second_);
    const auto waiting = inner_of_first.request(acquire(b_));
    EXPECT_TRUE(inner_of_first.waits(waiting));
    EXPECT_EQ(inner_of_second.refusal(acquire(a_)), Errc::deadlock);
}

TEST_F(ADeadlock, OfASessionWithTheOneInWhoseNameItIsIsRefused) {
    first_.call(acquire(a_));
    auto inner = in_name_of(first_);
    EXPECT_EQ(inner.refusal(acquire(a_)), Errc::deadlock);
    auto innermost = in_name_of(inner);
    EXPECT_EQ(innermost.refusal(acquire(a_)), Errc::deadlock);
}

TEST_F(ADeadlock, OfNestedSessionsCanBeSeenInTheListOfSessions) {
    auto inner = in_name_of(first_);
    auto innermost = in_name_of(inner);
    const auto sessions = first_.call(proto::session::List{}).sessions;
    const auto named_by = [&](const Client& client) {
        return std::ranges::find(sessions, client.number(), &proto::SessionInfo::session)->in_name_of;
    };
    EXPECT_EQ(named_by(first_), 0U);
    EXPECT_EQ(named_by(inner), first_.number());
    EXPECT_EQ(named_by(innermost), inner.number());
}

TEST_F(ADeadlock, IsNotBelievedOfASessionThatIsNotThere) {
    Credentials credentials;
    credentials.pid = ::getpid();
    credentials.uid = alice;
    EXPECT_THROW(daemon().open_session(std::move(credentials), "", third_.number() + 1), proto::Refusal)
        << "that would be its own number";
    Credentials of_bob;
    of_bob.pid = ::getpid();
    of_bob.uid = bob;
    EXPECT_THROW(daemon().open_session(std::move(of_bob), "", first_.number()), proto::Refusal);
}

TEST_F(ADeadlock, IsNoneOfASessionWhoseInnerOneHasEnded) {
    first_.call(acquire(a_));
    second_.call(acquire(b_));
    auto inner = in_name_of(first_);
    inner.request(acquire(b_));
    kill(inner);
    EXPECT_TRUE(second_.waits(second_.request(acquire(a_))));
}

TEST_F(ADeadlock, OfAThousandIsFound) {
    constexpr std::uint32_t agents = 1000;
    std::vector<std::uint64_t> locks;
    for (std::uint32_t i = 0; i < agents; ++i) {
        locks.push_back(lock("chain" + std::to_string(i)));
        first_.call(acquire(locks.back(), {}, i + 1));
    }
    for (std::uint32_t i = 0; i + 1 < agents; ++i)
        first_.request(acquire(locks[i + 1], {}, i + 1));
    EXPECT_EQ(first_.refusal(acquire(locks[0], {}, agents)), Errc::deadlock);
}

TEST_F(ADeadlock, IsNotWaitedForByAThreadThatHasEnded) {
    first_.call(acquire(a_, {}, 1));
    first_.call(acquire(b_, {}, 2));
    const auto waiting = second_.request(acquire(a_));
    first_.call(proto::session::EndThread{.thread = 1});
    EXPECT_TRUE(has(second_, waiting));
    EXPECT_TRUE(second_.result_of<proto::lock::Acquire>(waiting)->abandoned);
    EXPECT_FALSE(third_.call(acquire(b_, 0)).acquired) << "the other thread lives";
}

}  // namespace
}  // namespace steward::daemon::deadlocks_test
