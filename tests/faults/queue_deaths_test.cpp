#include <chrono>
#include <optional>
#include <vector>

#include "tests/faults/victim.hpp"

// Who puts, gets, takes and joins, and dies. Whether it waits with or without a time-out makes no difference.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;

enum class Patience { endless, limited };

class AQueueOfTheDead : public Deaths {
  protected:
    static Queue<int> queue_of(const Manager& manager) { return manager.queue<int>("queue", 3); }

    void fill() {
        for (int item = 1; item <= 3; ++item)
            queue_.put(item);
    }

    /// What is in the queue, from its head on.
    std::vector<int> rest() {
        std::vector<int> items;
        while (const auto item = queue_.try_get())
            items.push_back(*item);
        return items;
    }

    /// A process that has taken so many items and is done with none of them.
    Victim taker(std::size_t count) const {
        return victim_that_did([count](const Manager& own) {
            auto queue = queue_of(own);
            std::vector<Taken<int>> items;
            while (items.size() < count)
                items.push_back(queue.take());
            return items;
        });
    }

    Victim waiting_taker() const {
        return victim_that_waits(queue_, [](const Manager& own) { return queue_of(own).take(); });
    }

    auto waiting_getter() {
        return survivor_that_waits(queue_, [](const Manager& own) { return queue_of(own).get(); });
    }

    Queue<int> queue_ = queue_of(manager_);
};

TEST_F(AQueueOfTheDead, TakesBackInOrderWhatATakerHadNotDone) {
    fill();
    auto victim = taker(2);
    EXPECT_EQ(queue_.size(), 1U);
    EXPECT_EQ(queue_.info().holders.size(), 2U);
    die(victim);
    EXPECT_EQ(rest(), (std::vector{1, 2, 3}));
}

TEST_F(AQueueOfTheDead, DoesNotTakeBackWhatIsDone) {
    fill();
    auto victim = victim_that_did([](const Manager& own) {
        auto queue = queue_of(own);
        queue.take().done();
        return queue.take();
    });
    die(victim);
    EXPECT_EQ(rest(), (std::vector{2, 3}));
}

TEST_F(AQueueOfTheDead, GivesWhatTheDeadHadTakenToThoseWhoWait) {
    fill();
    auto victim = taker(3);
    auto first = waiting_getter();
    auto second = waiting_getter();
    victim.dies();
    EXPECT_EQ(first.get(), 1);
    EXPECT_EQ(second.get(), 2);
    EXPECT_EQ(rest(), (std::vector{3}));
}

TEST_F(AQueueOfTheDead, GivesAnItemFromTakerToTakerUntilOneLives) {
    queue_.put(1);
    auto first = taker(1);
    auto second = waiting_taker();
    auto third = waiting_getter();
    die(first);
    EXPECT_TRUE(eventually([&] { return is_of(queue_.info().holders, second.pid()); }));
    die(second);
    EXPECT_EQ(third.get(), 1);
    EXPECT_TRUE(queue_.empty());
}

TEST_F(AQueueOfTheDead, TakesBackWhatATakerGotButDidNotLiveToSee) {
    auto victim = waiting_taker();
    victim.stops();
    queue_.put(1);
    EXPECT_TRUE(is_of(queue_.info().holders, victim.pid()));
    EXPECT_TRUE(queue_.empty());
    die(victim);
    EXPECT_EQ(rest(), (std::vector{1}));
}

TEST_F(AQueueOfTheDead, LeavesTheItemsWithATakerThatIsStopped) {
    fill();
    auto victim = taker(2);
    victim.stops();
    EXPECT_EQ(queue_.get(), 3);
    EXPECT_FALSE(queue_.get_for(20ms));
    victim.goes_on();
    die(victim);
    EXPECT_EQ(rest(), (std::vector{1, 2}));
}

TEST_F(AQueueOfTheDead, TakesBackMoreThanItHoldsAndLetsNobodyPutUntilThereIsRoom) {
    fill();
    auto victim = taker(1);
    queue_.put(4);
    auto putter = survivor_that_waits(queue_, [](const Manager& own) { queue_of(own).put(5); });
    die(victim);
    EXPECT_EQ(queue_.size(), 4U);
    EXPECT_EQ(queue_.get(), 1);
    EXPECT_EQ(queue_.info().waiters.size(), 1U) << "it is still full";
    EXPECT_EQ(queue_.get(), 2);
    putter.get();
    EXPECT_EQ(rest(), (std::vector{3, 4, 5}));
}

TEST_F(AQueueOfTheDead, IsNotJoinedByTheDeathOfATaker) {
    queue_.put(1);
    auto victim = taker(1);
    auto joiner = survivor_that_waits(queue_, [](const Manager& own) { queue_of(own).join(); });
    die(victim);
    EXPECT_EQ(queue_.info().waiters.size(), 1U);
    queue_.take().done();
    joiner.get();
    EXPECT_TRUE(queue_.join_for(0s));
}

TEST_F(AQueueOfTheDead, KeepsWhatTheDeadHadPut) {
    auto victim = victim_that_did([](const Manager& own) { queue_of(own).put(7); });
    die(victim);
    EXPECT_EQ(rest(), (std::vector{7}));
}

class AQueueOfDeadWaiters : public AQueueOfTheDead, public testing::WithParamInterface<Patience> {
  protected:
    static bool endless() { return GetParam() == Patience::endless; }
};

TEST_P(AQueueOfDeadWaiters, IsNotGivenTheItemOfAPutter) {
    fill();
    auto victim = victim_that_waits(queue_, [](const Manager& own) {
        auto queue = queue_of(own);
        if (endless())
            queue.put(-1);
        else
            queue.put_for(-1, watchdog);
    });
    auto behind = survivor_that_waits(queue_, [](const Manager& own) { queue_of(own).put(4); });
    die(victim);
    EXPECT_TRUE(waiters_become(queue_, 1));
    EXPECT_EQ(queue_.get(), 1);
    behind.get();
    EXPECT_EQ(rest(), (std::vector{2, 3, 4}));
    expect_nobody_waits();
}

TEST_P(AQueueOfDeadWaiters, LosesNothingToAGetter) {
    auto victim = victim_that_waits(queue_, [](const Manager& own) {
        return endless() ? queue_of(own).get() : queue_of(own).get_for(watchdog).value();
    });
    auto behind = waiting_getter();
    die(victim);
    EXPECT_TRUE(waiters_become(queue_, 1));
    queue_.put(1);
    queue_.put(2);
    EXPECT_EQ(behind.get(), 1);
    EXPECT_EQ(rest(), (std::vector{2}));
}

TEST_P(AQueueOfDeadWaiters, LosesNothingToATaker) {
    auto victim = victim_that_waits(queue_, [](const Manager& own) {
        return endless() ? std::optional(queue_of(own).take()) : queue_of(own).take_for(watchdog);
    });
    auto behind = waiting_getter();
    die(victim);
    EXPECT_TRUE(waiters_become(queue_, 1));
    queue_.put(1);
    EXPECT_EQ(behind.get(), 1);
    EXPECT_TRUE(queue_.empty());
    expect_nobody_waits();
}

TEST_P(AQueueOfDeadWaiters, IsJoinedByTheOthersWhenAJoinerDies) {
    queue_.put(1);
    auto victim = victim_that_waits(queue_, [](const Manager& own) {
        if (endless())
            queue_of(own).join();
        else
            queue_of(own).join_for(watchdog);
    });
    auto behind = survivor_that_waits(queue_, [](const Manager& own) { queue_of(own).join(); });
    die(victim);
    EXPECT_TRUE(waiters_become(queue_, 1));
    queue_.take().done();
    behind.get();
    expect_nobody_waits();
}

INSTANTIATE_TEST_SUITE_P(Queue, AQueueOfDeadWaiters, testing::Values(Patience::endless, Patience::limited),
                         [](const auto& test) { return test.param == Patience::endless ? "Endless" : "Limited"; });

}  // namespace
}  // namespace steward::tests
