#include <chrono>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/faults/victim.hpp"

// Deaths around what several have together, and around what nobody holds: readers, parties, permits by the number,
// events, processes, and those who wait for several things.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class ReadersThatDie : public Deaths {
  protected:
    static auto reading() {
        return [](const Manager& own) { own.rwlock("lock").acquire_shared(); };
    }
    auto surviving_writer() {
        return survivor_that_waits(lock_, [](const Manager& own) { return own.rwlock("lock").acquire(); });
    }
    auto surviving_reader() {
        return survivor_that_waits(lock_, [](const Manager& own) { return own.rwlock("lock").acquire_shared(); });
    }

    RWLock lock_ = manager_.rwlock("lock");
};

TEST_F(ReadersThatDie, LetTheWriterInWhenTheLastOfThemIsGone) {
    auto first = victim_that_did(reading());
    auto second = victim_that_did(reading());
    auto writer = surviving_writer();
    die(first);
    EXPECT_EQ(lock_.readers(), 1U);
    EXPECT_EQ(lock_.info().waiters.size(), 1U);
    die(second);
    EXPECT_FALSE(writer.get().abandoned) << "a reader changes nothing";
}

TEST_F(ReadersThatDie, AreNoHindranceToThoseWhoStillRead) {
    lock_.acquire_shared();
    auto victim = victim_that_did(reading());
    die(victim);
    EXPECT_TRUE(lock_.shared_by_me());
    EXPECT_EQ(lock_.readers(), 1U);
    lock_.release_shared();
    EXPECT_TRUE(lock_.try_acquire());
}

TEST_F(ReadersThatDie, WaitingAreNotWaitedFor) {
    lock_.acquire();
    auto victim = victim_that_waits(lock_, reading());
    auto behind = surviving_writer();
    die(victim);
    lock_.release();
    EXPECT_FALSE(behind.get().abandoned);
    expect_nobody_waits();
}

TEST_F(ReadersThatDie, DoNotKeepReadersBehindADeadWriter) {
    lock_.acquire_shared();
    auto writer = victim_that_waits(lock_, [](const Manager& own) { own.rwlock("lock").acquire(); });
    auto first = surviving_reader();
    auto second = surviving_reader();
    die(writer);
    EXPECT_FALSE(first.get().abandoned);
    EXPECT_FALSE(second.get().abandoned);
    EXPECT_TRUE(lock_.shared_by_me());
}

TEST_F(ReadersThatDie, AreAllToldOfADeadWriterUntilAWriterHasCome) {
    auto victim = victim_that_did([](const Manager& own) { own.rwlock("lock").acquire(); });
    auto first = surviving_reader();
    auto second = surviving_reader();
    auto writer = surviving_writer();
    auto last = surviving_reader();
    victim.dies();
    EXPECT_EQ(first.get().abandoned.value().pid, victim.pid());
    EXPECT_EQ(second.get().abandoned.value().pid, victim.pid());
    EXPECT_EQ(writer.get().abandoned.value().pid, victim.pid());
    EXPECT_FALSE(last.get().abandoned);
}

class PartiesThatDie : public Deaths {
  protected:
    static Barrier barrier_of(const Manager& manager) { return manager.barrier("barrier", 3); }
    auto party() {
        return survivor_that_waits(barrier_, [](const Manager& own) {
            std::error_code ec;
            barrier_of(own).wait(ec);
            return ec;
        });
    }

    Barrier barrier_ = barrier_of(manager_);
};

TEST_F(PartiesThatDie, BreakTheBarrierForTheOthers) {
    auto before = party();
    auto victim = victim_that_waits(barrier_, [](const Manager& own) { barrier_of(own).wait(); });
    die(victim);
    EXPECT_EQ(before.get(), errc::broken_barrier);
    EXPECT_TRUE(barrier_.broken());
    EXPECT_EQ(barrier_.n_waiting(), 0U);
    barrier_.reset();
    auto first = party();
    auto second = party();
    EXPECT_EQ(barrier_.wait(), 2U);
    EXPECT_FALSE(first.get());
    EXPECT_FALSE(second.get());
}

TEST_F(PartiesThatDie, WithATimeOutBreakItToo) {
    auto other = party();
    auto victim = victim_that_waits(barrier_, [](const Manager& own) { barrier_of(own).wait_for(watchdog); });
    die(victim);
    EXPECT_EQ(other.get(), errc::broken_barrier);
}

TEST_F(PartiesThatDie, AfterTheyWentThroughBreakNothing) {
    auto victim = victim_that_waits(barrier_, [](const Manager& own) { barrier_of(own).wait(); });
    auto other = party();
    victim.stops();
    EXPECT_EQ(barrier_.wait(), 2U);
    EXPECT_FALSE(other.get());
    die(victim);
    EXPECT_FALSE(barrier_.broken());
}

TEST_F(PartiesThatDie, OutsideOfItDoNotMatter) {
    auto victim = victim_that_did([](const Manager& own) { return barrier_of(own); });
    auto other = party();
    die(victim);
    EXPECT_FALSE(barrier_.broken());
    EXPECT_EQ(barrier_.n_waiting(), 1U);
    barrier_.abort();
    EXPECT_EQ(other.get(), errc::broken_barrier);
}

class PermitsOfTheDead : public Deaths {
  protected:
    static BoundedSemaphore permits_of(const Manager& manager) { return manager.bounded_semaphore("permits", 5); }

    BoundedSemaphore permits_ = permits_of(manager_);
};

TEST_F(PermitsOfTheDead, ReturnAllAndNoMore) {
    permits_.acquire();
    auto victim = victim_that_did([](const Manager& own) {
        auto permits = permits_of(own);
        permits.acquire();
        return own.acquire_all({{permits, 2}});
    });
    EXPECT_EQ(permits_.value(), 1);
    die(victim);
    EXPECT_EQ(permits_.value(), 4);
    permits_.release();
    EXPECT_EQ(permits_.value(), 5);
}

TEST_F(PermitsOfTheDead, GoToAsManyOfThoseWhoWaitAsTheySuffice) {
    auto victim = victim_that_did([](const Manager& own) { return own.acquire_all({{permits_of(own), 5}}); });
    const auto wants = [&](std::size_t count) {
        return survivor_that_waits(permits_, [count](const Manager& own) {
            own.acquire_all({{permits_of(own), count}}).release();
            return true;
        });
    };
    auto first = wants(4);
    auto second = wants(3);
    victim.dies();
    EXPECT_TRUE(first.get());
    EXPECT_TRUE(second.get());
    EXPECT_EQ(permits_.value(), 5);
}

TEST_F(PermitsOfTheDead, AreGoneWhereTheyBelongToNobody) {
    auto signal = manager_.semaphore("signal", 2);
    auto victim = victim_that_did([](const Manager& own) { own.semaphore("signal", 2).acquire(); });
    die(victim);
    EXPECT_EQ(signal.value(), 1);
}

TEST_F(PermitsOfTheDead, StayWithAProcessWhoseThreadEndsHoldingALock) {
    auto queue = manager_.queue<int>("queue");
    queue.put(1);
    auto victim = victim_that_did([](const Manager& own) {
        Taken<int> taken;
        std::thread([&] {
            permits_of(own).acquire();
            taken = own.queue<int>("queue").take();
            own.lock("lock").acquire();
        }).join();
        return taken;
    });
    auto lock = manager_.lock("lock");
    EXPECT_TRUE(lock.acquire_for(watchdog)) << "a lock belongs to its thread";
    EXPECT_EQ(permits_.value(), 4);
    EXPECT_TRUE(queue.empty()) << "any thread of the process may say that it is done";
    die(victim);
    EXPECT_EQ(permits_.value(), 5);
    EXPECT_EQ(queue.get(), 1);
}

class WaitersThatDie : public Deaths {
  protected:
    Event event_ = manager_.event("event", {.auto_reset = true});
    Lock lock_ = manager_.lock("lock");
    Lock other_ = manager_.lock("other");
    Queue<int> queue_ = manager_.queue<int>("queue");

    static Event event_of(const Manager& own) { return own.event("event", {.auto_reset = true}); }
};

TEST_F(WaitersThatDie, ForAnEventLeaveItToTheNext) {
    auto victim = victim_that_waits(event_, [](const Manager& own) { event_of(own).wait(); });
    auto impatient = victim_that_waits(event_, [](const Manager& own) { event_of(own).wait_for(watchdog); });
    auto behind = survivor_that_waits(event_, [](const Manager& own) {
        event_of(own).wait();
        return true;
    });
    die(victim);
    die(impatient);
    event_.set();
    EXPECT_TRUE(behind.get());
    EXPECT_FALSE(event_.is_set());
}

TEST_F(WaitersThatDie, ForAllOfSeveralHinderNobodyInAnyLine) {
    lock_.acquire();
    other_.acquire();
    const auto acquire_both = [](const Manager& own) { return own.acquire_all({own.lock("lock"), own.lock("other")}); };
    auto victim = victim_that_waits(lock_, acquire_both);
    EXPECT_TRUE(is_of(other_.info().waiters, victim.pid()));
    auto behind = survivor_that_waits(other_, [](const Manager& own) { return own.lock("other").acquire(); });
    other_.release();
    EXPECT_EQ(other_.info().waiters.size(), 2U) << "who waits for both comes first";
    die(victim);
    EXPECT_FALSE(behind.get().abandoned) << "it never held one of them";
    EXPECT_TRUE(lock_.held_by_me());
    expect_nobody_waits();
}

TEST_F(WaitersThatDie, ForAnyOfSeveralLeaveAllLinesAndTakeNothing) {
    lock_.acquire();
    auto victim = victim_that_waits(queue_, [](const Manager& own) {
        own.wait_any({event_of(own), own.lock("lock"), own.queue<int>("queue")});
    });
    EXPECT_TRUE(is_of(lock_.info().waiters, victim.pid()));
    die(victim);
    expect_nobody_waits();
    lock_.release();
    event_.set();
    queue_.put(1);
    EXPECT_TRUE(lock_.try_acquire());
    EXPECT_TRUE(event_.is_set());
    EXPECT_EQ(queue_.get(), 1);
}

TEST_F(WaitersThatDie, ForAProcessLeaveTheOthersToLearnOfItsEnd) {
    auto mortal = victim_that_did([](const Manager& own) { return own; });
    const auto process = manager_.process(mortal.pid());
    const auto wait = [pid = mortal.pid()](const Manager& own) { own.process(pid).wait(); };
    auto victim = victim_that_waits(process, wait);
    auto survivor = survivor_that_waits(process, wait);
    die(victim);
    EXPECT_TRUE(waiters_become(process, 1));
    die(mortal);
    survivor.get();
    EXPECT_TRUE(process.ended());
}

}  // namespace
}  // namespace steward::tests
