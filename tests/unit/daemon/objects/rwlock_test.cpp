#include "daemon/objects/rwlock.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::rwlock_test {
namespace {

using proto::Errc;
using proto::rwlock::Acquire;
using proto::rwlock::AcquireShared;
using proto::rwlock::Holding;
using proto::rwlock::Release;
using proto::rwlock::ReleaseShared;

class AnRWLock : public DaemonTest {
  protected:
    Acquire write(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = lock_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    AcquireShared read(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = lock_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    void stop_writing(Client& client) { client.call(Release{.object = lock_, .thread = 1}); }
    void stop_reading(Client& client) { client.call(ReleaseShared{.object = lock_, .thread = 1}); }
    bool writes(Client& client, std::uint64_t request) {
        const auto result = client.result_of<Acquire>(request);
        return result && result->acquired;
    }

    Client first_ = client();
    Client second_ = client();
    Client third_ = client();
    std::uint64_t lock_ = first_.call(proto::rwlock::Open{.open = named("lock", 0604)}).object;
};

TEST_F(AnRWLock, IsSoundAgainWhenItsReadersLeaveThoughItsWordWasOverwritten) {
    for (const std::uint64_t garbage : {0, 1}) {
        first_.call(read(0));
        second_.call(read(0));
        daemon().registry.find(lock_)->word_line().word.store(garbage);
        stop_reading(first_);
        stop_reading(second_);
        EXPECT_TRUE(third_.call(write(0)).acquired);
        stop_writing(third_);
        EXPECT_TRUE(first_.call(read(0)).acquired);
        EXPECT_FALSE(third_.call(write(0)).acquired);
        stop_reading(first_);
    }
}

TEST_F(AnRWLock, IsFreedWhenAHolderDies) {
    first_.call(read());
    first_.call(read());
    second_.call(read());
    const auto writer = third_.request(write());
    kill(first_);
    EXPECT_TRUE(third_.waits(writer));
    kill(second_);
    EXPECT_TRUE(writes(third_, writer));
    EXPECT_EQ(third_.result_of<Acquire>(writer)->abandoned, std::nullopt) << "a reader leaves nothing half done";
}

TEST_F(AnRWLock, IsFreeAfterARestart) {
    first_.call(read());
    restart();
    auto after = client();
    EXPECT_TRUE(after.call(write(0)).acquired);
}

TEST_F(AnRWLock, IsDescribedWithAllItsReaders) {
    first_.call(read());
    second_.call(read());
    const auto info = first_.call(proto::object::Find{.name = "lock"});
    EXPECT_EQ(info.state, "read by 2");
    EXPECT_EQ(info.holders.size(), 2U);
}

TEST_F(AnRWLock, RefusesWhoMayNotUseItAndWhoDoesNotHoldIt) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(write(0)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(read(0)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Release{.object = lock_}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(ReleaseShared{.object = lock_}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Holding{.object = lock_}), std::nullopt);
    EXPECT_EQ(first_.refusal(Release{.object = lock_, .thread = 1}), Errc::not_owner);
    first_.call(read());
    EXPECT_EQ(first_.refusal(Release{.object = lock_, .thread = 1}), Errc::not_owner);
    EXPECT_EQ(second_.refusal(ReleaseShared{.object = lock_, .thread = 1}), Errc::not_owner);
}

TEST_F(AnRWLock, RefusesAReaderThatWantsToWrite) {
    first_.call(read());
    EXPECT_EQ(first_.refusal(write()), Errc::deadlock) << "it would wait for itself";
    EXPECT_FALSE(first_.call(write(0)).acquired);
}

}  // namespace
}  // namespace steward::daemon::rwlock_test
