#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/faults/elapsed.hpp"
#include "tests/integration/client/client_test.hpp"

// Calls with a time-out, of a daemon that is stopped, or gone.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;
constexpr auto timeout = 50ms;

/// A call for something that is to be had, if only somebody heard it.
struct TimedCall {
    std::function<bool()> times_out;
    std::function<bool()> left_nothing;  ///< all is as though it had not been made
};

struct TimedCallOf {
    std::string_view name;
    std::function<TimedCall(Manager&)> open;
};

TimedCall call_of_lock(Manager& by) {
    auto lock = by.lock("lock");
    return {[=]() mutable { return !lock.acquire_for(timeout).has_value(); }, [=] { return !lock.locked(); }};
}

TimedCall call_of_rlock(Manager& by) {
    auto rlock = by.rlock("rlock");
    return {[=]() mutable { return !rlock.acquire_for(timeout).has_value(); }, [=] { return !rlock.locked(); }};
}

TimedCall call_of_writer(Manager& by) {
    auto rwlock = by.rwlock("rwlock");
    return {[=]() mutable { return !rwlock.acquire_for(timeout).has_value(); }, [=] { return !rwlock.locked(); }};
}

TimedCall call_of_reader(Manager& by) {
    auto rwlock = by.rwlock("rwlock");
    return {[=]() mutable { return !rwlock.acquire_shared_for(timeout).has_value(); },
            [=] { return rwlock.info().holders.empty(); }};
}

TimedCall call_of_semaphore(Manager& by) {
    auto permits = by.semaphore("permits", 2, {.recover = true});
    return {[=]() mutable { return !permits.try_acquire_for(timeout); }, [=] { return permits.value() == 2; }};
}

TimedCall call_of_several(Manager& by) {
    auto permits = by.semaphore("permits", 2, {.recover = true});
    auto rwlock = by.rwlock("rwlock");
    return {[=, &by] {
                return !by.acquire_all_for({rwlock, permits}, timeout).has_value();
            },
            [=] { return permits.value() == 2 && !rwlock.locked(); }};
}

TimedCall call_of_any(Manager& by) {
    auto rwlock = by.rwlock("rwlock");
    return {[=, &by] { return !by.wait_any_for({rwlock}, timeout).has_value(); }, [=] { return !rwlock.locked(); }};
}

auto queue_of_two(Manager& by) {
    auto queue = by.queue<int>("queue");
    queue.put(1);
    queue.put(2);
    return queue;
}

TimedCall call_of_getter(Manager& by) {
    auto queue = queue_of_two(by);
    return {[=]() mutable { return !queue.get_for(timeout).has_value(); }, [=] { return queue.size() == 2; }};
}

TimedCall call_of_taker(Manager& by) {
    auto queue = queue_of_two(by);
    return {[=]() mutable { return !queue.take_for(timeout).has_value(); },
            [=]() mutable { return queue.get() == 1 && queue.get() == 2; }};
}

TimedCall call_of_putter(Manager& by) {
    auto queue = queue_of_two(by);
    return {[=]() mutable { return !queue.put_for(3, timeout); }, [=] { return queue.size() == 2; }};
}

TimedCall call_of_putter_without_room(Manager& by) {
    auto queue = by.queue<int>("full", 1);
    queue.put(1);
    return {[=]() mutable { return !queue.put_for(2, timeout); },
            [=]() mutable { return queue.get() == 1 && queue.empty() && queue.info().waiters.empty(); }};
}

/// The time of one who comes is over, so it is broken for the others.
TimedCall call_of_party(Manager& by) {
    auto barrier = by.barrier("barrier", 2);
    return {[=]() mutable { return !barrier.wait_for(timeout).has_value(); },
            [=] { return barrier.broken() && barrier.n_waiting() == 0; }};
}

TimedCall call_of_last_party(Manager& by) {
    auto barrier = by.barrier("barrier of one", 1);
    return {[=]() mutable { return !barrier.wait_for(timeout).has_value(); }, [=] { return barrier.broken(); }};
}

TimedCall call_of_event(Manager& by) {
    auto event = by.event("event");
    return {[=] { return !event.wait_for(timeout); }, [=] { return event.info().waiters.empty(); }};
}

class ADaemonThatDoesNotAnswer : public ClientTest, public testing::WithParamInterface<TimedCallOf> {
  protected:
    void SetUp() override { call_ = GetParam().open(manager_); }

    void expect_its_time_to_be_over() {
        const auto begin = Clock::now();
        EXPECT_TRUE(call_.times_out());
        const std::chrono::duration<double, std::milli> late = Clock::now() - begin - timeout;
        std::printf("[  REPORT  ] %.1f ms late\n", late.count());
        RecordProperty("late_ms", std::to_string(late.count()));
        EXPECT_GE(late.count(), 0);
        EXPECT_LT(Clock::now() - begin, watchdog);
    }

    TimedCall call_;
};

/// What is held by its word is to be had only from the daemon.
class WordsHeldByAnother {
  public:
    explicit WordsHeldByAnother(const Manager& manager)
        : lock_(manager.lock("lock")), rlock_(manager.rlock("rlock")), rwlock_(manager.rwlock("rwlock")) {
        lock_.acquire();
        rlock_.acquire();
        rwlock_.acquire();
    }
    void release() {
        lock_.release();
        rlock_.release();
        rwlock_.release();
    }

  private:
    Lock lock_;
    RLock rlock_;
    RWLock rwlock_;
};

TEST_P(ADaemonThatDoesNotAnswer, DoesNotKeepACallBehindItsTime) {
    auto other = connect();
    WordsHeldByAnother held(other);
    daemon_.stop();
    expect_its_time_to_be_over();
    daemon_.go_on();
    held.release();
    EXPECT_TRUE(eventually([&] { return call_.left_nothing(); }));
}

TEST_P(ADaemonThatDoesNotAnswer, DoesNotKeepACallBehindItsTimeWhereItIsGone) {
    auto other = connect();
    WordsHeldByAnother held(other);
    daemon_.kill();
    expect_its_time_to_be_over();
    daemon_.start();
    held.release();
    EXPECT_TRUE(eventually([&] { return call_.left_nothing(); }));
}

INSTANTIATE_TEST_SUITE_P(For, ADaemonThatDoesNotAnswer,
                         testing::Values(TimedCallOf{"lock", call_of_lock}, TimedCallOf{"rlock", call_of_rlock},
                                         TimedCallOf{"writer", call_of_writer}, TimedCallOf{"reader", call_of_reader},
                                         TimedCallOf{"semaphore", call_of_semaphore},
                                         TimedCallOf{"several", call_of_several}, TimedCallOf{"any", call_of_any},
                                         TimedCallOf{"getter", call_of_getter}, TimedCallOf{"taker", call_of_taker},
                                         TimedCallOf{"event", call_of_event}, TimedCallOf{"putter", call_of_putter},
                                         TimedCallOf{"putter_without_room", call_of_putter_without_room},
                                         TimedCallOf{"party", call_of_party},
                                         TimedCallOf{"last_party", call_of_last_party}),
                         [](const auto& timed) { return std::string(timed.param.name); });

/// It reads nothing, so the first large message, of which a part is sent, leaves no room for others.
class AFullSocket : public ClientTest {
  protected:
    void SetUp() override {
        daemon_.stop();
        EXPECT_FALSE(texts_.put_for(large_, timeout));
    }

    template <class F>
    static void expect_in_time(F&& call) {
        const auto begin = Clock::now();
        EXPECT_TRUE(call());
        const std::chrono::duration<double, std::milli> late = Clock::now() - begin - timeout;
        std::printf("[  REPORT  ] %.1f ms late\n", late.count());
        EXPECT_GE(late.count(), 0);
        EXPECT_LT(Clock::now() - begin, watchdog);
    }
    void expect_all_in_time() {
        for (int time = 0; time < 3; ++time) {
            expect_in_time([&] { return !texts_.put_for("small", timeout); });
            expect_in_time([&] { return !texts_.get_for(timeout); });
            expect_in_time([&] { return !event_.wait_for(timeout); });
        }
    }

    const std::string large_ = std::string(std::size_t{4} << 20, 'x');
    Queue<std::string> texts_ = manager_.queue<std::string>("texts");
    Event event_ = manager_.event("event");
    Barrier barrier_ = manager_.barrier("barrier", 2);
    Value<int> value_ = manager_.value<int>("value", 0);
};

TEST_F(AFullSocket, KeepsNoCallBehindItsTime) {
    expect_all_in_time();
    daemon_.go_on();
    EXPECT_EQ(texts_.size(), 0U);
    texts_.put("after");
    EXPECT_EQ(texts_.get(), "after");
}

TEST_F(AFullSocket, KeepsNoCallBehindItsTimeWhereAnotherWaitsForRoom) {
    std::jthread setting([&] { value_.set(1); });
    expect_all_in_time();
    daemon_.go_on();
    setting.join();
    EXPECT_EQ(value_.get(), 1);
    EXPECT_EQ(texts_.size(), 0U);
}

TEST_F(AFullSocket, BreaksTheBarrierOfOneWhoGaveUp) {
    expect_in_time([&] { return !barrier_.wait_for(timeout); });
    daemon_.go_on();
    EXPECT_TRUE(eventually([&] { return barrier_.broken(); }));
}

TEST_F(AFullSocket, OfADaemonThatIsGoneIsOfNoInterestToTheNext) {
    expect_all_in_time();
    daemon_.kill();
    daemon_.start();
    EXPECT_EQ(texts_.size(), 0U);
    texts_.put(large_);
    EXPECT_EQ(texts_.get(), large_);
}

/// It is stopped anywhere: before it has read a request, while one waits, between what it does and the reply.
TEST(ADaemonThatIsStoppedAgainAndAgain, LosesNothingOfWhatWasGivenUp) {
    constexpr int stops = 150;
    DaemonProcess daemon;
    Manager manager({.socket = daemon.socket(), .client_name = "test"});
    auto queue = manager.queue<int>("queue");
    auto permits = manager.semaphore("permits", 2, {.recover = true});
    auto rwlock = manager.rwlock("rwlock");
    auto event = manager.event("event");
    queue.put(1);
    queue.put(2);
    std::atomic<int> rounds = 0;
    std::atomic<int> given_up = 0;
    std::atomic<int> timed_out = 0;
    {
        // Waits for what does not come, so that its time is over whatever the daemon does.
        const std::jthread waiting([&](const std::stop_token& end) {
            for (; !end.stop_requested(); ++timed_out)
                event.wait_for(1ms);
        });
        const std::jthread using_all([&](const std::stop_token& end) {
            for (; !end.stop_requested(); ++rounds) {
                if (const auto item = queue.get_for(1ms))
                    queue.put(*item);
                else
                    ++given_up;
                if (rwlock.try_lock_for(1ms))
                    rwlock.unlock();
                else
                    ++given_up;
                if (permits.try_acquire_for(1ms))
                    permits.release();
                else
                    ++given_up;
            }
        });
        for (int stop = 0; stop < stops; ++stop) {
            daemon.stop();
            const auto before = timed_out.load();
            EXPECT_TRUE(eventually([&] { return timed_out >= before + 2; }));
            daemon.go_on();
            const auto since = rounds.load();
            EXPECT_TRUE(eventually([&] { return rounds != since; }));
        }
    }
    EXPECT_GT(given_up, 0);
    EXPECT_TRUE(eventually([&] { return queue.size() == 2 && permits.value() == 2 && !rwlock.locked(); }))
        << queue.size() << " items, " << permits.value() << " permits";
}

/// Puts numbers that are never the same, each for so long that a daemon that is away is not waited for.
class Putter {
  public:
    Putter(Queue<int> queue, int first) : queue_(std::move(queue)), next_(first) {}

    void put_until(const std::stop_token& end) {
        for (; !end.stop_requested(); ++next_)
            if (queue_.put_for(next_, 1ms)) {
                put_.push_back(next_);
                ++count_;
            } else {
                ++given_up_;
            }
    }
    const std::vector<int>& put() const { return put_; }
    int count() const { return count_; }
    int given_up() const { return given_up_; }

  private:
    Queue<int> queue_;
    int next_;
    std::vector<int> put_;
    std::atomic<int> count_ = 0;
    int given_up_ = 0;
};

class APut : public testing::TestWithParam<bool> {
  protected:
    void SetUp() override {
        got_ = std::jthread([this](const std::stop_token& end) {
            auto queue = connect().queue<int>("queue", room);
            while (!end.stop_requested())
                if (const auto item = queue.get_for(1ms))
                    items_.push_back(*item);
        });
    }

    static constexpr std::size_t room = 4;

    Manager connect() const { return Manager({.socket = daemon_.socket(), .client_name = "test"}); }

    /// For longer than anybody puts. One whose put may have happened waits for the daemon.
    void be_away(const Event& nothing, const std::vector<std::reference_wrapper<const Putter>>& putters) {
        GetParam() ? daemon_.kill() : daemon_.stop();
        EXPECT_FALSE(nothing.wait_for(5ms));
        GetParam() ? daemon_.start() : daemon_.go_on();
        for (const Putter& putter : putters) {
            const auto before = putter.count();
            EXPECT_TRUE(eventually([&] { return putter.count() > before; }));
        }
    }

    std::vector<int> all_items() {
        got_ = {};
        auto queue = connect().queue<int>("queue", room);
        while (const auto item = queue.get_for(0ms))
            items_.push_back(*item);
        std::ranges::sort(items_);
        return items_;
    }

    DaemonProcess daemon_;
    std::vector<int> items_;
    std::jthread got_;
};

TEST_P(APut, ThatIsGivenUpHasNotHappenedAndDoesNot) {
    constexpr int times = 100;
    const auto own = connect();
    const auto nothing = own.event("nothing");
    const auto manager = connect();
    Putter one(manager.queue<int>("queue", room), 1);
    Putter other(manager.queue<int>("queue", room), 1'000'000'000);
    {
        const std::jthread first([&](const std::stop_token& end) { one.put_until(end); });
        const std::jthread second([&](const std::stop_token& end) { other.put_until(end); });
        for (int time = 0; time < times; ++time)
            be_away(nothing, {one, other});
    }
    EXPECT_GT(one.given_up() + other.given_up(), 0);
    auto put = one.put();
    put.insert(put.end(), other.put().begin(), other.put().end());
    EXPECT_EQ(all_items(), put);
}

INSTANTIATE_TEST_SUITE_P(ToADaemonThatIs, APut, testing::Values(false, true),
                         [](const auto& gone) { return gone.param ? "Gone" : "Stopped"; });

}  // namespace
}  // namespace steward::tests
