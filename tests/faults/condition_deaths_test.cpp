#include <unistd.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include "tests/faults/victim.hpp"

// Who waits for a condition, was notified, or notifies, and dies.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;

/// A condition and the lock that is used with it.
struct Parts {
    explicit Parts(const Manager& manager)
        : lock(manager.rlock("lock")), condition(manager.condition("condition", lock)) {}

    RLock lock;
    Condition condition;
};

class AConditionOfTheDead : public Deaths {
  protected:
    using Timeout = std::optional<std::chrono::nanoseconds>;

    /// What one who waited finds when it goes on.
    struct Outcome {
        bool notified = false;
        pid_t told = 0;
    };

    static Outcome wait_for_it(const Manager& own, Timeout timeout = {}) {
        Parts parts(own);
        const std::scoped_lock guard{parts.lock};
        Outcome outcome{.notified = true};
        if (timeout)
            outcome.notified = parts.condition.wait_for(*timeout);
        else
            parts.condition.wait();
        if (const auto abandoned = parts.condition.abandoned())
            outcome.told = abandoned->pid;
        return outcome;
    }

    Victim waiter(Timeout timeout = {}) {
        return victim_that_waits(condition_, [timeout](const Manager& own) { wait_for_it(own, timeout); });
    }

    auto survivor() {
        return survivor_that_waits(condition_, [](const Manager& own) { return wait_for_it(own); });
    }

    /// Notified, but the lock is held: it waits for that now.
    bool waits_for_the_lock(pid_t pid) const {
        return eventually([&] { return is_of(lock_.info().waiters, pid); });
    }

    Parts parts_{manager_};
    RLock& lock_ = parts_.lock;
    Condition& condition_ = parts_.condition;
};

TEST_F(AConditionOfTheDead, NotifiesTheNextWhenAWaiterHasDied) {
    for (const auto& timeout : {Timeout(), Timeout(watchdog)}) {
        auto victim = waiter(timeout);
        auto behind = survivor();
        die(victim);
        EXPECT_TRUE(waiters_become(condition_, 1));
        {
            const std::scoped_lock guard{lock_};
            EXPECT_TRUE(condition_.notify_one());
        }
        const auto outcome = behind.get();
        EXPECT_TRUE(outcome.notified);
        EXPECT_EQ(outcome.told, 0) << "who died had given the lock up";
    }
}

TEST_F(AConditionOfTheDead, HasNobodyToNotifyWhenAllWaitersHaveDied) {
    auto first = waiter();
    auto second = waiter(watchdog);
    die(first);
    die(second);
    const std::scoped_lock guard{lock_};
    EXPECT_EQ(condition_.notify_all(), 0U);
    expect_nobody_waits();
}

TEST_F(AConditionOfTheDead, PassesTheNotificationOfOneThatDiesWithoutTheLockToTheNext) {
    for (const auto& timeout : {Timeout(), Timeout(watchdog)}) {
        auto victim = waiter(timeout);
        auto behind = survivor();
        {
            const std::scoped_lock guard{lock_};
            EXPECT_EQ(condition_.notify(1), 1U);
            EXPECT_TRUE(waits_for_the_lock(victim.pid()));
            die(victim);
            EXPECT_TRUE(waits_for_the_lock(::getpid()));
            EXPECT_TRUE(condition_.info().waiters.empty());
        }
        const auto outcome = behind.get();
        EXPECT_TRUE(outcome.notified);
        EXPECT_EQ(outcome.told, 0);
    }
}

TEST_F(AConditionOfTheDead, IsNotNotifiedTwiceWhereNobodyIsLeftForTheNotification) {
    auto victim = waiter();
    {
        const std::scoped_lock guard{lock_};
        condition_.notify_one();
        die(victim);
    }
    auto later = survivor();
    EXPECT_TRUE(waiters_become(condition_, 1)) << "it was not meant for who came later";
    const std::scoped_lock guard{lock_};
    EXPECT_EQ(condition_.notify_all(), 1U);
}

TEST_F(AConditionOfTheDead, IsAbandonedByOneThatDiesWithTheLockBackBeforeItKnows) {
    auto victim = waiter();
    auto behind = survivor();
    victim.stops();
    {
        const std::scoped_lock guard{lock_};
        EXPECT_EQ(condition_.notify_all(), 2U);
    }
    EXPECT_TRUE(eventually([&] { return is_of(lock_.info().holders, victim.pid()); }));
    die(victim);
    const auto outcome = behind.get();
    EXPECT_TRUE(outcome.notified);
    EXPECT_EQ(outcome.told, victim.pid());
}

TEST_F(AConditionOfTheDead, LetsTheNotifiedGoOnWhenTheNotifierDiesHoldingTheLock) {
    auto first = survivor();
    auto second = survivor();
    auto notifier = victim_that_did([](const Manager& own) {
        Parts parts(own);
        parts.lock.acquire();
        EXPECT_EQ(parts.condition.notify_all(), 2U);
    });
    EXPECT_TRUE(waiters_become(lock_, 2));
    EXPECT_TRUE(is_of(lock_.info().holders, notifier.pid()));
    die(notifier);
    const auto outcome = first.get();
    EXPECT_TRUE(outcome.notified);
    EXPECT_EQ(outcome.told, notifier.pid());
    EXPECT_EQ(second.get().told, 0) << "one is told, once";
}

TEST_F(AConditionOfTheDead, StaysUnnotifiedWhenOneDiesThatOnlyHeldTheLock) {
    auto behind = survivor();
    auto holder = victim_that_did([](const Manager& own) { Parts(own).lock.acquire(); });
    die(holder);
    EXPECT_EQ(condition_.info().waiters.size(), 1U);
    EXPECT_EQ(lock_.acquire_for(watchdog)->abandoned.value().pid, holder.pid());
    condition_.notify_one();
    lock_.release();
    EXPECT_TRUE(behind.get().notified);
}

TEST_F(AConditionOfTheDead, TakesTheLockFromAThreadThatEndsWithItBack) {
    auto victim = victim_that_waits(condition_, [](const Manager& own) {
        std::thread([&] {
            Parts parts(own);
            parts.lock.acquire();
            parts.lock.acquire();
            parts.condition.wait();
        }).join();
    });
    {
        const std::scoped_lock guard{lock_};
        condition_.notify_one();
    }
    victim.comes_to_its_end();
    EXPECT_EQ(lock_.acquire_for(watchdog)->abandoned.value().pid, victim.pid());
    lock_.release();
    EXPECT_FALSE(lock_.locked());
}

}  // namespace
}  // namespace steward::tests
