#include "daemon/waiting.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::waiting_test {
namespace {

using proto::Errc;
using proto::lock::Acquire;
using proto::lock::Release;

class Waiters : public DaemonTest {
  protected:
    Waiters() { holder_.call(acquire()); }

    Acquire acquire(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 0) const {
        return {.object = lock_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }
    void release(Client& client) { client.call(Release{.object = lock_}); }
    bool has_lock(Client& client, std::uint64_t request) {
        const auto result = client.result_of<Acquire>(request);
        return result && result->acquired;
    }
    bool timed_out(Client& client, std::uint64_t request) {
        const auto result = client.result_of<Acquire>(request);
        return result && !result->acquired;
    }

    Client holder_ = client();
    Client first_ = client();
    Client second_ = client();
    std::uint64_t lock_ = holder_.call(proto::lock::Open{.open = named("lock", 0666)}).object;
};

TEST_F(Waiters, AreServedInTheOrderInWhichTheyCame) {
    std::vector<std::pair<Client, std::uint64_t>> line;
    for (int i = 0; i < 5; ++i) {
        auto& [waiter, request] = line.emplace_back(client(), 0);
        request = waiter.request(acquire());
    }
    release(holder_);
    for (std::size_t i = 0; i < line.size(); ++i) {
        for (std::size_t j = 0; j < line.size(); ++j)
            EXPECT_EQ(line[j].first.waits(line[j].second), j > i) << i << ' ' << j;
        release(line[i].first);
    }
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(Waiters, AreNotOvertakenByThoseWhoComeLater) {
    const auto waiting = first_.request(acquire());
    EXPECT_TRUE(timed_out(second_, second_.request(acquire(0))));
    release(holder_);
    EXPECT_TRUE(has_lock(first_, waiting));
}

TEST_F(Waiters, GoOnWithoutWhenTheirTimeIsOver) {
    const auto waiting = first_.request(acquire(1'000));
    EXPECT_EQ(daemon().waiting.next_deadline_ns(), daemon().now_ns + 1'000);
    pass(999);
    EXPECT_TRUE(first_.waits(waiting));
    pass(1);
    EXPECT_TRUE(timed_out(first_, waiting));
    EXPECT_EQ(daemon().waiting.next_deadline_ns(), std::nullopt);
    release(holder_);
    EXPECT_TRUE(has_lock(second_, second_.request(acquire(0)))) << "nobody stands in the line any more";
}

TEST_F(Waiters, TimeOutEachAtItsOwnTime) {
    const auto late = first_.request(acquire(2'000));
    const auto early = second_.request(acquire(1'000));
    const auto patient = first_.request(acquire(std::nullopt, 1));
    pass(1'000);
    EXPECT_TRUE(timed_out(second_, early));
    EXPECT_TRUE(first_.waits(late));
    pass(1'000);
    EXPECT_TRUE(timed_out(first_, late));
    EXPECT_TRUE(first_.waits(patient));
}

TEST_F(Waiters, DoNotWaitWithATimeOfNothingOrLess) {
    EXPECT_TRUE(timed_out(first_, first_.request(acquire(0))));
    EXPECT_TRUE(timed_out(first_, first_.request(acquire(-1))));
    EXPECT_TRUE(timed_out(first_, first_.request(acquire(std::numeric_limits<std::int64_t>::min()))));
}

TEST_F(Waiters, WaitForEverWithATimeBeyondTheClock) {
    daemon().now_ns = std::uint64_t{1} << 63;
    const auto waiting = first_.request(acquire(std::numeric_limits<std::int64_t>::max()));
    pass(1'000'000'000'000'000'000);
    EXPECT_TRUE(first_.waits(waiting));
}

TEST_F(Waiters, AreCancelled) {
    const auto waiting = first_.request(acquire());
    const auto next = second_.request(acquire());
    EXPECT_TRUE(first_.call(proto::session::Cancel{.request = waiting}).cancelled);
    EXPECT_EQ(first_.refusal_of(waiting), Errc::cancelled);
    EXPECT_FALSE(first_.call(proto::session::Cancel{.request = waiting}).cancelled) << "it does not wait any more";
    EXPECT_FALSE(first_.call(proto::session::Cancel{.request = 12345}).cancelled);
    release(holder_);
    EXPECT_TRUE(has_lock(second_, next));
}

TEST_F(Waiters, AreNotCancelledByOtherSessions) {
    const auto waiting = first_.request(acquire());
    EXPECT_FALSE(second_.call(proto::session::Cancel{.request = waiting}).cancelled);
    EXPECT_TRUE(first_.waits(waiting));
}

TEST_F(Waiters, AreForgottenWhenTheyDie) {
    first_.request(acquire());
    const auto next = second_.request(acquire());
    kill(first_);
    EXPECT_EQ(daemon().waiting.size(), 1U);
    release(holder_);
    EXPECT_TRUE(has_lock(second_, next));
}

TEST_F(Waiters, AreForgottenWithTheirConnectionWhileTheirProcessLives) {
    first_.request(acquire(1'000));
    const auto next = second_.request(acquire());
    daemon().disconnect_session(first_.session());
    EXPECT_EQ(daemon().waiting.size(), 1U);
    pass(1'000);
    release(holder_);
    EXPECT_TRUE(has_lock(second_, next));
}

TEST_F(Waiters, DoNotGetTheLockOfALivingProcessThatLostItsConnection) {
    const auto waiting = first_.request(acquire());
    daemon().disconnect_session(holder_.session());
    EXPECT_TRUE(daemon().holds_anything(holder_.session()));
    EXPECT_TRUE(first_.waits(waiting));
    daemon().end_session(holder_.session());
    EXPECT_TRUE(has_lock(first_, waiting));
}

TEST_F(Waiters, AreToldOfTheDeathOfTheHolderOneAfterTheOther) {
    const auto one = first_.request(acquire());
    const auto two = second_.request(acquire());
    kill(holder_);
    EXPECT_TRUE(first_.result_of<Acquire>(one)->abandoned);
    release(first_);
    EXPECT_TRUE(has_lock(second_, two));
    EXPECT_FALSE(second_.result_of<Acquire>(two)->abandoned);
}

TEST_F(Waiters, AreToldThatTheObjectWasRemoved) {
    const auto one = first_.request(acquire());
    const auto two = second_.request(acquire(1'000));
    holder_.call(proto::object::Remove{.name = "lock"});
    EXPECT_EQ(first_.refusal_of(one), Errc::object_removed);
    EXPECT_EQ(second_.refusal_of(two), Errc::object_removed);
    EXPECT_EQ(daemon().waiting.size(), 0U);
    EXPECT_EQ(daemon().waiting.next_deadline_ns(), std::nullopt);
}

TEST_F(Waiters, AreToldThatTheDaemonGoes) {
    const auto one = first_.request(acquire());
    const auto two = second_.request(acquire(1'000));
    daemon().waiting.refuse_everybody(Errc::shutting_down, "the daemon is shutting down");
    EXPECT_EQ(first_.refusal_of(one), Errc::shutting_down);
    EXPECT_EQ(second_.refusal_of(two), Errc::shutting_down);
}

TEST_F(Waiters, OfOneSessionMayBeManyButEachWithItsOwnNumber) {
    const auto one = first_.request(acquire(std::nullopt, 1));
    const auto two = first_.request(acquire(std::nullopt, 2));
    release(holder_);
    EXPECT_TRUE(has_lock(first_, one));
    EXPECT_TRUE(first_.waits(two));
    std::string again;
    proto::encode_request(again, two, acquire(std::nullopt, 3));
    first_.dispatch(again);
    EXPECT_EQ(first_.refusal_of(two), Errc::invalid_argument);
}

TEST_F(Waiters, OfOneSessionAreBounded) {
    for (std::size_t i = 0; i < Waiting::most_waits_per_session; ++i)
        first_.request(acquire());
    EXPECT_EQ(first_.refusal(acquire()), Errc::busy);
    EXPECT_EQ(second_.refusal(acquire()), std::nullopt) << "others are not affected";
    kill(first_);
    EXPECT_EQ(daemon().waiting.size(), 1U);
}

}  // namespace
}  // namespace steward::daemon::waiting_test
