#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <iterator>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

/// A Manager whose daemon is killed, or told to end, and started again.
class AReconnect : public ClientTest, public testing::WithParamInterface<bool> {
  protected:
    void end_the_daemon() {
        if (GetParam())
            daemon_.kill();
        else
            daemon_.terminate();
    }
    void restart() {
        end_the_daemon();
        daemon_.start();
    }
    static std::ptrdiff_t open_descriptors() {
        return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
    }
};

TEST_P(AReconnect, LetsTheSessionGoOn) {
    const auto session = manager_.session();
    auto dict = manager_.dict<std::string, int>("dict", {{"a", 1}});
    restart();
    EXPECT_EQ(dict.at("a"), 1);
    dict.set("b", 2);
    EXPECT_EQ(dict.size(), 2U);
    EXPECT_EQ(manager_.session(), session);
    EXPECT_EQ(manager_.list<int>("another").size(), 0U);
}

TEST_P(AReconnect, SortsALongListThatWasBeingPrepared) {
    std::vector<std::int64_t> expected;
    for (std::int64_t i = 0; i < 100'000; ++i)
        expected.push_back(i * 7919 % 100'000);
    auto list = manager_.list<std::int64_t>("list", expected);
    auto sorted = in_background([&] { list.sort(); });
    auto longer = in_background([own = connect()] { own.list<std::int64_t>("list").append(-1); });
    restart();
    sorted.get();
    longer.get();
    EXPECT_EQ(list.size(), expected.size() + 1);
    list.remove_value(-1);
    std::ranges::sort(expected);
    EXPECT_EQ(list.copy(), expected);
}

TEST_P(AReconnect, WaitsForTheNextDaemon) {
    auto value = manager_.value<int>("value", 1);
    end_the_daemon();
    auto added = in_background([&] { return value.fetch_add(1); });
    daemon_.start();
    EXPECT_EQ(added.get(), 1);
    EXPECT_EQ(value.get(), 2);
}

TEST_P(AReconnect, KeepsWhatIsHeld) {
    auto lock = manager_.lock("lock");
    auto rlock = manager_.rlock("rlock");
    auto permits = manager_.semaphore("permits", 1, {.recover = true});
    const auto token = lock.acquire().token;
    rlock.lock();
    rlock.lock();
    permits.acquire();
    restart();
    auto stranger = connect();
    EXPECT_FALSE(stranger.lock("lock").try_lock());
    EXPECT_FALSE(stranger.rlock("rlock").try_lock());
    EXPECT_FALSE(stranger.semaphore("permits", 1, {.recover = true}).try_acquire());
    EXPECT_TRUE(lock.held_by_me());
    EXPECT_EQ(lock.token(), token);
    EXPECT_EQ(rlock.count(), 2U);
    lock.release();
    rlock.release();
    rlock.release();
    permits.release();
    EXPECT_TRUE(stranger.lock("lock").try_lock());
    EXPECT_TRUE(stranger.rlock("rlock").try_lock());
    EXPECT_TRUE(stranger.semaphore("permits", 1, {.recover = true}).try_acquire());
}

TEST_P(AReconnect, LeavesWhatTheWordAloneCanDo) {
    if (DaemonProcess::shares_nothing())
        GTEST_SKIP() << "no word is shared";
    auto lock = manager_.lock("lock");
    auto value = manager_.value<int>("value", 7);
    const auto use = [&] {
        for (int i = 0; i < 200; ++i) {
            const std::scoped_lock guard(lock);
            EXPECT_EQ(value.get(), 7);
        }
    };
    use();
    end_the_daemon();
    use();
    lock.lock();
    daemon_.start();
    EXPECT_FALSE(connect().lock("lock").try_lock());
    lock.unlock();
    EXPECT_TRUE(connect().lock("lock").try_lock());
}

TEST_P(AReconnect, LetsThoseWhoWaitForALockWaitOn) {
    auto lock = manager_.lock("lock");
    auto rlock = manager_.rlock("rlock");
    lock.acquire();
    rlock.lock();
    auto waits = in_background([this] { return connect().lock("lock").acquire().token; });
    auto waits_too = in_background([this] {
        auto own = connect();
        auto same = own.rlock("rlock");
        same.lock();
        return same.count();
    });
    ASSERT_TRUE(waiters_become(lock, 1) && waiters_become(rlock, 1));
    restart();
    EXPECT_TRUE(waiters_become(lock, 1) && waiters_become(rlock, 1)) << "they ask the next one";
    const auto token = lock.token();
    lock.release();
    rlock.release();
    EXPECT_GT(waits.get(), token);
    EXPECT_EQ(waits_too.get(), 1U);
}

TEST_P(AReconnect, LetsWhoeverWaitsWaitOn) {
    auto event = manager_.event("event");
    auto queue = manager_.queue<int>("queue");
    auto waiter = in_background([&] { event.wait(); });
    auto taker = in_background([&] { return queue.get(); });
    auto watcher = connect();
    ASSERT_TRUE(waiters_become(watcher.event("event"), 1) && waiters_become(watcher.queue<int>("queue"), 1));
    restart();
    EXPECT_TRUE(waiters_become(watcher.event("event"), 1) && waiters_become(watcher.queue<int>("queue"), 1));
    event.set();
    queue.put(1);
    waiter.get();
    EXPECT_EQ(taker.get(), 1);
    EXPECT_TRUE(queue.empty());
}

TEST_P(AReconnect, KeepsTheOrderOfThoseWhoWait) {
    auto queue = manager_.queue<int>("queue");
    std::vector<std::future<int>> takers;
    for (int i = 0; i < 4; ++i) {
        takers.push_back(in_background([this] { return connect().queue<int>("queue").get(); }));
        ASSERT_TRUE(waiters_become(queue, static_cast<std::size_t>(i + 1)));
    }
    restart();
    EXPECT_TRUE(waiters_become(queue, 4));
    for (int i = 0; i < 4; ++i)
        queue.put(i);
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(takers[static_cast<std::size_t>(i)].get(), i);
}

TEST_P(AReconnect, CarriesOutOnceWhatManyThreadsAskFor) {
    constexpr int number_of_threads = 8;
    auto list = manager_.list<int>("list");
    auto queue = manager_.queue<int>("queue", 3);
    std::atomic<bool> stopped = false;
    std::vector<std::future<int>> threads;
    for (int thread = 0; thread < number_of_threads; ++thread)
        threads.push_back(in_background([&, thread] {
            int number = 0;
            for (; !stopped; ++number) {
                list.append(number * number_of_threads + thread);
                if (thread % 2 == 0)
                    queue.put(number);
                else
                    queue.get_for(1ms);
            }
            return number;
        }));
    for (int restarts = 0; restarts < 30; ++restarts) {
        const auto size = list.size();
        EXPECT_TRUE(eventually([&] { return list.size() > size + 20; }));
        restart();
    }
    stopped = true;
    while (std::ranges::any_of(threads, [](auto& each) { return each.wait_for(1ms) != std::future_status::ready; }))
        queue.get_for(1ms);
    auto items = list.copy();
    std::ranges::sort(items);
    EXPECT_EQ(std::ranges::adjacent_find(items), items.end()) << "something was appended twice";
    int appended = 0;
    for (auto& thread : threads)
        appended += thread.get();
    EXPECT_EQ(items.size(), static_cast<std::size_t>(appended));
}

TEST_P(AReconnect, KeepsNamelessObjectsThatAreUsed) {
    auto list = manager_.list<int>();
    list.append(1);
    restart();
    list.append(2);
    EXPECT_EQ(list.copy(), (std::vector{1, 2}));
    EXPECT_EQ(manager_.nameless_objects().size(), 1U);
}

TEST_P(AReconnect, LetsAThreadGiveBackWhatItHeldWhenItEnded) {
    auto lock = manager_.lock("lock");
    std::promise<void> held;
    std::promise<void> end;
    std::thread holder([&] {
        lock.acquire();
        held.set_value();
        end.get_future().wait();
    });
    held.get_future().wait();
    end_the_daemon();
    end.set_value();
    holder.join();
    daemon_.start();
    manager_.objects();
    EXPECT_TRUE(lock.acquire_for(5s).has_value()) << "the thread has ended while there was no daemon";
}

TEST_P(AReconnect, CanHappenAgainAndAgain) {
    auto list = manager_.list<int>("list");
    auto lock = manager_.lock("lock");
    lock.acquire();
    list.append(0);
    restart();
    list.append(1);
    const auto descriptors = open_descriptors();
    for (int i = 2; i < 10; ++i) {
        restart();
        list.append(i);
    }
    EXPECT_EQ(list.size(), 10U);
    EXPECT_TRUE(lock.held_by_me());
    EXPECT_LE(open_descriptors(), descriptors);
}

TEST_P(AReconnect, IsNotToWhereTheSessionIsUnknown) {
    auto list = manager_.list<int>("list");
    end_the_daemon();
    EXPECT_EQ(run_stewardd({"--socket", daemon_.socket(), "--forget"}).exit_code, 0);
    daemon_.start();
    EXPECT_EQ(error_of([&] { list.append(1); }), errc::session_lost);
    EXPECT_EQ(error_of([&] { manager_.list<int>("list"); }), errc::session_lost);
    EXPECT_EQ(connect().list<int>("list").size(), 0U);
}

TEST_P(AReconnect, IsTriedForAsLongAsTheManagerWants) {
    Manager impatient({.socket = daemon_.socket(), .reconnect_timeout = 0s});
    Manager patient({.socket = daemon_.socket(), .reconnect_timeout = 50ms});
    auto first = impatient.value<int>("value", 1);
    auto second = patient.value<int>("value", 1);
    end_the_daemon();
    EXPECT_EQ(error_of([&] { first.set(2); }), errc::not_connected);
    EXPECT_EQ(error_of([&] { second.set(2); }), errc::not_connected);
    daemon_.start();
    EXPECT_EQ(error_of([&] { first.set(2); }), errc::not_connected) << "it was final";
    second.set(3);
    EXPECT_EQ(connect().value<int>("value", 0).get(), 3);
}

TEST_P(AReconnect, OfAForkedChildIsItsOwn) {
    auto lock = manager_.lock("lock");
    lock.acquire();
    restart();
    ChildProcess child([&]() -> int {
        const bool held = !lock.try_lock() && !lock.held_by_me();
        manager_.value<int>("value", 0).set(1);
        return held ? 0 : 1;
    });
    EXPECT_EQ(child.wait(), 0);
    EXPECT_TRUE(lock.held_by_me());
}

TEST_P(AReconnect, SendsWhatWasPipelinedAgain) {
    auto value = manager_.value<int>("value", 0);
    auto list = manager_.list<int>("list");
    auto pipeline = manager_.pipeline();
    auto first = pipeline.fetch_add(value, 1);
    pipeline.flush();
    auto held_back = pipeline.fetch_add(value, 1);
    static_cast<void>(pipeline.append(list, 1));
    end_the_daemon();
    auto next_daemon = in_background([&] { daemon_.start(); });
    static_cast<void>(pipeline.append(list, 2));
    auto last = pipeline.fetch_add(value, 1);
    EXPECT_EQ(last.get(), 2);
    EXPECT_EQ(held_back.get(), 1);
    EXPECT_EQ(first.get(), 0);
    EXPECT_EQ(list.copy(), (std::vector{1, 2}));
    EXPECT_EQ(value.get(), 3);
}

/// Nobody waits for the replies, and a read does not overtake what was pipelined before it.
TEST_P(AReconnect, SendsAgainWhoseFutureIsGone) {
    auto list = manager_.list<int>("list");
    std::vector<int> all(100);
    std::iota(all.begin(), all.end(), 0);
    {
        auto pipeline = manager_.pipeline();
        for (const int each : all)
            static_cast<void>(pipeline.append(list, each));
    }
    restart();
    EXPECT_EQ(list.copy(), all);
}

TEST_P(AReconnect, CarriesOutOnceWhatIsPipelinedAllTheWhile) {
    auto value = manager_.value<int>("value", 0);
    std::atomic<bool> goes_on = true;
    auto adding = in_background([&] {
        auto pipeline = manager_.pipeline();
        std::vector<Future<int>> sums;
        int next = 0;
        while (goes_on || !sums.empty()) {
            for (int i = 0; goes_on && i < 700; ++i)
                sums.push_back(pipeline.fetch_add(value, 1));
            for (auto& sum : sums)
                EXPECT_EQ(sum.get(), next++);
            sums.clear();
        }
        return next;
    });
    for (int i = 0; i < 10; ++i) {
        restart();
        const auto reached = value.get();
        EXPECT_TRUE(eventually([&] { return value.get() > reached + 1000; }));
    }
    goes_on = false;
    const auto added = adding.get();
    EXPECT_EQ(value.get(), added);
}

TEST_P(AReconnect, LeavesAGapInAWatch) {
    auto value = manager_.value<int>("value", 1);
    auto watch = manager_.watch(value);
    value.set(2);
    EXPECT_EQ(watch.next().what, "set");
    restart();
    const auto gap = watch.next();
    EXPECT_EQ(gap.what, "gap");
    EXPECT_EQ(gap.object, 0U);
    value.set(3);
    EXPECT_EQ(watch.next().what, "set");
}

TEST_P(AReconnect, IsMadeByAWatchThatOnlyPolls) {
    auto watch = manager_.watch("jobs/");
    end_the_daemon();
    pollfd descriptor{.fd = watch.descriptor(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&descriptor, 1, 10'000), 1);
    EXPECT_FALSE(watch.try_next());
    daemon_.start();
    std::optional<Change> change;
    while (!change && ::poll(&descriptor, 1, 10'000) == 1)
        change = watch.try_next();
    ASSERT_TRUE(change);
    EXPECT_EQ(change->what, "gap");
}

TEST_P(AReconnect, IsOfNoUseToAWatchOfWhatIsGone) {
    auto value = manager_.value<int>("value", 1);
    auto watch = manager_.watch(value);
    value.remove();
    restart();
    EXPECT_EQ(watch.next().what, "removed");
    EXPECT_EQ(error_of([&] { watch.next(); }), errc::no_such_object);
}

TEST(TheGrace, IsAnOption) {
    DaemonProcess daemon({"--grace", "50ms"});
    ChildProcess waits([&] {
        Manager({.socket = daemon.socket()}).event("event").wait();
        return 0;
    });
    Manager manager({.socket = daemon.socket()});
    auto event = manager.event("event");
    ASSERT_TRUE(eventually([&] { return event.info().waiters.size() == 1; }));
    waits.send(SIGSTOP);
    daemon.kill();
    daemon.start();
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(eventually([&] { return event.info().waiters.empty(); }));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
}

INSTANTIATE_TEST_SUITE_P(AfterADaemon, AReconnect, testing::Bool(),
                         [](const auto& killed) { return killed.param ? "ThatWasKilled" : "ThatWasTerminated"; });

}  // namespace
}  // namespace steward::tests
