#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <steward/steward.hpp>

#include "tests/faults/stress/exercise.hpp"
#include "tests/faults/stress/ledger.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t number_of_processes = 20;

/// Many threads of many processes, which are killed at random and come again, at objects of all types. What must be
/// true of each object meanwhile and in the end, its exercise says.
class AStressOfKills : public testing::Test {
  protected:
    AStressOfKills() {
        add_lock_exercises(exercises_, manager_);
        add_count_exercises(exercises_, manager_);
        add_queue_exercises(exercises_, manager_);
    }

    /// However it ended: what was wrong, and who still waits for what.
    void TearDown() override {
        for (const auto& complaint : ledger_->complaints())
            ADD_FAILURE() << complaint;
        for (const auto& object : manager_.objects())
            for (const auto& waiter : object.waiters)
                ADD_FAILURE() << "pid " << waiter.pid << " waits for " << object.name << ", which is " << object.state;
    }

    /// One of the processes, in all its lives.
    struct Place {
        std::size_t number = 0;
        Life life = 0;
        std::optional<ChildProcess> process;
    };

    Worker worker(std::size_t index, Life life) {
        Worker made{.ledger = *ledger_, .manager = manager_, .index = index, .life = life};
        made.randomness.seed(static_cast<std::minstd_rand::result_type>(index * most_lives + life + seed_));
        return made;
    }

    void work(Worker worker) {
        while (!ledger_->stopped()) {
            auto& exercise = *exercises_.at(worker.pick(static_cast<unsigned>(exercises_.size())));
            try {
                exercise.turn(worker);
            } catch (const std::exception& error) {
                worker.complain(exercise.name(), error.what());
                return;
            }
            ledger_->note_turn();
        }
    }

    /// The proxies are its parent's; the session is its own from the first use on.
    int live(std::size_t place, Life life) {
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < threads_per_process_; ++i)
            threads.emplace_back([this, self = worker(place * threads_per_process_ + i, life)] { work(self); });
        for (auto& thread : threads)
            thread.join();
        return 0;
    }

    void begin_life(Place& place) {
        place.life = ++last_life_;
        place.process.reset();
        place.process.emplace([&] { return live(place.number, place.life); });
    }

    /// The others go on; false where they do not.
    bool turns_pass(std::uint64_t turns, std::chrono::milliseconds limit = watchdog) const {
        const auto then = ledger_->turns() + turns;
        return eventually([&] { return ledger_->turns() >= then; }, limit);
    }

    /// Kills it at once, or stops it first for a moment, so that what it is given meets one who does not take it.
    void kill(Place& place) {
        if (randomness_() % 4 == 0) {
            place.process->send(SIGSTOP);
            static_cast<void>(turns_pass(randomness_() % 50, 20ms));  // all others may be waiting for it
        }
        ledger_->doom(place.life, place.process->pid());
        place.process->kill();
        ++kills_;
    }

    /// Nobody notices it, but by having to wait.
    void kill_daemon() {
        daemon_.kill();
        daemon_.start();
        ++kills_of_daemon_;
    }

    /// Of so many kills one is the daemon's; 0: it lives.
    void kill_at_random_for(std::chrono::seconds duration, unsigned kills_per_daemon = 0) {
        const auto end = std::chrono::steady_clock::now() + duration;
        while (std::chrono::steady_clock::now() < end && last_life_ + 2U < most_lives && !HasFatalFailure()) {
            ASSERT_TRUE(turns_pass(randomness_() % (20 * threads_per_process_))) << "nobody gets on any more";
            if (kills_per_daemon != 0 && randomness_() % kills_per_daemon == 0) {
                kill_daemon();
                continue;
            }
            auto& place = places_.at(randomness_() % places_.size());
            kill(place);
            begin_life(place);
        }
    }

    void begin_all() {
        for (std::size_t number = 0; number < places_.size(); ++number) {
            places_[number].number = number;
            begin_life(places_[number]);
        }
    }

    void expect_all_adds_up() {
        let_all_end();
        expect_nothing_left();
        settle();
        EXPECT_GT(kills_, 0);
        RecordProperty("kills", kills_);
        RecordProperty("turns", std::to_string(ledger_->turns()));
        std::cout << kills_ << " kills, and " << kills_of_daemon_ << " of the daemon, in " << ledger_->turns()
                  << " turns of " << threads_per_process_ * places_.size() << " threads\n";
    }

    void let_all_end() {
        ledger_->stop();
        for (auto& place : places_)
            EXPECT_EQ(place.process->wait(), 0) << "life " << place.life;
    }

    void expect_nothing_left() {
        EXPECT_TRUE(eventually([&] { return manager_.sessions().size() == 1; }));
        for (const auto& object : manager_.objects())
            EXPECT_TRUE(object.holders.empty()) << object.name;
    }

    void settle() {
        auto settler = worker(0, ++last_life_);
        for (const auto& exercise : exercises_)
            exercise->settle(settler);
    }

    const std::size_t threads_per_process_ =
        std::clamp(number_from_environment("STEWARD_STRESS_THREADS", 200), number_of_processes, most_workers) /
        number_of_processes;
    const std::chrono::seconds duration_{number_from_environment("STEWARD_STRESS_SECONDS", 10)};
    const std::random_device::result_type seed_ = std::random_device{}();

    DaemonProcess daemon_;
    Manager manager_{{.socket = daemon_.socket(), .client_name = "stress"}};
    SharedMemory<Ledger> ledger_;
    Exercises exercises_;
    std::vector<Place> places_ = std::vector<Place>(number_of_processes);
    std::mt19937 randomness_{seed_};
    Life last_life_ = 0;
    int kills_ = 0;
    int kills_of_daemon_ = 0;
};

TEST_F(AStressOfKills, LosesNothingAndGivesNothingTwice) {
    begin_all();
    kill_at_random_for(duration_);
    expect_all_adds_up();
}

TEST_F(AStressOfKills, OfTheDaemonTooLosesNothingAndGivesNothingTwice) {
    begin_all();
    kill_at_random_for(duration_, 4);
    expect_all_adds_up();
    EXPECT_GT(kills_of_daemon_, 0);
}

}  // namespace
}  // namespace steward::tests
