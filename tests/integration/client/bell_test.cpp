#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <utility>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

// Whoever releases a lock wakes the first in line himself.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class ABell : public ClientTest {
  protected:
    /// So often has a session to hand a lock to another one, and that one to wait for it, until both have the bell.
    static constexpr int rounds_to_get_to_know = 4;

    void SetUp() override {
        if (DaemonProcess::shares_nothing())
            GTEST_SKIP() << "nobody is woken but by the daemon";
    }

    /// Another thread waits for what this one holds; it holds it then, until `end` is set.
    template <class Lockable>
    std::future<void> wait_for(Lockable& lock, std::shared_future<void> end) {
        return in_background([&lock, end = std::move(end)] {
            lock.lock();
            end.wait();
            lock.unlock();
        });
    }

    /// From `from` to whoever waits with `to`, once.
    template <class Lockable>
    void hand_over(Lockable& from, Lockable& to, bool stops_daemon) {
        from.lock();
        std::promise<void> end;
        auto waiting = wait_for(to, end.get_future().share());
        ASSERT_TRUE(waiters_become(from, 1));
        if (stops_daemon)
            daemon_.stop();
        from.unlock();
        EXPECT_TRUE(eventually([&] { return from.locked(); }));
        if (stops_daemon)
            daemon_.go_on();
        end.set_value();
        waiting.get();
    }

    template <class Lockable>
    void get_to_know(Lockable& from, Lockable& to) {
        for (int round = 0; round < rounds_to_get_to_know; ++round)
            hand_over(from, to, false);
    }

    Manager other_ = connect();
    Lock lock_ = manager_.lock("lock");
    Lock same_ = other_.lock("lock");
};

TEST_F(ABell, WakesTheNextInLineThoughTheDaemonIsStopped) {
    get_to_know(lock_, same_);
    hand_over(lock_, same_, true);
}

TEST_F(ABell, WakesTheNextInLineOfAnRLock) {
    auto rlock = manager_.rlock("rlock");
    auto same = other_.rlock("rlock");
    get_to_know(rlock, same);
    hand_over(rlock, same, true);
    EXPECT_EQ(rlock.count(), 0U);
}

TEST_F(ABell, WakesAWriterWhoIsNextInLineOfAnRWLock) {
    auto rwlock = manager_.rwlock("rwlock");
    auto same = other_.rwlock("rwlock");
    get_to_know(rwlock, same);
    hand_over(rwlock, same, true);
    rwlock.lock_shared();  // not tried: for a moment the daemon may list who was rung as one who waits
    rwlock.unlock_shared();
}

TEST_F(ABell, GivesWhomItWakesATokenAndOneLevel) {
    auto rlock = manager_.rlock("rlock");
    auto same = other_.rlock("rlock");
    get_to_know(rlock, same);
    const auto before = rlock.acquire();
    auto woken = in_background([&] {
        auto acquired = same.acquire();
        same.release();
        return acquired;
    });
    ASSERT_TRUE(waiters_become(rlock, 1));
    daemon_.stop();
    rlock.release();
    const auto acquired = woken.get();
    daemon_.go_on();
    EXPECT_EQ(acquired.count, 1U);
    EXPECT_GT(acquired.token, before.token);
    EXPECT_FALSE(acquired.abandoned);
}

TEST_F(ABell, WakesTheNextInLineOfAFairLock) {
    auto lock = manager_.lock("fair", {.fair = true});
    auto same = other_.lock("fair", {.fair = true});
    get_to_know(lock, same);
    hand_over(lock, same, true);
}

TEST_F(ABell, IsHeardThroughAnotherThreadThatReadsForAll) {
    get_to_know(lock_, same_);
    auto elsewhere = manager_.lock("elsewhere");
    auto elsewhere_too = other_.lock("elsewhere");
    elsewhere.lock();
    std::promise<void> end;
    auto reads = wait_for(elsewhere_too, end.get_future().share());
    ASSERT_TRUE(waiters_become(elsewhere, 1));
    hand_over(lock_, same_, true);
    elsewhere.unlock();
    end.set_value();
    reads.get();
}

TEST_F(ABell, IsNotHeardWhereTheTimeIsOver) {
    get_to_know(lock_, same_);
    lock_.lock();
    in_background([&] { EXPECT_FALSE(same_.try_lock_for(20ms)); }).get();
    lock_.unlock();
    hand_over(lock_, same_, true);
}

/// That it does not wait any more, the daemon finds out while it holds the lock_.
TEST_F(ABell, LeavesNobodyInLineWhoHoldsTheLock) {
    get_to_know(lock_, same_);
    lock_.lock();
    std::promise<void> end;
    auto waiting = wait_for(same_, end.get_future().share());
    ASSERT_TRUE(waiters_become(lock_, 1));
    lock_.unlock();
    ASSERT_TRUE(eventually([&] { return lock_.locked(); }));
    EXPECT_TRUE(waiters_become(lock_, 0));
    EXPECT_EQ(lock_.info().holders.size(), 1U);
    EXPECT_EQ(lock_.statistics().waiting, 0U);
    EXPECT_EQ(lock_.statistics().waited, 1U + rounds_to_get_to_know);
    EXPECT_GT(lock_.statistics().wait_total, 0ns);
    end.set_value();
    waiting.get();
}

/// Each of many is woken by the one before.
TEST_F(ABell, WakesOneAfterTheOther) {
    constexpr int threads = 6;
    constexpr int rounds = 200;
    std::vector<Manager> managers;
    std::vector<std::future<void>> working;
    // Atomic, for sanitizers: each of the managers sees the word at another address. Counting is not.
    std::atomic<int> counted = 0;
    for (int i = 0; i < threads; ++i)
        managers.push_back(connect());
    for (auto& manager : managers)
        working.push_back(in_background([&manager, &counted] {
            auto lock = manager.lock("lock");
            for (int round = 0; round < rounds; ++round) {
                const std::scoped_lock guard{lock};
                counted.store(counted.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
            }
        }));
    for (auto& each : working)
        each.get();
    EXPECT_EQ(counted, threads * rounds);
    EXPECT_FALSE(manager_.lock("lock").locked());
}

}  // namespace
}  // namespace steward::tests
