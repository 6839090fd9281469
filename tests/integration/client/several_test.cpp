#include <steward/several.hpp>

#include <unistd.h>

#include <chrono>
#include <system_error>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

/// Waiting for several objects at once.
class Several : public ClientTest {
  protected:
    Lock lock_ = manager_.lock("lock");
    RLock rlock_ = manager_.rlock("rlock");
    RWLock rwlock_ = manager_.rwlock("rwlock");
    Semaphore semaphore_ = manager_.semaphore("semaphore", 0);
    Event event_ = manager_.event("event");
    Queue<int> queue_ = manager_.queue<int>("queue");
};

TEST_F(Several, AreWaitedForUntilOneIsThere) {
    EXPECT_FALSE(manager_.try_wait_any({semaphore_, event_, queue_}));
    EXPECT_FALSE(manager_.wait_any_for({semaphore_, event_, queue_}, 10ms));
    EXPECT_FALSE(manager_.wait_any_until({semaphore_, event_, queue_}, std::chrono::system_clock::now() + 10ms));
    auto waiter = in_background([this] { return manager_.wait_any({semaphore_, event_, queue_}).index; });
    ASSERT_TRUE(waiters_become(semaphore_, 1));
    EXPECT_EQ(event_.info().waiters.size(), 1U);
    EXPECT_EQ(queue_.info().waiters.size(), 1U);
    event_.set();
    EXPECT_EQ(waiter.get(), 1U);
    EXPECT_TRUE(semaphore_.info().waiters.empty());
    EXPECT_TRUE(queue_.info().waiters.empty());
}

TEST_F(Several, OfWhichTheFirstIsTakenAlone) {
    semaphore_.release();
    EXPECT_EQ(manager_.wait_any({event_, semaphore_, lock_}).index, 1U);
    EXPECT_EQ(semaphore_.value(), 0);
    EXPECT_FALSE(lock_.locked());
    const auto any = manager_.wait_any({event_, semaphore_, lock_});
    EXPECT_EQ(any.index, 2U);
    EXPECT_TRUE(lock_.held_by_me());
    EXPECT_EQ(lock_.token(), any.token);
    lock_.release();
}

TEST_F(Several, OfEveryTypeAreWaitedFor) {
    auto bounded = manager_.bounded_semaphore("bounded", 1);
    EXPECT_TRUE(manager_.try_wait_any({rlock_}));
    EXPECT_EQ(rlock_.release(), 0U);
    EXPECT_TRUE(manager_.try_wait_any({rwlock_}));
    rwlock_.release();
    EXPECT_TRUE(manager_.try_wait_any({bounded}));
    EXPECT_EQ(bounded.value(), 0);
    bounded.release();
    queue_.put(1);
    EXPECT_TRUE(manager_.try_wait_any({queue_}));
    EXPECT_EQ(queue_.size(), 1U) << "it is not taken";
}

TEST_F(Several, OfWhichOneIsAProcessThatEnds) {
    ChildProcess child([] { return pause(); });
    const auto process = manager_.process(child.pid());
    EXPECT_FALSE(manager_.try_wait_any({event_, process}));
    auto waiter = in_background([&] { return manager_.wait_any({event_, process}).index; });
    ASSERT_TRUE(waiters_become(event_, 1));
    child.kill();
    EXPECT_EQ(waiter.get(), 1U);
}

TEST_F(Several, OfWhichOneTellsWhoDied) {
    const Gate held;
    ChildProcess child([&] {
        auto own = connect();
        own.lock("lock").acquire();
        held.open();
        return pause();
    });
    held.pass();
    child.kill();
    const auto any = manager_.wait_any_for({event_, lock_}, watchdog);
    ASSERT_TRUE(any);
    ASSERT_TRUE(any->abandoned);
    EXPECT_EQ(any->abandoned->pid, child.pid());
    EXPECT_EQ(lock_.abandoned()->pid, child.pid());
}

TEST_F(Several, AreAcquiredTogetherAndGivenBackTogether) {
    semaphore_.release(3);
    {
        const auto all = manager_.acquire_all({lock_, rlock_, Part::shared(rwlock_), {semaphore_, 2}});
        EXPECT_TRUE(all);
        EXPECT_TRUE(lock_.held_by_me());
        EXPECT_TRUE(rlock_.held_by_me());
        EXPECT_TRUE(rwlock_.shared_by_me());
        EXPECT_EQ(semaphore_.value(), 1);
        const auto tokens = all.tokens();
        ASSERT_EQ(tokens.size(), 4U);
        EXPECT_EQ(tokens[0], lock_.token());
        EXPECT_EQ(tokens[1], rlock_.token());
    }
    EXPECT_FALSE(lock_.locked());
    EXPECT_FALSE(rlock_.locked());
    EXPECT_EQ(rwlock_.readers(), 0U);
    EXPECT_EQ(semaphore_.value(), 3);
}

TEST_F(Several, AreNotHeldWhileTheRestIsWaitedFor) {
    auto other = connect();
    auto others = other.rlock("rlock");
    others.acquire();
    auto waiter = in_background([this] {
        const auto all = manager_.acquire_all({lock_, rlock_});
        return lock_.held_by_me() && rlock_.held_by_me();
    });
    ASSERT_TRUE(waiters_become(rlock_, 1));
    EXPECT_FALSE(lock_.locked());
    others.release();
    EXPECT_TRUE(waiter.get());
}

TEST_F(Several, AreAcquiredAllOrNone) {
    auto other = connect();
    other.rlock("rlock").acquire();
    EXPECT_FALSE(manager_.try_acquire_all({lock_, rlock_}));
    EXPECT_FALSE(manager_.acquire_all_for({lock_, rlock_}, 10ms));
    EXPECT_FALSE(manager_.acquire_all_until({lock_, rlock_}, std::chrono::steady_clock::now() + 10ms));
    EXPECT_FALSE(lock_.locked());
    EXPECT_TRUE(lock_.info().waiters.empty());
}

TEST_F(Several, MakeNoDeadlockInWhateverOrderTheyAreNamed) {
    const auto take_both = [this](bool forwards) {
        auto own = connect();
        const auto first = own.lock("lock");
        const auto second = own.rlock("rlock");
        for (int i = 0; i < 50; ++i)
            const auto all = forwards ? own.acquire_all({first, second}) : own.acquire_all({second, first});
        return 0;
    };
    ChildProcess forwards([&] { return take_both(true); });
    ChildProcess backwards([&] { return take_both(false); });
    take_both(true);
    EXPECT_EQ(forwards.wait(), 0);
    EXPECT_EQ(backwards.wait(), 0);
}

TEST_F(Several, AreGivenBackWhenTheirHolderDies) {
    const Gate held;
    ChildProcess child([&] {
        auto own = connect();
        const auto all = own.acquire_all({own.lock("lock"), own.rlock("rlock")});
        held.open();
        return pause();
    });
    held.pass();
    EXPECT_FALSE(manager_.try_acquire_all({lock_, rlock_}));
    child.kill();
    const auto all = manager_.acquire_all_for({lock_, rlock_}, watchdog);
    ASSERT_TRUE(all);
    for (const auto& acquired : all->acquired()) {
        ASSERT_TRUE(acquired.abandoned);
        EXPECT_EQ(acquired.abandoned->pid, child.pid());
    }
}

TEST_F(Several, AreGivenBackButForTheOneThatIsGone) {
    auto all = manager_.acquire_all({lock_, rlock_});
    lock_.release();
    std::error_code ec;
    all.release(ec);
    EXPECT_EQ(ec, errc::not_owner);
    EXPECT_FALSE(rlock_.locked());
}

TEST_F(Several, MayBeGivenBackByAnotherThread) {
    auto all = manager_.acquire_all({lock_, rlock_});
    in_background([&] { all.release(); }).get();
    EXPECT_FALSE(lock_.locked());
    EXPECT_FALSE(rlock_.locked());
}

TEST_F(Several, AreRefusedWhereTheyMakeNoSense) {
    auto other = connect();
    const auto others = other.lock("lock");
    EXPECT_EQ(error_of([&] { manager_.wait_any({event_, others}); }), errc::invalid_argument);
    EXPECT_EQ(error_of([&] { static_cast<void>(manager_.acquire_all({others})); }), errc::invalid_argument);
    EXPECT_EQ(error_of([this] { manager_.wait_any({event_, event_}); }), errc::invalid_argument);
    EXPECT_EQ(error_of([this] { static_cast<void>(manager_.acquire_all({lock_, lock_})); }), errc::invalid_argument);
    EXPECT_FALSE(lock_.locked());
}

TEST_F(Several, OfWhichOneIsRemovedFailThoseWhoWait) {
    auto any = in_background([this] { return error_of([this] { manager_.wait_any({semaphore_, event_}); }); });
    auto all = in_background([this] {
        return error_of([this] { static_cast<void>(manager_.acquire_all({lock_, semaphore_})); });
    });
    ASSERT_TRUE(waiters_become(semaphore_, 2));
    semaphore_.remove();
    EXPECT_EQ(any.get(), errc::object_removed);
    EXPECT_EQ(all.get(), errc::object_removed);
    EXPECT_FALSE(lock_.locked());
}

TEST_F(Several, FailWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    EXPECT_EQ(manager_.wait_any({event_, lock_}, ec).index, 1U);
    EXPECT_FALSE(ec);
    EXPECT_FALSE(manager_.acquire_all({lock_, rlock_}, ec));
    EXPECT_EQ(ec, errc::deadlock);
    EXPECT_FALSE(manager_.try_acquire_all({lock_, rlock_}, ec));
    EXPECT_FALSE(ec);
    lock_.release();
    EXPECT_TRUE(manager_.acquire_all({lock_, rlock_}, ec));
    EXPECT_FALSE(lock_.locked());
}

}  // namespace
}  // namespace steward::tests
