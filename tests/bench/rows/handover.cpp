#include <sched.h>
#include <sys/types.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "tests/bench/child_process.hpp"
#include "tests/bench/daemon_process.hpp"
#include "tests/bench/in_shared_memory.hpp"
#include "tests/bench/peers/futex_lock.hpp"
#include "tests/bench/peers/mutex.hpp"
#include "tests/bench/process_signal.hpp"
#include "tests/bench/processors.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/sleeper.hpp"

namespace steward::bench {
namespace {

/// Where the one that sleeps is woken: on a processor of its own, as processes mostly are, or on the one where it is
/// let in, so that no processor that stands still has to be woken first.
enum class Waiter : std::uint8_t { on_another_processor, on_the_same_processor, long_asleep_on_another_processor };

/// A processor that has just come to stand still is woken in a third of the time: until then the kernel looks whether
/// there is something to do, for 200 us at most (cpuidle-haltpoll).
constexpr std::chrono::microseconds longest_light_sleep(250);

/// This process holds a lock, another one sleeps until it gets it: from just before the release here to just after the
/// acquisition there.
template <class MakeLock>
class Handover {
  public:
    /// The waiter waits when it sleeps, and then those who take part in its waiting. Each of the two makes the lock for
    /// itself.
    Handover(Waiter where, MakeLock make_lock, const std::vector<pid_t>& others)
        : where_(where), make_lock_(std::move(make_lock)) {
        sleepers_.emplace_back(waiter_.pid());
        for (const auto pid : others)
            sleepers_.emplace_back(pid);
    }

    double measure(std::size_t count) {
        std::chrono::duration<double, std::nano> sum{};
        for (std::size_t i = 0; i < count; ++i)
            sum += hand_over();
        return sum.count() / static_cast<double>(count);
    }

  private:
    struct Board {
        ProcessSignal come;
        ProcessSignal done;
        std::atomic<std::uint64_t> arrivals = 0;
        std::chrono::steady_clock::time_point acquired;
    };

    std::chrono::nanoseconds hand_over() {
        lock_->lock();
        const auto arrival = board_->arrivals.load() + 1;
        board_->come.give();
        while (board_->arrivals.load() != arrival || !all_sleep())
            ::sched_yield();
        auto released = std::chrono::steady_clock::now();
        if (where_ == Waiter::long_asleep_on_another_processor)
            for (const auto until = released + longest_light_sleep; released < until;)
                released = std::chrono::steady_clock::now();
        lock_->unlock();
        board_->done.take();
        return board_->acquired - released;
    }

    bool all_sleep() const { return std::ranges::all_of(sleepers_, &Sleeper::is_asleep); }

    void wait_again_and_again() {
        if (where_ != Waiter::on_the_same_processor)
            use_other_processors();
        auto lock = make_lock_();
        for (;;) {
            board_->come.take();
            ++board_->arrivals;
            lock->lock();
            board_->acquired = std::chrono::steady_clock::now();
            lock->unlock();
            board_->done.give();
        }
    }

    Waiter where_;
    MakeLock make_lock_;
    InSharedMemory<Board> board_;
    ChildProcess waiter_{[this] { wait_again_and_again(); }};
    std::vector<Sleeper> sleepers_;
    decltype(std::declval<MakeLock>()()) lock_ = make_lock_();
};

template <class MakeLock>
Contender contender(const char* name, Waiter where, std::size_t count, MakeLock make_lock,
                    const std::vector<pid_t>& others = {}) {
    auto handover = std::make_shared<Handover<MakeLock>>(where, std::move(make_lock), others);
    return {name, [=] { return handover->measure(count); }};
}

Contender steward_contender(Waiter where, std::size_t count) {
    const auto manager = start_daemon();
    return contender("steward", where, count, [=] { return std::make_unique<Lock>(manager, "lock"); },
                     {pid_of_daemon(manager)});
}

template <class Mutex>
Contender peer(const char* name, Waiter where, std::size_t count) {
    return contender(name, where, count, [mutex = std::make_shared<InSharedMemory<Mutex>>()] { return &**mutex; });
}

}  // namespace

std::vector<Row> handover_rows(const Sizes& sizes) {
    const auto contenders = [count = sizes.handovers](Waiter where) {
        return std::vector{steward_contender(where, count), peer<FutexLock>("futex", where, count),
                           peer<RobustMutex>("robust", where, count)};
    };
    return {{.name = "lock.handover",
             .unit = "ns",
             .goals = {{"futex", 2.2}},
             .set_up = [=] { return contenders(Waiter::on_another_processor); }},
            {.name = "lock.handover.long_asleep",
             .unit = "ns",
             .set_up = [=] { return contenders(Waiter::long_asleep_on_another_processor); }},
            {.name = "lock.handover.same_processor", .unit = "ns", .set_up = [=] {
                 return contenders(Waiter::on_the_same_processor);
             }}};
}

}  // namespace steward::bench
