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

TEST_F(ABoundedSemaphore, SaysBothNumbersOfPermitsWhereTheyDiffer) {
    EXPECT_EQ(second_.complaint(Open{.open = named("slots"), .permits = 3}),
              "bounded_semaphore 'slots' was made with permits = 2 and is opened with 3");
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
