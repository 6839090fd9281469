#include <signal.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <string>

#include "tests/faults/elapsed.hpp"
#include "tests/faults/victim.hpp"

// A process that waits is stopped, and what it waits for is granted to it meanwhile.
namespace steward::tests {
namespace {

class AStoppedWaiter : public Deaths {
  protected:
    void SetUp() override {
        if (DaemonProcess::shares_nothing())
            GTEST_SKIP() << "what is granted over the socket is final";
    }

    /// A process that waits for the lock or rlock, acquires it and keeps it, and is stopped while it waits.
    template <class Kind>
    Victim stopped(Kind open) {
        auto victim = victim_that_waits(open(manager_), [open](Manager& own) { open(own).acquire(); });
        victim.stops();
        return victim;
    }

    /// A thread that waits and lets go at once what it gets; when it got it.
    template <class Kind>
    auto survivor(Kind open) {
        return survivor_that_waits(open(manager_), [open](Manager& own) {
            auto lock = open(own);
            lock.acquire();
            const auto when = Clock::now();
            lock.release();
            return when;
        });
    }

    template <class Kind>
    void expect_the_next_to_be_served(Kind open) {
        auto lock = open(manager_);
        lock.acquire();
        auto first = stopped(open);
        auto next = survivor(open);
        const auto released = Clock::now();
        lock.release();
        const auto after_ms = std::chrono::duration<double, std::milli>(next.get() - released).count();
        std::printf("[  REPORT  ] behind a stopped waiter: the next has it after %.1f ms\n", after_ms);
        RecordProperty("after_ms", std::to_string(after_ms));
        first.goes_on();
        first.comes_to_its_end();
        EXPECT_TRUE(is_of(lock.info().holders, first.pid())) << "it gets what it waited for all the same";
    }
};

TEST_F(AStoppedWaiter, DoesNotHoldUpTheNextForALock) {
    expect_the_next_to_be_served([](const Manager& manager) { return manager.lock("lock"); });
}

TEST_F(AStoppedWaiter, DoesNotHoldUpTheNextForAnRLock) {
    expect_the_next_to_be_served([](const Manager& manager) { return manager.rlock("rlock"); });
}

TEST_F(AStoppedWaiter, DoesNotHoldUpTheNextForAFairLock) {
    expect_the_next_to_be_served([](const Manager& manager) { return manager.lock("fair", {.fair = true}); });
}

TEST_F(AStoppedWaiter, KeepsItsPlace) {
    const auto open = [](const Manager& manager) { return manager.lock("lock"); };
    auto lock = open(manager_);
    lock.acquire();
    auto first = stopped(open);
    lock.release();
    EXPECT_TRUE(eventually([&] { return lock.info().state == "free"; })) << "nobody else waits, and it is withdrawn";
    lock.acquire();
    auto later = survivor(open);
    first.goes_on();
    EXPECT_TRUE(waiters_become(lock, 2));
    EXPECT_EQ(lock.info().waiters.front().pid, first.pid());
    lock.release();
    first.comes_to_its_end();
    first.dies();
    later.get();
}

TEST_F(AStoppedWaiter, ThatIsKilledLeavesNothing) {
    const auto open = [](const Manager& manager) { return manager.lock("lock"); };
    auto lock = open(manager_);
    lock.acquire();
    auto first = stopped(open);
    lock.release();
    first.dies();
    auto acquired = manager_.lock("lock").acquire();
    EXPECT_FALSE(acquired.abandoned.has_value()) << "it never had it";
}

}  // namespace
}  // namespace steward::tests
