#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/child_process.hpp"
#include "tests/bench/daemon_process.hpp"
#include "tests/bench/in_shared_memory.hpp"
#include "tests/bench/peers/mutex.hpp"
#include "tests/bench/processors.hpp"
#include "tests/bench/rows/rows.hpp"
#include "tests/bench/stopwatch.hpp"

namespace steward::bench {
namespace {

/// Burns the time that a chain of multiplications takes where nothing disturbs it: the same for all who take part. Each
/// waits for the one before, so that it does not matter where the loop stands in memory.
class Work {
  public:
    explicit Work(std::chrono::nanoseconds duration) {
        constexpr std::size_t many = 100'000;
        constexpr int trials = 20;
        auto ns = std::numeric_limits<double>::max();
        for (int trial = 0; trial < trials; ++trial)
            ns = std::min(ns, ns_per_operation(1, [](std::size_t) { take(many); }));
        turns_ = static_cast<std::size_t>(static_cast<double>(duration.count()) * many / ns);
    }
    void operator()() const { take(turns_); }

  private:
    [[gnu::noinline]] static void take(std::size_t turns) {
        std::size_t product = turns;
        for (std::size_t i = 0; i < turns; ++i) {
            product *= 1'000'003;
            asm volatile("" : "+r"(product));
        }
    }

    std::size_t turns_;
};

struct Shares {
    double operations_per_second = 0;
    double worst_share = 0;  ///< of the unluckiest process, where 1 is a fair share
    double longest_wait_us = 0;
};

/// Processes that want the same lock: 100 ns inside, 100 ns outside.
template <class MakeLock>
class Contention {
  public:
    Contention(std::size_t processes, const Work& work, MakeLock make_lock)
        : processes_(processes), work_(work), make_lock_(std::move(make_lock)) {
        for (std::size_t number = 0; number < processes; ++number)
            children_.push_back(std::make_unique<ChildProcess>([=, this] { take_part(number); }));
    }

    Shares measure() {
        const auto round = board_->round.load() + 1;
        for (auto& tally : board_->tallies)
            tally = {};
        board_->finished = 0;
        board_->running = true;
        board_->round = round;
        board_->round.notify_all();
        std::this_thread::sleep_for(duration);
        board_->running = false;
        while (board_->finished.load() < processes_)
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        return shares();
    }

  private:
    /// Long enough for some 30 turns of each of 8, which at a time are a matter of luck.
    static constexpr auto duration = std::chrono::milliseconds(300);
    static constexpr std::size_t most_processes = 8;

    struct alignas(64) Tally {
        std::uint64_t operations = 0;
        double longest_wait_ns = 0;
    };
    struct Board {
        std::atomic<std::uint64_t> round = 0;
        std::atomic<bool> running = false;
        std::atomic<std::size_t> finished = 0;
        std::array<Tally, most_processes> tallies{};
    };

    Shares shares() const {
        const auto& tallies = board_->tallies;
        std::uint64_t all = 0;
        std::uint64_t least = UINT64_MAX;
        double longest = 0;
        for (std::size_t i = 0; i < processes_; ++i) {
            all += tallies[i].operations;
            least = std::min(least, tallies[i].operations);
            longest = std::max(longest, tallies[i].longest_wait_ns);
        }
        return {.operations_per_second = static_cast<double>(all) / std::chrono::duration<double>(duration).count(),
                .worst_share =
                    static_cast<double>(least * processes_) / static_cast<double>(std::max<std::uint64_t>(all, 1)),
                .longest_wait_us = longest / 1000};
    }

    void take_part(std::size_t number) {
        use_all_processors();
        auto lock = make_lock_();
        for (std::uint64_t round = 0;;) {
            while (board_->round.load() == round)
                std::this_thread::sleep_for(std::chrono::microseconds(200));
            round = board_->round.load();
            compete(board_->tallies[number], lock);
            ++board_->finished;
        }
    }

    void compete(Tally& tally, auto& lock) {
        while (board_->running.load(std::memory_order_relaxed)) {
            const auto begin = std::chrono::steady_clock::now();
            lock->lock();
            tally.longest_wait_ns = std::max(tally.longest_wait_ns, nanoseconds_since(begin));
            work_();
            lock->unlock();
            ++tally.operations;
            work_();
        }
    }

    std::size_t processes_;
    Work work_;
    MakeLock make_lock_;
    InSharedMemory<Board> board_;
    std::vector<std::unique_ptr<ChildProcess>> children_;
};

template <class Measure>
std::vector<Contender> contended_contenders(std::size_t processes, Measure figure) {
    auto manager = std::make_shared<Manager>(start_daemon());
    auto mutex = std::make_shared<InSharedMemory<RobustMutex>>();
    const auto open = [manager] { return std::make_unique<Lock>(*manager, "lock"); };
    const auto share = [mutex] { return &**mutex; };
    const Work work(std::chrono::nanoseconds(100));
    auto steward = std::make_shared<Contention<decltype(open)>>(processes, work, open);
    auto robust = std::make_shared<Contention<decltype(share)>>(processes, work, share);
    return {{"steward", [=] { return figure(steward->measure()); }},
            {"robust", [=] { return figure(robust->measure()); }}};
}

std::vector<Row> contended_rows(std::size_t processes, double throughput) {
    const auto name = "lock.contended." + std::to_string(processes);
    return {
        {.name = name,
         .unit = "op/s",
         .better = Better::higher,
         .goals = {{"robust", throughput}},
         .most_repetitions = 9,
         .set_up =
             [=] { return contended_contenders(processes, [](const Shares& s) { return s.operations_per_second; }); }},
        {.name = name + ".worst_share",
         .unit = "",
         .better = Better::higher,
         .goals = {{"", 0.6}},
         .most_repetitions = 9,
         .set_up = [=] { return contended_contenders(processes, [](const Shares& s) { return s.worst_share; }); }},
        {.name = name + ".longest_wait",
         .unit = "us",
         .goals = {{"robust", 2.0}},
         .most_repetitions = 9,
         .set_up = [=] { return contended_contenders(processes, [](const Shares& s) { return s.longest_wait_us; }); }}};
}

}  // namespace

std::vector<Row> contention_rows(const Sizes&) {
    std::vector<Row> rows;
    for (const auto& [processes, throughput] : {std::pair{2U, 1.2}, {4U, 1.2}, {8U, 1.0}})
        std::ranges::move(contended_rows(processes, throughput), std::back_inserter(rows));
    return rows;
}

}  // namespace steward::bench
