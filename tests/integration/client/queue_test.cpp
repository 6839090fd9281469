#include <steward/queue.hpp>

#include <unistd.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class AQueue : public ClientTest {
  protected:
    Queue<int> queue_ = manager_.queue<int>("queue", 3);
};

TEST_F(AQueue, IsFirstInFirstOut) {
    EXPECT_TRUE(queue_.empty());
    queue_.put(1);
    queue_.put(2);
    EXPECT_EQ(queue_.size(), 2U);
    EXPECT_EQ(queue_.get(), 1);
    EXPECT_EQ(queue_.get_for(1s), 2);
    EXPECT_TRUE(queue_.empty());
}

TEST_F(AQueue, HoldsNoMoreThanItsSize) {
    EXPECT_EQ(queue_.max_size(), 3U);
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(queue_.try_put(i));
    EXPECT_TRUE(queue_.full());
    EXPECT_FALSE(queue_.try_put(3));
    EXPECT_FALSE(queue_.put_for(3, 10ms));
    EXPECT_FALSE(queue_.put_until(3, std::chrono::system_clock::now() + 10ms));
    EXPECT_EQ(queue_.size(), 3U);
}

TEST_F(AQueue, OfNoSizeHoldsAnyNumber) {
    auto endless = manager_.queue<int>("endless");
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(endless.try_put(i));
    EXPECT_EQ(endless.max_size(), 0U);
    EXPECT_FALSE(endless.full());
    for (int i = 0; i < 1000; ++i)
        ASSERT_EQ(endless.try_get(), i);
}

TEST_F(AQueue, GivesNothingWhenTheTimeIsOver) {
    EXPECT_FALSE(queue_.try_get());
    EXPECT_FALSE(queue_.get_for(10ms));
    EXPECT_FALSE(queue_.get_until(std::chrono::steady_clock::now() + 10ms));
    EXPECT_FALSE(queue_.try_take());
    EXPECT_FALSE(queue_.take_for(10ms));
    EXPECT_FALSE(queue_.take_until(std::chrono::steady_clock::now() + 10ms));
}

TEST_F(AQueue, ServesThoseWhoWaitInTheOrderOfArrival) {
    auto first = in_background([this] { return queue_.get(); });
    ASSERT_TRUE(waiters_become(queue_, 1));
    auto second = in_background([this] { return queue_.get(); });
    ASSERT_TRUE(waiters_become(queue_, 2));
    queue_.put(1);
    queue_.put(2);
    EXPECT_EQ(first.get(), 1);
    EXPECT_EQ(second.get(), 2);
}

TEST_F(AQueue, LetsThoseGoOnWhoWaitForRoom) {
    for (int i = 0; i < 3; ++i)
        queue_.put(i);
    auto putter = in_background([this] { queue_.put(3); });
    ASSERT_TRUE(waiters_become(queue_, 1));
    EXPECT_EQ(queue_.get(), 0);
    putter.get();
    for (int i = 1; i < 4; ++i)
        EXPECT_EQ(queue_.get(), i);
}

TEST_F(AQueue, CarriesItemsBetweenProcesses) {
    ChildProcess child([this] {
        auto own = connect();
        auto queue = own.queue<int>("queue", 3);
        for (int i = 0; i < 20; ++i)
            queue.put(i);
        return 0;
    });
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(queue_.get(), i);
    EXPECT_EQ(child.wait(), 0);
}

TEST_F(AQueue, TakesBackToItsHeadWhatIsNotDone) {
    queue_.put(1);
    queue_.put(2);
    {
        auto taken = queue_.take();
        EXPECT_EQ(*taken, 1);
        EXPECT_EQ(queue_.size(), 1U);
    }
    EXPECT_EQ(queue_.size(), 2U);
    {
        auto taken = queue_.take_for(1s);
        ASSERT_TRUE(taken);
        EXPECT_EQ(**taken, 1);
        taken->done();
    }
    EXPECT_EQ(queue_.get(), 2);
}

TEST_F(AQueue, GivesWhatIsGivenBackToTheOneWhoWaits) {
    queue_.put(1);
    auto taken = queue_.take();
    auto waiter = in_background([this] { return queue_.get(); });
    ASSERT_TRUE(waiters_become(queue_, 1));
    taken.give_back();
    EXPECT_EQ(waiter.get(), 1);
}

TEST_F(AQueue, TakesBackWhatTheDeadHadTaken) {
    queue_.put(1);
    queue_.put(2);
    const Gate taken;
    ChildProcess child([&] {
        auto own = connect();
        auto queue = own.queue<int>("queue", 3);
        const auto item = queue.take();
        taken.open();
        return pause();
    });
    taken.pass();
    EXPECT_EQ(queue_.size(), 1U);
    child.kill();
    EXPECT_TRUE(eventually([this] { return queue_.size() == 2; }));
    EXPECT_EQ(queue_.get(), 1);
    EXPECT_EQ(queue_.get(), 2);
}

TEST_F(AQueue, IsNotDisturbedByACopyOfATakenItemInAForkedChild) {
    queue_.put(1);
    {
        auto taken = queue_.take();
        ChildProcess child([&] {
            const auto copy = std::move(taken);
            return 0;
        });
        EXPECT_EQ(child.wait(), 0);
        EXPECT_TRUE(queue_.empty());
        taken.done();
    }
    EXPECT_TRUE(queue_.empty());
}

TEST_F(AQueue, IsJoinedWhenEveryItemIsDone) {
    queue_.join();
    queue_.put(1);
    queue_.put(2);
    EXPECT_FALSE(queue_.join_for(10ms));
    auto joiner = in_background([this] { queue_.join(); });
    ASSERT_TRUE(waiters_become(queue_, 1));
    queue_.get();
    queue_.task_done();
    EXPECT_EQ(queue_.info().waiters.size(), 1U);
    queue_.take().done();
    joiner.get();
    EXPECT_TRUE(queue_.join_until(std::chrono::system_clock::now()));
    EXPECT_EQ(error_of([this] { queue_.task_done(); }), errc::invalid_argument);
}

TEST_F(AQueue, HoldsWhatAnotherProgramHasPut) {
    auto any = manager_.queue("queue", 3);
    any.put("text");
    any.put(5);
    EXPECT_EQ(error_of([this] { static_cast<void>(queue_.take()); }), errc::type_mismatch);
    EXPECT_EQ(any.get(), Any("text")) << "it was given back";
    EXPECT_EQ(queue_.get(), 5);
}

TEST_F(AQueue, IsNotOpenedWithAnotherSize) {
    EXPECT_EQ(error_of([this] { manager_.queue("queue", 4); }), errc::wrong_options);
    EXPECT_EQ(error_of([this] { manager_.queue("queue"); }), errc::wrong_options);
}

TEST_F(AQueue, ThatIsRemovedFailsThoseWhoWait) {
    auto waiter = in_background([this] { return error_of([this] { queue_.get(); }); });
    ASSERT_TRUE(waiters_become(queue_, 1));
    queue_.remove();
    EXPECT_EQ(waiter.get(), errc::object_removed);
    EXPECT_EQ(error_of([this] { queue_.put(1); }), errc::no_such_object);
}

TEST_F(AQueue, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    queue_.put(1, ec);
    EXPECT_TRUE(queue_.put_for(2, 1s, ec));
    EXPECT_TRUE(queue_.try_put(3, ec));
    EXPECT_FALSE(queue_.try_put(4, ec));
    EXPECT_TRUE(queue_.full(ec));
    EXPECT_EQ(queue_.get(ec), 1);
    EXPECT_EQ(queue_.get_for(1s, ec), 2);
    auto taken = queue_.take(ec);
    EXPECT_EQ(taken.value(), 3);
    taken.done(ec);
    EXPECT_FALSE(queue_.try_take(ec));
    EXPECT_FALSE(ec);
    queue_.remove();
    EXPECT_FALSE(queue_.take(ec));
    EXPECT_EQ(ec, errc::no_such_object);
    EXPECT_EQ(queue_.size(ec), 0U);
    EXPECT_EQ(ec, errc::no_such_object);
    queue_.join(ec);
    EXPECT_EQ(ec, errc::no_such_object);
}

}  // namespace
}  // namespace steward::tests
