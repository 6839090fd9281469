#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include <steward/steward.hpp>

#include "tests/faults/elapsed.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t number_of_clients = 8;

/// What clients tell the test, in memory of both.
struct Told {
    std::atomic<bool> goes_on = true;
    std::array<std::atomic<std::uint64_t>, number_of_clients> rounds{};
    std::array<std::atomic<std::uint64_t>, number_of_clients> longest_us{};
};

struct Unmap {
    void operator()(Told* told) const { ::munmap(told, sizeof(Told)); }
};

/// A daemon whose program is replaced by another file at each start, as an upgrade of the package does.
class AProgram {
  public:
    AProgram() { replace(); }

    const std::filesystem::path& path() const { return path_; }

    void replace() const {
        const auto fresh = folder_.path() / "stewardd.new";
        std::filesystem::copy_file(STEWARDD_PATH, fresh);
        std::filesystem::rename(fresh, path_);
    }

  private:
    TemporaryFolder folder_;
    std::filesystem::path path_ = folder_.path() / "stewardd";
};

/// Uses objects of many types until it is told to end, and writes down how often and how long one round took.
class Client {
  public:
    explicit Client(const std::string& socket) : manager_({.socket = socket, .client_name = "restarts"}) {}

    int run(std::size_t number, Told& told) {
        for (std::uint64_t rounds = 0; told.goes_on; told.rounds.at(number) = ++rounds) {
            const auto begin = std::chrono::steady_clock::now();
            round(static_cast<int>(number));
            const auto took =
                std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
            auto& longest = told.longest_us.at(number);
            longest = std::max(longest.load(), static_cast<std::uint64_t>(took.count()));
        }
        return 0;
    }

  private:
    void round(int number) {
        {
            const std::scoped_lock guard(lock_);
            unprotected_.set(unprotected_.get() + 1);
        }
        counts_.increment(number, 1);
        sum_.fetch_add(1);
        {
            const std::scoped_lock guard(writers_);
            list_.append(number);
        }
        permits_.acquire();
        queue_.put(number);
        permits_.release();
        queue_.get();
        queue_.task_done();
        list_.pop();
    }

    Manager manager_;
    Lock lock_ = manager_.lock("lock");
    RWLock writers_ = manager_.rwlock("writers");
    BoundedSemaphore permits_ = manager_.bounded_semaphore("permits", 2);
    Value<int> unprotected_ = manager_.value<int>("unprotected", 0);
    Value<int> sum_ = manager_.value<int>("sum", 0);
    Dict<int, int> counts_ = manager_.dict<int, int>("counts");
    List<int> list_ = manager_.list<int>("list");
    Queue<int> queue_ = manager_.queue<int>("queue");
};

/// Under the load of clients; they fail, by an exception, where a call fails.
class RestartsUnderLoad : public testing::Test {
  protected:
    RestartsUnderLoad() {
        void* memory = ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        told_.reset(new (memory) Told);
        for (std::size_t number = 0; number < number_of_clients; ++number)
            clients_.emplace_back([this, number] { return Client(daemon_.socket()).run(number, *told_); });
    }

    /// So that each restart meets all of them at work.
    bool all_go_on() const {
        std::array<std::uint64_t, number_of_clients> before{};
        std::ranges::copy(told_->rounds, before.begin());
        return eventually([&] {
            return std::ranges::equal(told_->rounds, before,
                                      [](std::uint64_t now, std::uint64_t then) { return now > then; });
        });
    }

    std::uint64_t end_all() {
        told_->goes_on = false;
        for (auto& client : clients_)
            EXPECT_EQ(client.wait(), 0);
        std::uint64_t rounds = 0;
        for (const auto& of_client : told_->rounds)
            rounds += of_client;
        return rounds;
    }

    double longest_ms() const {
        double longest = 0;
        for (const auto& of_client : told_->longest_us)
            longest = std::max(longest, static_cast<double>(of_client) / 1000);
        return longest;
    }

    void expect_nothing_lost(std::uint64_t rounds) {
        Manager manager({.socket = daemon_.socket()});
        EXPECT_EQ(manager.value<int>("unprotected", 0).get(), static_cast<int>(rounds));
        EXPECT_EQ(manager.value<int>("sum", 0).get(), static_cast<int>(rounds));
        for (const auto& [number, count] : manager.dict<int, int>("counts").copy())
            EXPECT_EQ(static_cast<std::uint64_t>(count), told_->rounds.at(static_cast<std::size_t>(number)));
        EXPECT_TRUE(manager.list<int>("list").empty());
        EXPECT_EQ(manager.queue<int>("queue").size(), 0U);
        EXPECT_EQ(manager.bounded_semaphore("permits", 2).value(), 2);
    }

    AProgram program_;
    DaemonProcess daemon_{DaemonProcess::Settings{.program = program_.path()}};
    std::unique_ptr<Told, Unmap> told_;
    std::vector<ChildProcess> clients_;
};

TEST_F(RestartsUnderLoad, LoseNothingAndFailNoCall) {
    ASSERT_TRUE(all_go_on());
    std::vector<double> away_ms;
    const auto restarts = number_from_environment("STEWARD_RESTARTS", 50);
    for (std::size_t i = 0; i < restarts; ++i) {
        program_.replace();
        const auto begin = std::chrono::steady_clock::now();
        if (i % 2 == 0)
            daemon_.kill();
        else
            EXPECT_EQ(daemon_.terminate(), 0);
        daemon_.start();
        away_ms.push_back(ms_since(begin));
        ASSERT_TRUE(all_go_on()) << daemon_.errors();
    }
    const auto rounds = end_all();
    expect_nothing_lost(rounds);
    std::ranges::sort(away_ms);
    std::cout << away_ms.size() << " restarts, half of them by SIGKILL, each with another program file, under "
              << number_of_clients << " clients: " << rounds << " rounds; the daemon was away for "
              << away_ms[away_ms.size() / 2] << " ms (median), " << away_ms.back()
              << " ms (longest); the longest round took " << longest_ms() << " ms\n";
}

}  // namespace
}  // namespace steward::tests
