#include "daemon/objects/lock.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::lock_test {
namespace {

using proto::Errc;
using proto::lock::Acquire;
using proto::lock::Holding;
using proto::lock::Release;

constexpr std::int64_t at_once = 0;
constexpr std::int64_t second_ns = 1'000'000'000;

class ALock : public DaemonTest {
  protected:
    std::uint64_t open(Client& client, std::string_view name = "lock", std::uint16_t mode = 0600) {
        return client.call(proto::lock::Open{.open = named(name, mode)}).object;
    }

    Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 0) const {
        return {.object = lock_, .thread = thread, .timeout_ns = timeout_ns, .where = "a.cpp:1"};
    }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t lock_ = open(first_);
};

TEST_F(ALock, BelongsToAThreadOfASession) {
    first_.call(acquire(at_once, 1));
    EXPECT_EQ(first_.call(Holding{.object = lock_, .thread = 2}).token, std::nullopt);
    EXPECT_TRUE(first_.call(Holding{.object = lock_, .thread = 2}).locked);
    EXPECT_FALSE(first_.call(acquire(at_once, 2)).acquired);
    EXPECT_EQ(first_.refusal(Release{.object = lock_, .thread = 2}), Errc::not_owner);
    EXPECT_EQ(second_.refusal(Release{.object = lock_, .thread = 1}), Errc::not_owner);
    EXPECT_EQ(first_.refusal(Release{.object = lock_, .thread = 1}), std::nullopt);
}

TEST_F(ALock, NamesItsHolderToWhomItRefuses) {
    first_.call(acquire(at_once, 3));
    const auto complaint = second_.complaint(Release{.object = lock_});
    EXPECT_NE(complaint.find("'lock'"), std::string::npos) << complaint;
    EXPECT_NE(complaint.find("pid " + std::to_string(::getpid())), std::string::npos) << complaint;
    EXPECT_NE(complaint.find("thread 3"), std::string::npos) << complaint;
}

TEST_F(ALock, RefusesAThreadNumberThatItsWordCannotHold) {
    EXPECT_EQ(first_.refusal(acquire(at_once, 1U << 24)), Errc::invalid_argument);
    EXPECT_TRUE(first_.call(acquire(at_once, (1U << 24) - 1)).acquired);
    EXPECT_EQ(first_.refusal(Release{.object = lock_, .thread = 1U << 24}), Errc::invalid_argument);
}

TEST_F(ALock, GivesNoTokenTwiceThoughTheDaemonIsAnother) {
    const auto token = first_.call(acquire()).token;
    const auto removed = open(first_, "removed");
    std::uint64_t removed_token = 0;
    for (int i = 0; i < 10; ++i) {
        removed_token = first_.call(Acquire{.object = removed, .where = {}}).token;
        first_.call(Release{.object = removed});
    }
    first_.call(proto::object::Remove{.name = "removed"});
    restart();
    auto after = client();
    EXPECT_GT(after.call(acquire()).token, token);
    const auto again = open(after, "removed");
    EXPECT_GT(after.call(Acquire{.object = again, .where = {}}).token, removed_token);
}

TEST_F(ALock, GoesToTheNextInLineWithTheRecordOfWhoDied) {
    daemon().now_ns += 5;
    first_.call(acquire());
    const auto waiting = second_.request(acquire());
    daemon().now_ns += 3 * second_ns;
    kill(first_);
    const auto taken = second_.result_of<Acquire>(waiting);
    ASSERT_TRUE(taken);
    EXPECT_TRUE(taken->acquired);
    ASSERT_TRUE(taken->abandoned);
    EXPECT_EQ(taken->abandoned->pid, ::getpid());
    EXPECT_EQ(taken->abandoned->uid, alice);
    EXPECT_NE(taken->abandoned->command.find("unit_daemon"), std::string::npos);
    EXPECT_EQ(taken->abandoned->held_for_ns, 3 * second_ns);
    EXPECT_GT(taken->abandoned->when_ns, 0);
}

TEST_F(ALock, TellsOfADeathOnceAndRemembersItForThoseWhoLook) {
    first_.call(acquire());
    kill(first_);
    EXPECT_TRUE(second_.call(proto::object::Find{.name = "lock"}).abandoned);
    EXPECT_TRUE(second_.call(acquire()).abandoned);
    second_.call(Release{.object = lock_});
    EXPECT_FALSE(second_.call(acquire()).abandoned);
    EXPECT_TRUE(second_.call(proto::object::Find{.name = "lock"}).abandoned);
}

TEST_F(ALock, ShowsItsHolderAndWhoWaits) {
    daemon().now_ns += 1;
    const auto token = first_.call(acquire(at_once, 7)).token;
    second_.request(acquire(10 * second_ns));
    daemon().now_ns += 2 * second_ns;
    const auto info = second_.call(proto::object::Find{.name = "lock"});
    EXPECT_EQ(info.state, "held");
    EXPECT_EQ(info.count, 1U);
    EXPECT_EQ(info.token, token);
    ASSERT_EQ(info.holders.size(), 1U);
    EXPECT_EQ(info.holders[0].session, first_.number());
    EXPECT_EQ(info.holders[0].thread, 7U);
    EXPECT_EQ(info.holders[0].pid, ::getpid());
    EXPECT_EQ(info.holders[0].since_ms, 2'000);
    EXPECT_EQ(info.holders[0].where, "a.cpp:1");
    ASSERT_EQ(info.waiters.size(), 1U);
    EXPECT_EQ(info.waiters[0].session, second_.number());
    EXPECT_EQ(info.waiters[0].timeout_ms, 8'000);
    EXPECT_EQ(info.waits, 1U);
    first_.call(Release{.object = lock_, .thread = 7});
    second_.call(Release{.object = lock_});
    EXPECT_EQ(second_.call(proto::object::Find{.name = "lock"}).state, "free");
}

TEST_F(ALock, NeedsWritePermissionToBeUsedAndReadPermissionToBeSeen) {
    const auto readable = open(first_, "readable", 0604);
    const auto writable = open(first_, "writable", 0602);
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(Acquire{.object = lock_, .where = {}}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Acquire{.object = readable, .where = {}}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Release{.object = readable}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Holding{.object = readable}), std::nullopt);
    EXPECT_EQ(stranger.refusal(Holding{.object = writable}), Errc::no_permission);
    EXPECT_TRUE(stranger.call(Acquire{.object = writable, .where = {}}).acquired);
}

TEST_F(ALock, OfAnotherUserIsFreedTooWhenItsHolderDies) {
    const auto shared = open(first_, "shared", 0666);
    auto stranger = client(bob, 200);
    stranger.call(Acquire{.object = shared, .where = {}});
    kill(stranger);
    const auto taken = first_.call(Acquire{.object = shared, .timeout_ns = at_once, .where = {}});
    ASSERT_TRUE(taken.acquired);
    EXPECT_EQ(taken.abandoned->uid, bob);
}

TEST_F(ALock, RefusesObjectsThatAreNoLock) {
    const auto value = first_.call(proto::value::Open{.open = named("value")}).object;
    EXPECT_EQ(first_.refusal(Acquire{.object = value, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Release{.object = value}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Holding{.object = value}), Errc::wrong_type);
    for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{12345}, ~std::uint64_t{0}})
        EXPECT_EQ(first_.refusal(Acquire{.object = id, .where = {}}), Errc::no_such_object) << id;
}

}  // namespace
}  // namespace steward::daemon::lock_test
