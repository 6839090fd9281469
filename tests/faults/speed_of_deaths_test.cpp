#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/faults/victim.hpp"
#include "tests/integration/daemon/daemon_test.hpp"

// How long after a death the next in line has what the dead one held.
namespace steward::tests {
namespace {

using DeathClock = std::chrono::steady_clock;

/// $STEWARD_KILLS: 10,000 of them is what must be possible.
std::size_t kills() {
    const char* text = std::getenv("STEWARD_KILLS");
    return text == nullptr ? 300 : std::stoul(text);
}

class TheNextInLine : public Deaths {
  protected:
    /// Somebody who holds the lock is killed while another waits for it; and again, with that one as the holder's
    /// successor. Each grant is to the one who waits, and tells of the death.
    template <class Deed>
    void expect_soon_after_each_death(Deed deed) {
        RawClient next(daemon_.socket());
        const auto lock = open_lock(next, "lock");
        std::vector<double> ms;
        while (ms.size() < kills()) {
            auto victim = victim_that_did(deed);
            const auto waiting = next.request(acquire(lock));
            EXPECT_EQ(waiters(next), 1U);
            const auto begin = DeathClock::now();
            victim.dies();
            const auto taken = next.result_of<proto::lock::Acquire>(waiting);
            ms.push_back(std::chrono::duration<double, std::milli>(DeathClock::now() - begin).count());
            ASSERT_TRUE(taken.acquired);
            ASSERT_TRUE(taken.abandoned);
            ASSERT_EQ(taken.abandoned->pid, victim.pid());
            next.call(proto::lock::Release{.object = lock});
        }
        std::ranges::sort(ms);
        const auto p99 = ms[ms.size() * 99 / 100];
        std::printf(
            "[  REPORT  ] the next in line has it after %.2f ms (median), %.2f ms (p99), %.2f ms (longest of %zu "
            "kills)\n",
            ms[ms.size() / 2], p99, ms.back(), ms.size());
        EXPECT_LE(p99, 100);
    }
};

TEST_F(TheNextInLine, HasItSoonAfterADeath) {
    expect_soon_after_each_death([](Manager& own) {
        auto lock = own.lock("lock");
        lock.lock();
        return lock;
    });
}

/// The end of the connection does not come then.
TEST_F(TheNextInLine, HasItSoonThoughAChildOfTheDeadKeepsTheSocket) {
    const Gate over;
    expect_soon_after_each_death([&](Manager& own) {
        auto lock = own.lock("lock");
        lock.lock();
        if (::fork() == 0) {
            over.pass();
            ::_exit(0);
        }
        return lock;
    });
    for (std::size_t child = 0; child < kills(); ++child)
        over.open();
}

}  // namespace
}  // namespace steward::tests
