#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <string>

#include "shared/kill_point.hpp"
#include "tests/in_process/changing_requests.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::kill_points_test {
namespace {

using namespace changing_requests;
using shared::KillPoints;

/// The kill points, in memory that outlives a child. Counts what all tests of this program reach.
KillPoints& points() {
    static auto& shared = *new (
        ::mmap(nullptr, sizeof(KillPoints), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) KillPoints;
    return shared;
}

/// Runs it in a child that dies at that step; 0: at none. Returns whether it died there.
bool dies_at(std::uint64_t step, const std::function<void()>& run) {
    points().steps_left = step;
    const auto child = ::fork();
    if (child == 0) {
        shared::kill_points = &points();
        run();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0) << status;
    return WIFSIGNALED(status);
}

/// A daemon with what a request needs, in memory of its own, which is the same each time.
class Scene {
  public:
    explicit Scene(const Request& request)
        : client_(world_.client()), number_(client_.number()), frame_(request.prepare(client_)) {
        client_.take_changes();
    }

    void make() {
        client_.dispatch(frame_);
        world_.pass(0);
        world_.tidy();
    }
    void restart() { world_.restart_under_clients(); }
    std::string state() { return state_of(world_.daemon()); }

    /// The reply to the request that is made again.
    std::string repeat() {
        auto again = world_.resumed(number_);
        again.take_changes();
        again.dispatch(frame_);
        world_.pass(0);
        return reply_in(again.session().outbox);
    }

  private:
    InProcessDaemon world_;
    Client client_;
    std::uint32_t number_;
    std::string frame_;
};

/// What comes of the request where nobody dies.
struct Outcome {
    std::string before;
    std::string reply;
    std::string after;

    explicit Outcome(const Request& request) {
        Scene scene(request);
        scene.restart();
        before = scene.state();
        reply = scene.repeat();
        after = scene.state();
    }
};

class KillPointsOf : public testing::TestWithParam<Request> {
  protected:
    /// Steps are passed over where a request takes thousands; earlier with a sanitizer, where each costs many times as
    /// much: it looks at what the steps have in common.
    static std::uint64_t next(std::uint64_t step) { return step < first_passed_over ? step + 1 : step + step / part; }
    static constexpr std::uint64_t first_passed_over = tests::is_sanitized ? 10 : 200;
    static constexpr std::uint64_t part = tests::is_sanitized ? 4 : 10;

    void SetUp() override {
        if (!shared::has_kill_points)
            GTEST_SKIP() << "built without kill points";
    }
    void expect_whole(Scene& scene, const std::string& where) {
        const auto found = scene.state();
        EXPECT_TRUE(found == outcome_.before || found == outcome_.after || GetParam().waits_between)
            << where << ": neither before nor after:\n"
            << found << "before:\n"
            << outcome_.before << "after:\n"
            << outcome_.after;
        const auto reply = scene.repeat();
        EXPECT_NE(reply, "") << where;
        if (!GetParam().reply_varies) {
            EXPECT_EQ(reply, outcome_.reply) << where;
        }
        EXPECT_EQ(scene.state(), outcome_.after) << where << ", made again";
    }

    const Outcome outcome_{GetParam()};
};

TEST_P(KillPointsOf, LeaveTheStateBeforeOrAfter) {
    bool died = true;
    for (std::uint64_t step = 1; died && !HasFailure(); step = next(step)) {
        Scene scene(GetParam());
        died = dies_at(step, [&] { scene.make(); });
        scene.restart();
        expect_whole(scene, "killed at step " + std::to_string(step));
    }
}

INSTANTIATE_TEST_SUITE_P(EveryRequest, KillPointsOf, testing::ValuesIn(all()), named_test);

/// Whatever the daemon can die of is a step of some request here, or of the recovery from the death of one.
TEST(KillPoints, AreAllReached) {
    if (!shared::has_kill_points)
        GTEST_SKIP() << "built without kill points";
    auto requests = all();
    requests.push_back(request(list_of, proto::list::Pop{.index = 99}));  // refused, and rolled back
    for (const auto& request : requests) {
        Scene scene(request);
        dies_at(0, [&] { scene.make(); });
    }
    for (std::uint64_t step = 1; step < 40; ++step) {
        Scene scene(request(list_of, proto::list::Append{.value = {one}}));
        dies_at(step, [&] { scene.make(); });
        dies_at(0, [&] { scene.restart(); });
    }
    Scene waiting(request(condition_of, proto::condition::NotifyAll{.thread = 1}));
    dies_at(0, [&] { waiting.restart(); });
    for (std::size_t point = 0; point < shared::first_of_server; ++point)
        EXPECT_NE(points().reached.at(point).load(), 0U) << shared::kill_point_names.at(point);
}

/// Of requests that change words, blocks and lines.
class KillPointsOfTheRecoveryFrom : public KillPointsOf {};

TEST_P(KillPointsOfTheRecoveryFrom, LeaveTheStateBeforeOrAfter) {
    bool died = true;
    for (std::uint64_t step = 1; died && !HasFailure(); step = next(step + step / 3)) {
        bool died_again = true;
        for (std::uint64_t again = 1; died && died_again && !HasFailure(); again = next(again + again / 3)) {
            Scene scene(GetParam());
            died = dies_at(step, [&] { scene.make(); });
            died_again = dies_at(again, [&] { scene.restart(); });
            scene.restart();
            expect_whole(scene,
                         "killed at step " + std::to_string(step) + ", its recovery at " + std::to_string(again));
        }
    }
}

std::vector<Request> varied() {
    std::vector<Request> requests = all();
    std::erase_if(requests, [](const Request& request) {
        constexpr std::array chosen{"list.append", "queue.take", "lock.release", "condition.notify", "object.remove"};
        return std::ranges::find(chosen, request.method) == chosen.end();
    });
    return requests;
}

INSTANTIATE_TEST_SUITE_P(SomeRequests, KillPointsOfTheRecoveryFrom, testing::ValuesIn(varied()), named_test);

}  // namespace
}  // namespace steward::daemon::kill_points_test
