#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tests/faults/elapsed.hpp"
#include "tests/faults/victim.hpp"
#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/environment.hpp"

// How long after a death the next in line has what the dead one held.
namespace steward::tests {
namespace {

/// $STEWARD_KILLS: 10,000 of them is what must be possible.
std::size_t kills() {
    return number_from_environment("STEWARD_KILLS", 300);
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
            const auto begin = Clock::now();
            victim.dies();
            const auto taken = next.result_of<proto::lock::Acquire>(waiting);
            ms.push_back(ms_since(begin));
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

/// The kernel tells nobody of a death before it has taken the memory of the dead: $STEWARD_VICTIM_MIB, 4,096 of which
/// is what must be possible.
TEST_F(TheNextInLine, HasItSoonAfterTheMemoryOfALargeOneIsGone) {
    const auto mebibytes = number_from_environment("STEWARD_VICTIM_MIB", 256);
    RawClient next(daemon_.socket());
    const auto lock = open_lock(next, "lock");
    auto victim = victim_that_did([&](Manager& own) {
        auto held = own.lock("lock");
        held.lock();
        return std::pair(std::move(held), std::string(mebibytes << 20U, 'm'));
    });
    const auto waiting = next.request(acquire(lock));
    EXPECT_EQ(waiters(next), 1U);
    const auto begin = Clock::now();
    victim.dies();
    const auto gone_ms = ms_since(begin);
    ASSERT_TRUE(next.result_of<proto::lock::Acquire>(waiting).acquired);
    const auto granted_ms = ms_since(begin);
    std::printf("[  REPORT  ] a victim of %zu MiB is gone after %.2f ms, and %.2f ms later the next in line has it\n",
                mebibytes, gone_ms, granted_ms - gone_ms);
    EXPECT_LE(granted_ms - gone_ms, 100);
}

}  // namespace
}  // namespace steward::tests
