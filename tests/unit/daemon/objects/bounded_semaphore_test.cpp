#include "daemon/objects/bounded_semaphore.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::bounded_semaphore_test {
namespace {

using proto::Errc;
using proto::bounded_semaphore::Acquire;
using proto::bounded_semaphore::Open;
using proto::bounded_semaphore::Release;
using proto::bounded_semaphore::Value;

class ABoundedSemaphore : public DaemonTest {
  protected:
    Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = semaphore_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    Release release(std::int64_t permits = 1) const { return {.object = semaphore_, .thread = 1, .permits = permits}; }
    std::int64_t value() { return first_.call(Value{.object = semaphore_}).permits; }

    Client first_ = client();
    Client second_ = client();
    std::uint64_t semaphore_ = first_.call(Open{.open = named("slots", 0604), .permits = 2}).object;
};

TEST_F(ABoundedSemaphore, GivesItsPermitsOutAndTakesThemBack) {
    EXPECT_EQ(first_.call(Value{.object = semaphore_}).bound, 2);
    first_.call(acquire());
    first_.call(acquire());
    EXPECT_EQ(value(), 0);
    EXPECT_FALSE(second_.call(acquire(0)).acquired);
    const auto waiting = second_.request(acquire());
    first_.call(release());
    EXPECT_TRUE(second_.result_of<Acquire>(waiting)->acquired);
}

TEST_F(ABoundedSemaphore, NeverHasMorePermitsThanAtFirst) {
    EXPECT_EQ(first_.refusal(release()), Errc::semaphore_overflow);
    first_.call(acquire());
    EXPECT_EQ(first_.refusal(release(2)), Errc::semaphore_overflow);
    EXPECT_EQ(value(), 1) << "nothing was changed";
    first_.call(release());
    EXPECT_EQ(value(), 2);
}

TEST_F(ABoundedSemaphore, RecoversThePermitsOfTheDead) {
    first_.call(acquire());
    first_.call(acquire());
    const auto waiting = second_.request(acquire());
    kill(first_);
    EXPECT_TRUE(second_.result_of<Acquire>(waiting)->acquired);
    EXPECT_EQ(second_.call(Value{.object = semaphore_}).permits, 1);
}

TEST_F(ABoundedSemaphore, LosesThemWhereItIsMadeNotToRecover) {
    const auto lossy = first_.call(Open{.open = named("lossy"), .permits = 1, .recover = false}).object;
    EXPECT_FALSE(first_.call(Value{.object = lossy}).recover);
    EXPECT_TRUE(first_.call(Value{.object = semaphore_}).recover);
    first_.call(Acquire{.object = lossy, .where = {}});
    kill(first_);
    EXPECT_EQ(second_.call(Value{.object = lossy}).permits, 0);
}

TEST_F(ABoundedSemaphore, IsOpenedAsItWasMade) {
    EXPECT_EQ(second_.refusal(Open{.open = named("slots"), .permits = 3}), Errc::wrong_options);
    EXPECT_EQ(second_.refusal(Open{.open = named("slots"), .permits = 2, .recover = false}), Errc::wrong_options);
    EXPECT_EQ(second_.complaint(Open{.open = named("slots"), .permits = 3}),
              "bounded_semaphore 'slots' was made with permits = 2 and is opened with 3");
    EXPECT_EQ(second_.refusal(Open{.open = named("new"), .permits = -1}), Errc::invalid_argument);
    EXPECT_EQ(second_.refusal(Open{.open = named("new"), .permits = std::int64_t{1} << 31}), Errc::semaphore_overflow);
}

TEST_F(ABoundedSemaphore, HasAllItsPermitsAfterARestart) {
    first_.call(acquire());
    restart();
    first_ = client();
    EXPECT_EQ(value(), 2);
}

TEST_F(ABoundedSemaphore, RefusesAnAgentThatWouldWaitForItself) {
    first_.call(acquire());
    first_.call(acquire());
    EXPECT_EQ(first_.refusal(acquire()), Errc::deadlock);
}

TEST_F(ABoundedSemaphore, LeavesThePermitsOfAThreadThatEndsToItsProcess) {
    first_.call(acquire());
    first_.call(proto::session::EndThread{.thread = 1});
    EXPECT_EQ(value(), 1);
    kill(first_);
    first_ = client();
    EXPECT_EQ(value(), 2);
}

TEST_F(ABoundedSemaphore, IsDescribed) {
    first_.call(acquire());
    const auto info = first_.call(proto::object::Find{.name = "slots"});
    EXPECT_EQ(info.state, "1 free of 2");
    EXPECT_EQ(info.count, 1U);
    EXPECT_EQ(info.holders.size(), 1U);
}

TEST_F(ABoundedSemaphore, RefusesWhoMayNotUseIt) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(acquire(0)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(release()), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Value{.object = semaphore_}), std::nullopt);
    EXPECT_EQ(first_.refusal(release(-1)), Errc::invalid_argument);
}

}  // namespace
}  // namespace steward::daemon::bounded_semaphore_test
