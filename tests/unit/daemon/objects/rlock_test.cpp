#include "daemon/objects/rlock.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::rlock_test {
namespace {

using proto::Errc;
using proto::rlock::Acquire;
using proto::rlock::Holding;
using proto::rlock::Release;

class AnRLock : public DaemonTest {
  protected:
    Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = lock_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }
    Release release(std::uint32_t thread = 1) const { return {.object = lock_, .thread = thread}; }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t lock_ = first_.call(proto::rlock::Open{.open = named("lock", 0604)}).object;
};

TEST_F(AnRLock, TellsWhoseProcessDiedThatHeldIt) {
    first_.call(acquire());
    kill(first_);
    const auto result = second_.call(acquire(0));
    ASSERT_TRUE(result.abandoned);
    EXPECT_EQ(result.abandoned->uid, alice);
}

TEST_F(AnRLock, IsFreeAfterARestart) {
    first_.call(acquire());
    first_.call(acquire());
    restart();
    auto after = client();
    const auto result = after.call(acquire(0));
    EXPECT_EQ(result.count, 1U);
    EXPECT_TRUE(result.abandoned);
}

TEST_F(AnRLock, IsDescribedWithItsHolderAndCount) {
    first_.call(acquire());
    first_.call(acquire());
    const auto info = first_.call(proto::object::Find{.name = "lock"});
    EXPECT_EQ(info.state, "held");
    ASSERT_EQ(info.holders.size(), 1U);
    EXPECT_EQ(info.holders.front().amount, 2U);
    EXPECT_EQ(info.holders.front().thread, 1U);
}

TEST_F(AnRLock, RefusesWhoMayNotUseItAndWhatIsNone) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(acquire(0)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(release()), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Holding{.object = lock_}), std::nullopt);
    EXPECT_EQ(first_.refusal(acquire(0, 1U << 24)), Errc::invalid_argument);
    EXPECT_EQ(first_.refusal(release()), Errc::not_owner);
    const auto event = first_.call(proto::event::Open{.open = named("event")}).object;
    EXPECT_EQ(first_.refusal(Acquire{.object = event, .where = {}}), Errc::wrong_type);
}

}  // namespace
}  // namespace steward::daemon::rlock_test
