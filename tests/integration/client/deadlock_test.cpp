#include <steward/deadlock.hpp>

#include <unistd.h>

#include <chrono>
#include <mutex>
#include <string>
#include <system_error>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

/// What the operation is refused with.
template <class Operation>
DeadlockError deadlock_of(Operation&& operation) {
    try {
        operation();
    } catch (const DeadlockError& deadlock) {
        return deadlock;
    }
    ADD_FAILURE() << "no deadlock";
    return {"", {}};
}

class ADeadlock : public ClientTest {
  protected:
    /// A process that holds a lock and waits for another one.
    ChildProcess holding_and_waiting(const std::string& held, const std::string& wanted) {
        ChildProcess child([&] {
            auto own = connect();
            auto holds = own.lock(held);
            const std::scoped_lock first{holds};
            auto wants = own.lock(wanted);
            const std::scoped_lock second{wants};
            return 0;
        });
        EXPECT_TRUE(waiters_become(manager_.lock(wanted), 1));
        return child;
    }

    Lock a_ = manager_.lock("a");
    Lock b_ = manager_.lock("b");
    Lock c_ = manager_.lock("c");
};

TEST_F(ADeadlock, OfAThreadWithItselfHasOneStep) {
    a_.acquire();
    const auto deadlock = deadlock_of([this] { a_.acquire(); });
    EXPECT_EQ(deadlock.code(), errc::deadlock);
    ASSERT_EQ(deadlock.cycle().size(), 1U);
    const auto& step = deadlock.cycle()[0];
    EXPECT_EQ(step.pid, getpid());
    EXPECT_EQ(step.session, manager_.session());
    EXPECT_EQ(step.object, a_.id());
    EXPECT_EQ(step.type, ObjectType::lock);
    EXPECT_EQ(step.name, "a");
    EXPECT_TRUE(step.where.starts_with("deadlock_test.cpp:")) << step.where;
    EXPECT_TRUE(a_.held_by_me());
}

TEST_F(ADeadlock, OfTwoProcessesTellsBoth) {
    a_.acquire();
    auto child = holding_and_waiting("b", "a");
    const auto deadlock = deadlock_of([this] { b_.acquire(); });
    ASSERT_EQ(deadlock.cycle().size(), 2U);
    EXPECT_EQ(deadlock.cycle()[0].pid, getpid());
    EXPECT_EQ(deadlock.cycle()[0].name, "b");
    EXPECT_EQ(deadlock.cycle()[1].pid, child.pid());
    EXPECT_EQ(deadlock.cycle()[1].name, "a");
    EXPECT_FALSE(deadlock.cycle()[1].command.empty());
    const std::string sentence = deadlock.what();
    EXPECT_NE(sentence.find(std::to_string(child.pid())), std::string::npos) << sentence;
    EXPECT_TRUE(b_.info().waiters.empty()) << "who is refused does not wait";
    a_.release();
    EXPECT_EQ(child.wait(), 0);
    b_.acquire();
}

TEST_F(ADeadlock, OfThreeProcessesGoesRound) {
    a_.acquire();
    auto second = holding_and_waiting("b", "a");
    auto third = holding_and_waiting("c", "b");
    const auto deadlock = deadlock_of([this] { c_.acquire(); });
    ASSERT_EQ(deadlock.cycle().size(), 3U);
    EXPECT_EQ(deadlock.cycle()[0].pid, getpid());
    EXPECT_EQ(deadlock.cycle()[0].name, "c");
    EXPECT_EQ(deadlock.cycle()[1].pid, third.pid());
    EXPECT_EQ(deadlock.cycle()[1].name, "b");
    EXPECT_EQ(deadlock.cycle()[2].pid, second.pid());
    EXPECT_EQ(deadlock.cycle()[2].name, "a");
    a_.release();
    EXPECT_EQ(second.wait(), 0);
    EXPECT_EQ(third.wait(), 0);
}

TEST_F(ADeadlock, OfThreadsOfOneProcessIsFoundToo) {
    a_.acquire();
    auto other = in_background([this] {
        const std::scoped_lock first{b_};
        const std::scoped_lock second{a_};
    });
    ASSERT_TRUE(waiters_become(a_, 1));
    const auto deadlock = deadlock_of([this] { b_.acquire(); });
    ASSERT_EQ(deadlock.cycle().size(), 2U);
    EXPECT_EQ(deadlock.cycle()[0].session, deadlock.cycle()[1].session);
    EXPECT_NE(deadlock.cycle()[0].thread, deadlock.cycle()[1].thread);
    a_.release();
    other.get();
}

TEST_F(ADeadlock, IsNoneWhereSomebodyHasATimeOut) {
    a_.acquire();
    auto child = holding_and_waiting("b", "a");
    EXPECT_FALSE(b_.acquire_for(20ms));
    EXPECT_FALSE(b_.try_acquire());
    a_.release();
    EXPECT_EQ(child.wait(), 0);
}

TEST_F(ADeadlock, IsFoundThroughLocksOfOtherTypes) {
    auto rlock = manager_.rlock("rlock");
    auto rwlock = manager_.rwlock("rwlock");
    rlock.acquire();
    auto other = in_background([&] {
        rwlock.lock_shared();
        rlock.lock();
        rlock.unlock();
        rwlock.unlock_shared();
    });
    ASSERT_TRUE(waiters_become(rlock, 1));
    const auto deadlock = deadlock_of([&] { rwlock.acquire(); });
    ASSERT_EQ(deadlock.cycle().size(), 2U);
    EXPECT_EQ(deadlock.cycle()[0].type, ObjectType::rwlock);
    EXPECT_EQ(deadlock.cycle()[1].type, ObjectType::rlock);
    rlock.release();
    other.get();
}

TEST_F(ADeadlock, IsNotFoundWithALockThatAnyoneMayRelease) {
    auto transferable = manager_.lock("transferable", {.transferable = true});
    transferable.acquire();
    auto releaser = in_background([&] {
        if (waiters_become(transferable, 1))
            transferable.release();
    });
    transferable.acquire();  // held by this thread already
    releaser.get();
    transferable.release();
}

TEST_F(ADeadlock, OfAcquiringAllIsRefused) {
    a_.acquire();
    auto child = holding_and_waiting("b", "a");
    const auto deadlock = deadlock_of([this] { static_cast<void>(manager_.acquire_all({b_, c_})); });
    EXPECT_EQ(deadlock.cycle().size(), 2U);
    EXPECT_FALSE(c_.locked());
    a_.release();
    EXPECT_EQ(child.wait(), 0);
}

TEST_F(ADeadlock, ReachesThroughASessionInWhoseNameAnotherWaits) {
    a_.acquire();
    Manager inner({.socket = daemon_.socket(), .client_name = "inner", .in_name_of = manager_.session()});
    auto lock = inner.lock("a");
    EXPECT_EQ(error_of([&] { lock.acquire(); }), errc::deadlock);
    EXPECT_FALSE(lock.acquire_for(10ms));
}

TEST_F(ADeadlock, IsACodeWhereNoExceptionIsWanted) {
    a_.acquire();
    std::error_code ec;
    a_.acquire(ec);
    EXPECT_EQ(ec, errc::deadlock);
}

}  // namespace
}  // namespace steward::tests
