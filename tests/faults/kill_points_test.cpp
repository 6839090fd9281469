#include "shared/kill_point.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <future>
#include <new>
#include <string>
#include <tuple>

#include <steward/steward.hpp>

#include "shared/unique_fd.hpp"
#include "tests/support/background.hpp"
#include "tests/support/daemon_process.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;
using shared::KillPoints;

/// The kill points of a daemon, in memory that the test shares with each of its incarnations.
class SharedKillPoints {
  public:
    SharedKillPoints() : file_(::memfd_create("kill points", 0)) {
        if (::ftruncate(file_.get(), sizeof(KillPoints)) != 0)
            throw std::bad_alloc();
        void* memory = ::mmap(nullptr, sizeof(KillPoints), PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
        points_ = new (memory) KillPoints;
    }
    SharedKillPoints(const SharedKillPoints&) = delete;
    SharedKillPoints& operator=(const SharedKillPoints&) = delete;
    ~SharedKillPoints() { ::munmap(points_, sizeof(KillPoints)); }

    KillPoints* operator->() const { return points_; }

    /// For the environment of the daemon.
    std::string variable() const { return "STEWARD_KILL_POINTS=" + std::to_string(file_.get()); }

  private:
    shared::UniqueFd file_;
    KillPoints* points_ = nullptr;
};

/// A daemon that dies where it takes a client, resumes a session or sends a reply, each of these at the n-th time, and
/// that is started again whenever it has died.
class KillPointsOfTheServer : public testing::TestWithParam<std::tuple<std::size_t, std::uint64_t>> {
  protected:
    void SetUp() override {
        if (!shared::has_kill_points)
            GTEST_SKIP() << "built without kill points";
    }
    void TearDown() override {
        goes_on_ = false;
        while (watching_.wait_for(1ms) != std::future_status::ready)
            kill_daemon();
    }

    /// Whoever waits for its end starts the next one.
    void kill_daemon() const { ::kill(pid_, SIGKILL); }

    void die_at(std::size_t point, std::uint64_t step) {
        points_->first = points_->last = point;
        points_->steps_left = step;
    }

    /// A Manager whose first connection may meet a daemon that dies.
    Manager connect() const {
        for (;;) {
            try {
                return Manager({.socket = daemon_.socket()});
            } catch (const Error& error) {
                if (error.code() != errc::not_connected)
                    throw;
            }
        }
    }

    SharedKillPoints points_;
    DaemonProcess daemon_{DaemonProcess::Settings{.environment = {points_.variable()}}};
    std::atomic<pid_t> pid_ = daemon_.pid();
    std::atomic<bool> goes_on_ = true;
    std::future<void> watching_ = in_background([this] {
        for (;;) {
            daemon_.wait();
            if (!goes_on_)
                return;
            daemon_.start();
            pid_ = daemon_.pid();
        }
    });
};

TEST_P(KillPointsOfTheServer, LoseNothingAndDoNothingTwice) {
    constexpr int rounds = 20;
    const auto [point, step] = GetParam();
    auto manager = connect();
    auto value = manager.value<int>("value", 0);
    auto list = manager.list<int>("list");
    auto queue = manager.queue<int>("queue");
    auto lock = manager.lock("lock");
    kill_daemon();  // so that sessions are resumed
    die_at(point, step);
    for (int i = 0; i < rounds; ++i) {
        EXPECT_EQ(value.fetch_add(1), i);
        list.append(i);
        queue.put(i);
        EXPECT_EQ(queue.get(), i);
        lock.lock();
        EXPECT_EQ(connect().value<int>("value", 0).get(), i + 1);
        lock.unlock();
        if (point == static_cast<std::size_t>(shared::KillPoint::session_is_resumed))
            kill_daemon();
    }
    EXPECT_EQ(value.get(), rounds);
    EXPECT_EQ(list.size(), static_cast<std::size_t>(rounds));
    EXPECT_EQ(queue.size(), 0U);
    EXPECT_EQ(points_->steps_left, 0U) << "it was never reached";
}

INSTANTIATE_TEST_SUITE_P(AtEachStep, KillPointsOfTheServer,
                         testing::Combine(testing::Range(shared::first_of_server, shared::kill_point_names.size()),
                                          testing::Values(1, 2, 3, 7)),
                         [](const auto& test) {
                             return std::string(shared::kill_point_names.at(std::get<0>(test.param))) + "_" +
                                    std::to_string(std::get<1>(test.param));
                         });

}  // namespace
}  // namespace steward::tests
