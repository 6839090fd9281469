#include <gtest/gtest.h>

#include <string>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::restart_test {
namespace {

using proto::lock::Acquire;

/// What a new daemon finds in the memory of the one before.
class ARestart : public DaemonTest {
  protected:
    Client client_ = client();
};

TEST_F(ARestart, FreesAsAbandonedWhatFormerProcessesHeld) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")}).object;
    client_.call(Acquire{.object = lock, .where = {}});
    restart();
    auto after = client();
    const auto info = after.call(proto::object::Find{.name = "lock"});
    EXPECT_EQ(info.state, "free");
    const auto taken = after.call(Acquire{.object = lock, .timeout_ns = 0, .where = {}});
    ASSERT_TRUE(taken.acquired);
    ASSERT_TRUE(taken.abandoned);
    EXPECT_EQ(taken.abandoned->pid, ::getpid());
    EXPECT_EQ(taken.abandoned->uid, alice);
    EXPECT_NE(taken.abandoned->command.find("unit_daemon"), std::string::npos);
}

TEST_F(ARestart, NamesAFormerHolderOfAnotherUser) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock", 0666)}).object;
    auto stranger = client(bob);
    stranger.call(Acquire{.object = lock, .where = {}});
    restart();
    auto after = client();
    const auto taken = after.call(Acquire{.object = lock, .timeout_ns = 0, .where = {}});
    ASSERT_TRUE(taken.abandoned);
    EXPECT_EQ(taken.abandoned->uid, bob);
}

TEST_F(ARestart, StillTellsOfADeathThatNobodyWasToldOf) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")}).object;
    auto dead = client();
    dead.call(Acquire{.object = lock, .where = {}});
    kill(dead);
    restart();
    auto after = client();
    EXPECT_TRUE(after.call(Acquire{.object = lock, .where = {}}).abandoned);
}

TEST_F(ARestart, ForgetsThoseWhoWaitedAndHaveDied) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock")}).object;
    const auto event = client_.call(proto::event::Open{.open = named("event")}).object;
    client_.call(Acquire{.object = lock, .where = {}});
    auto waiter = client();
    waiter.request(Acquire{.object = lock, .where = {}});
    waiter.request(proto::event::Wait{.object = event, .timeout_ns = 1'000, .where = {}});
    restart();
    auto after = client();
    EXPECT_EQ(daemon().waiting.size(), 0U);
    EXPECT_TRUE(after.call(proto::object::Find{.name = "lock"}).waiters.empty());
    EXPECT_TRUE(after.call(proto::object::Find{.name = "event"}).waiters.empty());
    EXPECT_TRUE(after.call(Acquire{.object = lock, .timeout_ns = 0, .where = {}}).acquired);
}

TEST_F(ARestart, KeepsContentsOfAllUsersAndRemembersNoSession) {
    auto other = client(bob);
    client_.call(proto::value::Open{.open = named("mine"), .initial = {pack("a")}});
    other.call(proto::value::Open{.open = named("theirs"), .initial = {pack("b")}});
    restart();
    EXPECT_TRUE(daemon().sessions.all().empty());
    EXPECT_EQ(daemon().registry.size(), 2U);
    auto root = client(0, 0);
    const auto theirs = root.call(proto::object::Find{.name = "theirs"});
    EXPECT_EQ(theirs.owner, bob);
    EXPECT_EQ(text_of(root.call(proto::value::Get{.object = theirs.object}).value), "b");
}

TEST_F(ARestart, MayHappenAgainAndAgain) {
    const auto list = client_.call(proto::list::Open{.open = named("list"), .initial = {}}).object;
    for (int i = 0; i < 20; ++i) {
        auto before = client();
        before.call(proto::list::Append{.object = list, .value = {pack(i)}});
        restart();
    }
    auto after = client();
    EXPECT_EQ(after.call(proto::list::Len{.object = list}).len, 20U);
}

}  // namespace
}  // namespace steward::daemon::restart_test
