#include <pthread.h>

#include <memory>
#include <string>

#include "tests/bench/child_process.hpp"
#include "tests/bench/daemon_process.hpp"
#include "tests/bench/in_shared_memory.hpp"
#include "tests/bench/peers/python_manager.hpp"
#include "tests/bench/peers/redis.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"

namespace steward::bench {
namespace {

/// A process puts what this one gets. It begins with each order, and puts `count` items one by one.
class StewardQueue {
  public:
    explicit StewardQueue(std::size_t count) : count_(count) {}

    double measure() {
        orders_.release();
        return ns_per_operation(count_, [&](std::size_t) { queue_.get(); });
    }

  private:
    void put_as_ordered() {
        for (;;) {
            orders_.acquire();
            for (std::size_t i = 0; i < count_; ++i)
                queue_.put(static_cast<std::int64_t>(i));
        }
    }

    std::size_t count_;
    Manager manager_ = start_daemon();
    Queue<std::int64_t> queue_ = manager_.queue<std::int64_t>("queue");
    Semaphore orders_ = manager_.semaphore("orders", 0);
    ChildProcess putter_{[this] { put_as_ordered(); }};
};

/// RPUSH there, BLPOP here.
class RedisQueue {
  public:
    explicit RedisQueue(std::size_t count) : count_(count) {}

    double measure() {
        redis_.call({"RPUSH", "orders", "go"});
        return ns_per_operation(count_, [&](std::size_t) { redis_.call({"BLPOP", "queue", "0"}); });
    }

  private:
    void put_as_ordered() {
        redis_.connect_anew();
        for (;;) {
            redis_.call({"BLPOP", "orders", "0"});
            for (std::size_t i = 0; i < count_; ++i)
                redis_.call({"RPUSH", "queue", std::to_string(i)});
        }
    }

    std::size_t count_;
    Redis redis_;
    ChildProcess putter_{[this] { put_as_ordered(); }};
};

std::vector<Contender> queue_contenders(std::size_t count) {
    std::vector<Contender> contenders{
        {"steward", [queue = std::make_shared<StewardQueue>(count)] { return queue->measure(); }},
        {"manager", [=, python = std::make_shared<PythonManager>()] { return python->measure("queue", count); }},
    };
    if (Redis::is_installed())
        contenders.push_back({"redis", [queue = std::make_shared<RedisQueue>(count)] { return queue->measure(); }});
    return contenders;
}

/// Two processes take turns: this one's is even.
class StewardTurns {
  public:
    double measure(std::size_t count) {
        return ns_per_operation(count, [&](std::size_t) { take_turn(0); });
    }

  private:
    void take_turn(std::size_t mine) {
        condition_.acquire();
        condition_.wait([&] { return *turn_ % 2 == mine; });
        ++*turn_;
        condition_.notify_one();
        condition_.release();
    }

    InSharedMemory<std::size_t> turn_;
    Condition condition_{start_daemon(), "turns"};
    ChildProcess other_{[this] {
        for (;;)
            take_turn(1);
    }};
};

class PthreadTurns {
  public:
    PthreadTurns() {
        pthread_mutexattr_t mutex_is{};
        pthread_mutexattr_init(&mutex_is);
        pthread_mutexattr_setpshared(&mutex_is, PTHREAD_PROCESS_SHARED);
        pthread_mutex_init(&shared_->mutex, &mutex_is);
        pthread_condattr_t condition_is{};
        pthread_condattr_init(&condition_is);
        pthread_condattr_setpshared(&condition_is, PTHREAD_PROCESS_SHARED);
        pthread_cond_init(&shared_->condition, &condition_is);
        other_ = std::make_unique<ChildProcess>([this] {
            for (;;)
                take_turn(1);
        });
    }

    double measure(std::size_t count) {
        return ns_per_operation(count, [&](std::size_t) { take_turn(0); });
    }

  private:
    struct Shared {
        pthread_mutex_t mutex{};
        pthread_cond_t condition{};
        std::size_t turn = 0;
    };

    void take_turn(std::size_t mine) {
        pthread_mutex_lock(&shared_->mutex);
        while (shared_->turn % 2 != mine)
            pthread_cond_wait(&shared_->condition, &shared_->mutex);
        ++shared_->turn;
        pthread_cond_signal(&shared_->condition);
        pthread_mutex_unlock(&shared_->mutex);
    }

    InSharedMemory<Shared> shared_;
    std::unique_ptr<ChildProcess> other_;
};

std::vector<Contender> condition_contenders(std::size_t count) {
    return {{"steward", [=, turns = std::make_shared<StewardTurns>()] { return turns->measure(count); }},
            {"pthread", [=, turns = std::make_shared<PthreadTurns>()] { return turns->measure(count); }}};
}

/// Three locks at once and one by itself, each acquired and released over the socket.
class Locks {
  public:
    double measure_all(std::size_t count) const {
        return ns_per_operation(count, [&](std::size_t) { manager_.acquire_all({a_, b_, c_}).release(); });
    }
    double measure_single(std::size_t count) {
        return ns_per_operation(count, [&](std::size_t) {
            a_.acquire();
            a_.release();
        });
    }

  private:
    Manager manager_ = start_daemon({"--shared-words", "off"});
    Lock a_ = manager_.lock("a");
    Lock b_ = manager_.lock("b");
    Lock c_ = manager_.lock("c");
};

std::vector<Contender> acquire_all_contenders(std::size_t count) {
    auto locks = std::make_shared<Locks>();
    return {{"steward", [=] { return locks->measure_all(count); }},
            {"single", [=] { return locks->measure_single(count); }}};
}

}  // namespace

std::vector<Row> waiting_rows(const Sizes& sizes) {
    return {
        {.name = "queue.put_get",
         .unit = "ns",
         .goals = {{"redis", 1.0}, {"manager", 0.2}},
         .set_up = [=] { return queue_contenders(sizes.manager_calls); }},
        {.name = "condition.ping_pong",
         .unit = "ns",
         .goals = {},
         .set_up = [=] { return condition_contenders(sizes.round_trips); }},
        {.name = "acquire_all.3",
         .unit = "ns",
         .goals = {{"single", 1.3}},
         .set_up = [=] { return acquire_all_contenders(sizes.round_trips); }},
    };
}

}  // namespace steward::bench
