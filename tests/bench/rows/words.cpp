#include <sys/types.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <vector>

#include "tests/bench/daemon_process.hpp"
#include "tests/bench/in_shared_memory.hpp"
#include "tests/bench/peers/boost_mutex.hpp"
#include "tests/bench/peers/mutex.hpp"
#include "tests/bench/peers/posix_semaphore.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"

namespace steward::bench {
namespace {

template <class Mutex>
double measure_scoped(Mutex& mutex, std::size_t count) {
    return ns_per_operation(count, [&](std::size_t) { const std::scoped_lock guard(mutex); });
}

/// Nothing but the two compare-and-swaps.
class BareWord {
  public:
    void lock() {
        std::uint64_t free = 0;
        word_.compare_exchange_strong(free, 1, std::memory_order_acquire, std::memory_order_relaxed);
    }
    void unlock() {
        std::uint64_t mine = 1;
        word_.compare_exchange_strong(mine, 0, std::memory_order_release, std::memory_order_relaxed);
    }

  private:
    std::atomic<std::uint64_t> word_ = 0;
};

template <class Mutex>
Contender scoped_contender(const char* name, std::size_t count) {
    return {name, [=, mutex = std::make_shared<InSharedMemory<Mutex>>()] { return measure_scoped(**mutex, count); }};
}

template <class Mutex>
Contender named_contender(const char* name, std::size_t count) {
    return {name, [=, mutex = std::make_shared<Mutex>()] { return measure_scoped(*mutex, count); }};
}

std::vector<Contender> uncontended_contenders(std::size_t count) {
    auto lock = std::make_shared<Lock>(start_daemon(), "lock");
    return {{"steward", [=] { return measure_scoped(*lock, count); }},
            scoped_contender<RobustMutex>("robust", count),
            scoped_contender<ProcessMutex>("plain", count),
            named_contender<BoostMutex>("boost", count),
            named_contender<PosixSemaphore>("posix", count),
            scoped_contender<BareWord>("cas", count)};
}

std::vector<Contender> rlock_contenders(std::size_t count) {
    auto lock = std::make_shared<RLock>(start_daemon(), "rlock");
    return {{"steward", [=] { return measure_scoped(*lock, count); }},
            scoped_contender<RecursiveRobustMutex>("robust", count)};
}

std::vector<Contender> semaphore_contenders(std::size_t count) {
    const auto cycle = [=, semaphore = std::make_shared<Semaphore>(start_daemon(), "semaphore")](std::size_t) {
        semaphore->acquire();
        semaphore->release();
    };
    return {{"steward", [=] { return ns_per_operation(count, cycle); }},
            named_contender<PosixSemaphore>("posix", count)};
}

std::vector<Contender> event_contenders(std::size_t count) {
    auto event = std::make_shared<Event>(start_daemon(), "event");
    event->set();
    auto flag = std::make_shared<InSharedMemory<std::atomic<bool>>>();
    return {{"steward", [=] { return ns_per_operation(count, [&](std::size_t) { keep(event->is_set()); }); }},
            {"atomic", [=] { return ns_per_operation(count, [&](std::size_t) { keep((*flag)->load()); }); }}};
}

/// A daemon that stands still while the lock is used.
class StoppedDaemon {
  public:
    double measure(std::size_t count) {
        ::kill(daemon_, SIGSTOP);
        const auto figure = measure_scoped(lock_, count);
        ::kill(daemon_, SIGCONT);
        return figure;
    }
    double measure_running(std::size_t count) { return measure_scoped(lock_, count); }

  private:
    Manager manager_ = start_daemon();
    pid_t daemon_ = pid_of_daemon(manager_);
    Lock lock_ = manager_.lock("lock");
};

std::vector<Contender> daemon_stopped_contenders(std::size_t count) {
    auto daemon = std::make_shared<StoppedDaemon>();
    daemon->measure_running(1);  // asks once for the number of the line
    return {{"steward", [=] { return daemon->measure(count); }},
            {"running", [=] { return daemon->measure_running(count); }}};
}

}  // namespace

std::vector<Row> word_rows(const Sizes& sizes) {
    return {{.name = "lock.uncontended",
             .unit = "ns",
             .goals = {{"robust", 1.0}, {"plain", 1.5}},
             .set_up = [=] { return uncontended_contenders(sizes.locks_in_a_row); }},
            {.name = "lock.daemon_stopped",
             .unit = "ns",
             .goals = {{"running", 1.02}},
             .set_up = [=] { return daemon_stopped_contenders(sizes.locks_in_a_row); }},
            {.name = "rlock.uncontended",
             .unit = "ns",
             .goals = {{"robust", 1.0}},
             .most_repetitions = 301,
             .set_up = [=] { return rlock_contenders(sizes.words_in_a_row); }},
            {.name = "semaphore.uncontended",
             .unit = "ns",
             .goals = {{"posix", 1.3}},
             .most_repetitions = 301,
             .set_up = [=] { return semaphore_contenders(sizes.words_in_a_row); }},
            {.name = "event.is_set", .unit = "ns", .goals = {{"", 5}}, .most_repetitions = 301, .set_up = [=] {
                 return event_contenders(sizes.words_in_a_row);
             }}};
}

}  // namespace steward::bench
