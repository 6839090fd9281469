#include "daemon/objects/semaphore.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::semaphore_test {
namespace {

using proto::Errc;
using proto::semaphore::Acquire;
using proto::semaphore::Open;
using proto::semaphore::Release;
using proto::semaphore::Value;

constexpr std::int64_t at_once = 0;
constexpr std::int64_t most_permits = (std::int64_t{1} << 31) - 1;

class ASemaphore : public DaemonTest {
  protected:
    std::uint64_t open(std::int64_t permits, bool recover = false) {
        return first_.call(Open{.open = named("slots", 0602), .permits = permits, .recover = recover}).object;
    }
    std::int64_t permits(std::uint64_t semaphore) { return first_.call(Value{.object = semaphore}).permits; }
    static Acquire take(std::uint64_t semaphore, std::uint32_t thread = 0) {
        return {.object = semaphore, .thread = thread, .timeout_ns = at_once, .where = {}};
    }
    static Acquire wait(std::uint64_t semaphore) { return {.object = semaphore, .where = {}}; }

    Client first_ = client();
    Client second_ = client();
};

TEST_F(ASemaphore, WakesWaitersInArrivalOrderAsPermitsReturn) {
    const auto slots = open(0);
    auto third = client();
    const auto first = first_.request(wait(slots));
    const auto second = second_.request(wait(slots));
    const auto last = third.request(wait(slots));
    third.call(Release{.object = slots, .permits = 2});
    EXPECT_TRUE(first_.result_of<Acquire>(first)->acquired);
    EXPECT_TRUE(second_.result_of<Acquire>(second)->acquired);
    EXPECT_TRUE(third.waits(last));
    EXPECT_EQ(permits(slots), 0);
}

TEST_F(ASemaphore, RefusesToReleaseANegativeCountOrTooMany) {
    const auto slots = open(1);
    EXPECT_EQ(first_.refusal(Release{.object = slots, .permits = -1}), Errc::invalid_argument);
    EXPECT_EQ(first_.refusal(Release{.object = slots, .permits = most_permits}), Errc::semaphore_overflow);
    EXPECT_EQ(first_.refusal(Release{.object = slots, .permits = std::numeric_limits<std::int64_t>::max()}),
              Errc::semaphore_overflow);
    EXPECT_EQ(permits(slots), 1) << "nothing changed";
    EXPECT_EQ(first_.refusal(Release{.object = slots, .permits = most_permits - 1}), std::nullopt);
    EXPECT_EQ(permits(slots), most_permits);
}

TEST_F(ASemaphore, NamesTheOptionThatDiffers) {
    open(1, true);
    EXPECT_NE(second_.complaint(Open{.open = named("slots")}).find("recover"), std::string::npos);
}

TEST_F(ASemaphore, GetsThePermitsOfTheDeadBackWhereItRecovers) {
    const auto slots = open(3, true);
    second_.call(take(slots, 1));
    second_.call(take(slots, 1));
    second_.call(take(slots, 2));
    const auto waiting = first_.request(wait(slots));
    kill(second_);
    EXPECT_TRUE(first_.result_of<Acquire>(waiting)->acquired);
    EXPECT_EQ(permits(slots), 2);
}

TEST_F(ASemaphore, ThatRecoversShowsItsHolders) {
    const auto slots = open(3, true);
    second_.call(take(slots, 5));
    second_.call(take(slots, 5));
    const auto info = first_.call(proto::object::Find{.name = "slots"});
    EXPECT_EQ(info.count, 1U);
    ASSERT_EQ(info.holders.size(), 1U);
    EXPECT_EQ(info.holders[0].session, second_.number());
    EXPECT_EQ(info.holders[0].thread, 5U);
    EXPECT_EQ(info.holders[0].amount, 2U);
}

TEST_F(ASemaphore, ThatRecoversGetsItsPermitsBackOverARestart) {
    const auto slots = open(3, true);
    second_.call(take(slots));
    second_.call(take(slots));
    restart();
    first_ = client();
    EXPECT_EQ(permits(slots), 3);
    EXPECT_TRUE(first_.call(proto::object::Find{.name = "slots"}).holders.empty());
}

TEST_F(ASemaphore, KeepsItsPermitsOverARestart) {
    const auto slots = open(3);
    second_.call(take(slots));
    restart();
    first_ = client();
    EXPECT_EQ(permits(slots), 2);
}

TEST_F(ASemaphore, TellsWhetherItsPermitsReturn) {
    EXPECT_TRUE(first_.call(Value{.object = open(1, true)}).recover);
    first_.call(proto::object::Remove{.name = "slots"});
    EXPECT_FALSE(first_.call(Value{.object = open(1)}).recover);
}

TEST_F(ASemaphore, NeedsPermissionAndItsType) {
    const auto slots = open(1);
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(Value{.object = slots}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(take(slots)), std::nullopt) << "others may write";
    auto colleague = client(bob, 100);
    EXPECT_EQ(colleague.refusal(take(slots)), Errc::no_permission);
    EXPECT_EQ(colleague.refusal(Release{.object = slots}), Errc::no_permission);
    const auto lock = first_.call(proto::lock::Open{.open = named("lock")}).object;
    EXPECT_EQ(first_.refusal(take(lock)), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Release{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Value{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Value{.object = 99}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon::semaphore_test
