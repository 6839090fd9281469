#include <steward/lock.hpp>

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class ALock : public ClientTest {
  protected:
    Lock lock_ = manager_.lock("lock");
};

TEST_F(ALock, IsHeldUntilItIsReleased) {
    EXPECT_FALSE(lock_.locked());
    lock_.acquire();
    EXPECT_TRUE(lock_.locked());
    EXPECT_TRUE(lock_.held_by_me());
    lock_.release();
    EXPECT_FALSE(lock_.locked());
    EXPECT_FALSE(lock_.held_by_me());
}

TEST_F(ALock, IsOwnedByAThread) {
    lock_.acquire();
    in_background([this] {
        EXPECT_FALSE(lock_.held_by_me());
        EXPECT_FALSE(lock_.try_acquire());
        EXPECT_EQ(error_of([this] { lock_.release(); }), errc::not_owner);
        EXPECT_EQ(error_of([this] { lock_.token(); }), errc::not_owner);
    }).get();
    lock_.release();
}

TEST_F(ALock, PassesToTheThreadThatWaits) {
    lock_.acquire();
    auto waiter = in_background([this] {
        lock_.acquire();
        lock_.release();
    });
    ASSERT_TRUE(waiters_become(lock_, 1));
    lock_.release();
    waiter.get();
}

TEST_F(ALock, IsRefusedToTheThreadThatHoldsItAndWouldWaitForEver) {
    lock_.acquire();
    EXPECT_EQ(error_of([this] { lock_.acquire(); }), errc::deadlock);
    EXPECT_FALSE(lock_.try_acquire());
    EXPECT_FALSE(lock_.acquire_for(1ms));
}

TEST_F(ALock, GivesATokenThatGrows) {
    const auto first = lock_.acquire().token;
    EXPECT_EQ(lock_.token(), first);
    lock_.release();
    EXPECT_GT(lock_.acquire().token, first);
}

TEST_F(ALock, IsNotGivenAfterTheTimeIsOver) {
    auto other = connect();
    auto held = other.lock("lock");
    held.acquire();
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(lock_.acquire_for(20ms));
    EXPECT_FALSE(lock_.acquire_until(std::chrono::system_clock::now() + 20ms));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 40ms);
    EXPECT_FALSE(lock_.acquire_for(-1s));
    EXPECT_FALSE(lock_.try_acquire());
}

TEST_F(ALock, WorksWithTheGuardsOfTheStandardLibrary) {
    {
        const std::scoped_lock guard{lock_};
        EXPECT_TRUE(lock_.held_by_me());
    }
    {
        std::unique_lock guard{lock_, 1s};
        EXPECT_TRUE(guard.owns_lock());
        EXPECT_FALSE(lock_.try_lock());
        EXPECT_FALSE(lock_.try_lock_until(std::chrono::steady_clock::now()));
    }
    EXPECT_FALSE(lock_.locked());
}

TEST_F(ALock, WorksWithAConditionVariable) {
    std::condition_variable_any changed;
    bool ready = false;
    auto waiter = in_background([&] {
        std::unique_lock guard{lock_};
        changed.wait(guard, [&] { return ready; });
        return lock_.held_by_me();
    });
    {
        const std::scoped_lock guard{lock_};
        ready = true;
    }
    changed.notify_all();
    EXPECT_TRUE(waiter.get());
}

TEST_F(ALock, TakesSeveralWithoutDeadlockAsAnyLockable) {
    auto second = manager_.lock("second");
    const auto take_both = [](Lock first, Lock other) {
        for (int i = 0; i < 20; ++i)
            const std::scoped_lock guard{first, other};
    };
    auto forwards = in_background([&] { take_both(lock_, second); });
    auto backwards = in_background([&] { take_both(second, lock_); });
    forwards.get();
    backwards.get();
}

TEST_F(ALock, ThatIsTransferableIsReleasedByAnotherThread) {
    auto lock = manager_.lock("transferable", {.transferable = true});
    lock.acquire();
    in_background([&] { lock.release(); }).get();
    EXPECT_FALSE(lock.locked());
    EXPECT_EQ(error_of([&] { lock.release(); }), errc::not_owner);
}

TEST_F(ALock, ThatIsFairIsPassedOnInTheOrderOfArrival) {
    auto lock = manager_.lock("fair", {.fair = true});
    std::vector<int> order;
    lock.acquire();
    const auto come = [&](int number) {
        return in_background([&, number] {
            const std::scoped_lock guard{lock};
            order.push_back(number);
        });
    };
    auto first = come(1);
    ASSERT_TRUE(waiters_become(lock, 1));
    auto second = come(2);
    ASSERT_TRUE(waiters_become(lock, 2));
    lock.release();
    first.get();
    second.get();
    EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST_F(ALock, IsNotOpenedWithOtherOptions) {
    EXPECT_EQ(error_of([this] { manager_.lock("lock", {.transferable = true}); }), errc::wrong_options);
    EXPECT_EQ(error_of([this] { manager_.lock("lock", {.fair = true}); }), errc::wrong_options);
}

TEST_F(ALock, IsAbandonedByAThreadThatEnds) {
    std::thread([this] { lock_.acquire(); }).join();
    const auto acquired = lock_.acquire_for(watchdog);
    ASSERT_TRUE(acquired);
    ASSERT_TRUE(acquired->abandoned);
    EXPECT_EQ(acquired->abandoned->pid, getpid());
}

TEST_F(ALock, IsKeptByAThreadWhenAnotherOneEnds) {
    lock_.acquire();
    auto other = manager_.lock("other");
    std::thread([&] { other.acquire(); }).join();
    EXPECT_TRUE(other.acquire_for(watchdog));
    EXPECT_TRUE(lock_.held_by_me());
}

TEST_F(ALock, TellsWhoHoldsItAndWhere) {
    EXPECT_FALSE(lock_.holder());
    const Guard guard{lock_};
    const auto holder = lock_.holder();
    ASSERT_TRUE(holder);
    EXPECT_EQ(holder->pid, getpid());
    EXPECT_EQ(holder->session, manager_.session());
    EXPECT_TRUE(holder->where.starts_with("lock_test.cpp:")) << holder->where;
}

TEST_F(ALock, TellsItsNextOwnerWhoDied) {
    const Gate held;
    ChildProcess child([&] {
        auto own = connect();
        own.lock("lock").acquire();
        held.open();
        return pause();
    });
    held.pass();
    child.kill();
    const auto acquired = lock_.acquire();
    ASSERT_TRUE(acquired.abandoned);
    EXPECT_EQ(acquired.abandoned->pid, child.pid());
    EXPECT_EQ(acquired.abandoned->uid, getuid());
    EXPECT_EQ(lock_.abandoned()->pid, child.pid());
    lock_.release();
    EXPECT_FALSE(lock_.abandoned());
    EXPECT_FALSE(lock_.acquire().abandoned);
}

TEST_F(ALock, IsGivenBackWhenTheLastProxyOfItsSessionGoes) {
    {
        auto other = connect();
        other.lock("lock").acquire();
    }
    EXPECT_FALSE(lock_.acquire().abandoned);
}

TEST_F(ALock, NeverThrowsWhenItIsUnlocked) {
    const Manager impatient({.socket = daemon_.socket(), .reconnect_timeout = std::chrono::nanoseconds::zero()});
    auto lock = impatient.lock("lock");
    lock.unlock();
    daemon_.kill();
    lock.unlock();
}

TEST_F(ALock, ThatIsRemovedFailsThoseWhoWait) {
    auto other = connect();
    other.lock("lock").acquire();
    auto waiter = in_background([this] { return error_of([this] { lock_.acquire(); }); });
    ASSERT_TRUE(waiters_become(lock_, 1));
    EXPECT_TRUE(lock_.remove());
    EXPECT_EQ(waiter.get(), errc::object_removed);
    EXPECT_EQ(error_of([this] { lock_.acquire(); }), errc::no_such_object);
}

TEST_F(ALock, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    lock_.acquire(ec);
    EXPECT_FALSE(ec);
    lock_.acquire(ec);
    EXPECT_EQ(ec, errc::deadlock);
    EXPECT_FALSE(lock_.try_acquire(ec));
    EXPECT_FALSE(ec);
    lock_.release(ec);
    EXPECT_FALSE(ec);
    lock_.release(ec);
    EXPECT_EQ(ec, errc::not_owner);
    EXPECT_EQ(lock_.token(ec), 0U);
    EXPECT_EQ(ec, errc::not_owner);
}

}  // namespace
}  // namespace steward::tests
