#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "client/src/kill_point.hpp"
#include "tests/faults/elapsed.hpp"
#include "tests/faults/victim.hpp"
#include "tests/support/background.hpp"

// Deaths at each step of the ways around the daemon.
namespace steward::tests {
namespace {

using detail::KillPoint;
struct Step {
    KillPoint point;
    const char* name;
    bool holds;  ///< whoever dies there has the lock
    enum class While : std::uint8_t { free, held, waiting, rung, waited_for } when;
};

constexpr Step steps[] = {
    {KillPoint::before_taking, "before_taking", false, Step::While::free},
    {KillPoint::taken, "taken", true, Step::While::free},
    {KillPoint::spinning, "spinning", false, Step::While::held},
    {KillPoint::before_asking, "before_asking", false, Step::While::held},
    {KillPoint::before_taking_offer, "before_taking_offer", false, Step::While::waiting},
    {KillPoint::rung, "rung", false, Step::While::rung},
    {KillPoint::taken_when_rung, "taken_when_rung", true, Step::While::rung},
    {KillPoint::before_letting_go, "before_letting_go", true, Step::While::waited_for},
    {KillPoint::let_go, "let_go", false, Step::While::waited_for},
    {KillPoint::notified, "notified", false, Step::While::waited_for},
};

/// A process dies at a step of taking or letting go a lock, many times over.
class DeathsAtAStep : public Deaths, public testing::WithParamInterface<Step> {
  protected:
    static constexpr int deaths = 20;
    /// So often one has to wait for what the other releases, until both have the bell.
    static constexpr int waits_before_a_bell = 4;
    /// What the process ends with whom the daemon was quicker to wake.
    static constexpr int not_rung = 3;

    void SetUp() override {
        if (!detail::has_kill_points || DaemonProcess::shares_nothing())
            GTEST_SKIP() << "the library was built without kill points, or shares no words";
        if (GetParam().point == KillPoint::spinning && std::thread::hardware_concurrency() < 2)
            GTEST_SKIP() << "nobody spins on one processor";
    }

    /// The process that dies; it has taken the lock before at the same line, so that it is on the quickest way.
    ChildProcess dying() const {
        return ChildProcess([this]() -> int {
            Manager own({.socket = daemon_.socket(), .client_name = "victim"});
            auto lock = own.lock("lock");
            if (GetParam().when == Step::While::free || GetParam().when == Step::While::waited_for) {
                lock.lock();
                lock.unlock();
            }
            if (GetParam().when == Step::While::rung)
                for (int i = 0; i < waits_before_a_bell; ++i) {
                    const auto token = lock.acquire().token;
                    lock.unlock();
                    // Not whether it is locked: for a moment the daemon may list who was rung as one who waits, and
                    // then the other has let it go before this one looks.
                    if (!eventually([&] { return lock.info().token > token; }))
                        return 1;
                }
            if (GetParam().when != Step::While::waited_for)
                detail::dies_at = GetParam().point;
            lock.lock();
            if (GetParam().when == Step::While::rung)
                return not_rung;
            if (!eventually([&] { return lock.info().waiters.size() == 1; }))
                return 1;
            detail::dies_at = GetParam().point;
            lock.unlock();
            return 2;
        });
    }

    /// How long after the death somebody else has the lock, and whether he was told of it.
    struct Next {
        Clock::time_point when;
        bool abandoned = false;
    };
    static Next acquire(const Manager& manager) {
        const auto acquired = manager.lock("lock").acquire();
        const Next next{.when = Clock::now(), .abandoned = acquired.abandoned.has_value()};
        manager.lock("lock").release();
        return next;
    }

    Next next_after_a_death() {
        auto lock = manager_.lock("lock");
        if (GetParam().when == Step::While::held || GetParam().when == Step::While::waiting)
            lock.lock();
        if (GetParam().when == Step::While::rung)
            lock.lock();
        auto victim = dying();
        if (GetParam().when == Step::While::rung) {
            for (int i = 0; i < waits_before_a_bell; ++i) {
                EXPECT_TRUE(waiters_become(lock, 1));
                const auto token = lock.token();
                lock.unlock();
                EXPECT_TRUE(eventually([&] { return lock.info().token > token; }));
                lock.lock();
            }
            EXPECT_TRUE(waiters_become(lock, 1));
            lock.unlock();
        }
        if (GetParam().when == Step::While::waiting) {
            EXPECT_TRUE(waiters_become(lock, 1));
            lock.unlock();
        }
        if (GetParam().when == Step::While::waited_for) {
            EXPECT_TRUE(eventually([&] { return lock.locked(); }));
            // That it waits, the victim sees, and then goes on to die.
            Survivor survivor(in_background([this] { return acquire(connect()); }), daemon_);
            EXPECT_EQ(victim.wait(), 128 + SIGKILL);
            died_ = Clock::now();
            return survivor.get();
        }
        const auto end = victim.wait();
        if (GetParam().when == Step::While::rung && end == not_rung)
            return next_after_a_death();
        EXPECT_EQ(end, 128 + SIGKILL);
        died_ = Clock::now();
        if (GetParam().when == Step::While::held)
            lock.unlock();
        return acquire(manager_);
    }

    Clock::time_point died_;
};

TEST_P(DeathsAtAStep, LeaveTheLockToTheNext) {
    std::vector<double> waits_ms;
    for (int i = 0; i < deaths; ++i) {
        const auto next = next_after_a_death();
        EXPECT_EQ(next.abandoned, GetParam().holds);
        waits_ms.push_back(std::max(0.0, std::chrono::duration<double, std::milli>(next.when - died_).count()));
    }
    std::ranges::sort(waits_ms);
    const auto median = waits_ms[deaths / 2];
    std::printf("[  REPORT  ] dead %s: the next has the lock after %.2f ms (median), %.2f ms (longest of %d)\n",
                GetParam().name, median, waits_ms.back(), deaths);
    RecordProperty("median_ms", std::to_string(median));
    RecordProperty("longest_ms", std::to_string(waits_ms.back()));
    EXPECT_LE(median, 20.0);
}

INSTANTIATE_TEST_SUITE_P(OfTheQuickWays, DeathsAtAStep, testing::ValuesIn(steps),
                         [](const auto& step) { return std::string(step.param.name); });

}  // namespace
}  // namespace steward::tests
