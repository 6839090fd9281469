#include <atomic>
#include <cstdint>

#include "client/src/kill_point.hpp"
#include "tests/faults/victim.hpp"
#include "tests/support/background.hpp"
#include "tests/support/shared_memory.hpp"

// Deaths on the way to the next daemon.
namespace steward::tests {
namespace {

using detail::KillPoint;

struct StepOnTheWay {
    KillPoint point;
    const char* name;
};

constexpr StepOnTheWay steps_on_the_way[] = {
    {KillPoint::reconnecting, "reconnecting"},       {KillPoint::connected_again, "connected_again"},
    {KillPoint::session_resumed, "session_resumed"}, {KillPoint::taken_over, "taken_over"},
    {KillPoint::sent_again, "sent_again"},
};

/// A process that holds a lock, an item of a queue and a place in line, and is in the middle of a change, loses its
/// daemon and dies at a step of coming to the next one.
class DeathsOnTheWayToTheNextDaemon : public Deaths, public testing::WithParamInterface<StepOnTheWay> {
  protected:
    static constexpr int deaths = 5;

    void SetUp() override {
        if (!detail::has_kill_points)
            GTEST_SKIP() << "the library was built without kill points";
    }

    /// It adds until it dies; what it is told of is counted in `added_`.
    ChildProcess dying() {
        return ChildProcess([this]() -> int {
            Manager own({.socket = daemon_.socket(), .client_name = "victim"});
            own.lock("held").lock();
            auto taken = own.queue<int>("items").take();
            auto count = own.value<std::int64_t>("count");
            auto waiting = in_background([&] { own.lock("wanted").lock(); });
            detail::dies_at = GetParam().point;
            for (;;) {
                count.fetch_add(1);
                added_->fetch_add(1);
            }
        });
    }

    SharedMemory<std::atomic<std::int64_t>> added_;
};

TEST_P(DeathsOnTheWayToTheNextDaemon, LeaveNothingHeldAndNothingHalfDone) {
    auto held = manager_.lock("held");
    auto wanted = manager_.lock("wanted");
    auto items = manager_.queue<int>("items");
    auto count = manager_.value<std::int64_t>("count", 0);
    for (int i = 0; i < deaths; ++i) {
        items.put(i);
        wanted.lock();
        auto victim = dying();
        ASSERT_TRUE(waiters_become(wanted, 1));
        const auto before = added_->load();
        ASSERT_TRUE(eventually([&] { return added_->load() > before; }));
        daemon_.kill();
        daemon_.start();
        EXPECT_EQ(victim.wait(), 128 + SIGKILL) << "the step was not reached";
        const auto next = held.acquire();
        EXPECT_EQ(next.abandoned->pid, victim.pid());
        held.release();
        EXPECT_TRUE(waiters_become(wanted, 0));
        wanted.unlock();
        EXPECT_EQ(items.get(), i) << "it was taken, and has come back";
        const auto unheard = count.get() - added_->load();
        EXPECT_TRUE(unheard == 0 || unheard == 1) << unheard;
        count.set(added_->load());
        expect_no_trace_of(victim.pid());
    }
}

INSTANTIATE_TEST_SUITE_P(Of, DeathsOnTheWayToTheNextDaemon, testing::ValuesIn(steps_on_the_way),
                         [](const auto& step) { return std::string(step.param.name); });

}  // namespace
}  // namespace steward::tests
