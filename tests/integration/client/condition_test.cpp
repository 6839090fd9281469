#include <steward/condition.hpp>

#include <unistd.h>

#include <chrono>
#include <future>
#include <mutex>
#include <system_error>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class ACondition : public ClientTest {
  protected:
    Condition condition_ = manager_.condition("condition");
    Value<int> value_ = manager_.value<int>("value", 0);
};

TEST_F(ACondition, StandsForItsLock) {
    EXPECT_FALSE(condition_.locked());
    {
        const std::scoped_lock guard{condition_};
        EXPECT_TRUE(condition_.locked());
        EXPECT_TRUE(condition_.held_by_me());
        EXPECT_EQ(condition_.acquire().token, condition_.token()) << "an RLock";
        condition_.release();
        in_background([this] {
            EXPECT_FALSE(condition_.held_by_me());
            EXPECT_FALSE(condition_.try_acquire());
            EXPECT_FALSE(condition_.try_lock_for(1ms));
        }).get();
    }
    EXPECT_FALSE(condition_.locked());
}

TEST_F(ACondition, WakesTheThreadThatWaits) {
    auto waiter = in_background([this] {
        const std::scoped_lock guard{condition_};
        condition_.wait();
        return condition_.held_by_me();
    });
    ASSERT_TRUE(waiters_become(condition_, 1));
    {
        const std::scoped_lock guard{condition_};
        EXPECT_TRUE(condition_.notify_one());
        EXPECT_FALSE(condition_.notify_one());
    }
    EXPECT_TRUE(waiter.get());
}

TEST_F(ACondition, WaitsUntilAnotherProcessHasMadeThePredicateTrue) {
    const Gate begin;
    ChildProcess child([&] {
        begin.pass();
        auto own = connect();
        auto condition = own.condition("condition");
        auto value = own.value<int>("value", 0);
        for (int i = 1; i <= 3; ++i) {
            const std::scoped_lock guard{condition};
            value.set(i);
            condition.notify_all();
        }
        return 0;
    });
    std::unique_lock guard{condition_};
    begin.open();
    condition_.wait(guard, [this] { return value_.get() == 3; });
    EXPECT_TRUE(condition_.held_by_me());
    EXPECT_EQ(child.wait(), 0);
}

TEST_F(ACondition, GivesTheLockUpHoweverOftenItIsHeldAndTakesItBack) {
    auto lock = manager_.rlock("rlock");
    auto condition = manager_.condition("on rlock", lock);
    auto waiter = in_background([&] {
        lock.acquire();
        lock.acquire();
        condition.wait();
        const auto count = lock.count();
        lock.release();
        lock.release();
        return count;
    });
    ASSERT_TRUE(waiters_become(condition, 1));
    lock.acquire();
    condition.notify_one();
    lock.release();
    EXPECT_EQ(waiter.get(), 2U);
    EXPECT_FALSE(lock.locked());
}

TEST_F(ACondition, TakesTheLockBackWhenTheTimeIsOver) {
    const std::scoped_lock guard{condition_};
    EXPECT_FALSE(condition_.wait_for(10ms));
    EXPECT_TRUE(condition_.held_by_me());
    EXPECT_FALSE(condition_.wait_until(std::chrono::system_clock::now() + 10ms));
    EXPECT_FALSE(condition_.wait_for(-1s));
    EXPECT_TRUE(condition_.held_by_me());
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(condition_.wait_for(20ms, [] { return false; }));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
    EXPECT_FALSE(condition_.wait_until(std::chrono::steady_clock::now() + 10ms, [] { return false; }));
    EXPECT_TRUE(condition_.held_by_me());
}

TEST_F(ACondition, WakesAsManyAsItIsToldTo) {
    std::vector<std::future<void>> waiters;
    for (int i = 0; i < 3; ++i)
        waiters.push_back(in_background([this] {
            auto own = connect();
            auto condition = own.condition("condition");
            const std::scoped_lock guard{condition};
            condition.wait();
        }));
    ASSERT_TRUE(waiters_become(condition_, 3));
    {
        const std::scoped_lock guard{condition_};
        EXPECT_EQ(condition_.notify(2), 2U);
        EXPECT_EQ(condition_.notify_all(), 1U);
        EXPECT_EQ(condition_.notify_all(), 0U);
    }
    for (auto& waiter : waiters)
        waiter.get();
}

TEST_F(ACondition, UsesALockThatSeveralConditionsShare) {
    auto lock = manager_.lock("lock");
    auto not_empty = manager_.condition("not empty", lock);
    auto not_full = manager_.condition("not full", lock);
    auto consumer = in_background([&] {
        std::unique_lock guard{lock};
        not_empty.wait(guard, [this] { return value_.get() == 1; });
        value_.set(0);
        not_full.notify_one();
    });
    {
        std::unique_lock guard{lock};
        value_.set(1);
        not_empty.notify_one();
        EXPECT_TRUE(not_full.wait_for(guard, watchdog, [this] { return value_.get() == 0; }));
    }
    consumer.get();
}

TEST_F(ACondition, RefusesThoseWhoDoNotHoldItsLock) {
    EXPECT_EQ(error_of([this] { condition_.wait(); }), errc::not_owner);
    EXPECT_EQ(error_of([this] { condition_.wait_for(1ms); }), errc::not_owner);
    EXPECT_EQ(error_of([this] { condition_.notify_one(); }), errc::not_owner);
    EXPECT_EQ(error_of([this] { condition_.notify_all(); }), errc::not_owner);
    EXPECT_EQ(error_of([this] { condition_.release(); }), errc::not_owner);
}

TEST_F(ACondition, IsNotOpenedWithAnotherLock) {
    const auto lock = manager_.lock("lock");
    const auto other = manager_.lock("other");
    manager_.condition("on lock", lock);
    manager_.condition("on lock", lock);
    EXPECT_EQ(error_of([&] { manager_.condition("on lock", other); }), errc::wrong_options);
    EXPECT_EQ(error_of([&] { manager_.condition("condition", other); }), errc::wrong_options);
    EXPECT_EQ(error_of([&] { connect().condition("on lock", lock); }), errc::invalid_argument) << "another Manager";
}

TEST_F(ACondition, TellsWhoDiedHoldingItsLockMeanwhile) {
    const Gate begin;
    const Gate notified;
    ChildProcess child([&] {
        begin.pass();
        auto own = connect();
        auto condition = own.condition("condition");
        condition.acquire();
        condition.notify_all();
        notified.open();
        return pause();
    });
    const std::scoped_lock guard{condition_};
    begin.open();
    auto killer = in_background([&] {
        notified.pass();
        child.kill();
    });
    condition_.wait();
    killer.get();
    ASSERT_TRUE(condition_.abandoned());
    EXPECT_EQ(condition_.abandoned()->pid, child.pid());
}

TEST_F(ACondition, PassesOverAWaiterThatHasDied) {
    ChildProcess child([this] {
        auto own = connect();
        auto condition = own.condition("condition");
        const std::scoped_lock guard{condition};
        condition.wait();
        return 0;
    });
    ASSERT_TRUE(waiters_become(condition_, 1));
    child.kill();
    EXPECT_TRUE(waiters_become(condition_, 0));
    const std::scoped_lock guard{condition_};
    EXPECT_FALSE(condition_.notify_one());
}

TEST_F(ACondition, ThatIsRemovedFailsThoseWhoWait) {
    auto waiter = in_background([this] {
        condition_.acquire();
        return error_of([this] { condition_.wait(); });
    });
    ASSERT_TRUE(waiters_become(condition_, 1));
    condition_.remove();
    EXPECT_EQ(waiter.get(), errc::object_removed);
}

TEST_F(ACondition, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    condition_.wait(ec);
    EXPECT_EQ(ec, errc::not_owner);
    EXPECT_EQ(condition_.notify(2, ec), 0U);
    EXPECT_EQ(ec, errc::not_owner);
    condition_.acquire(ec);
    EXPECT_FALSE(condition_.wait_for(1ms, ec));
    EXPECT_FALSE(condition_.wait_for(
        1ms, [] { return false; }, ec));
    EXPECT_FALSE(condition_.notify_one(ec));
    condition_.release(ec);
    EXPECT_FALSE(ec);
}

}  // namespace
}  // namespace steward::tests
