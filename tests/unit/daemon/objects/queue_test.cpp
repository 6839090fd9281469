#include "daemon/objects/queue.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::queue_test {
namespace {

using proto::Errc;
using proto::queue::Done;
using proto::queue::Get;
using proto::queue::GiveBack;
using proto::queue::Join;
using proto::queue::Open;
using proto::queue::Put;
using proto::queue::Status;
using proto::queue::Take;
using proto::queue::TaskDone;

class AQueue : public DaemonTest {
  protected:
    std::uint64_t request_put(Client& client, int value, std::optional<std::int64_t> timeout_ns = std::nullopt) {
        const auto packed = pack(value);
        return client.request(
            Put{.object = queue_, .value = {packed}, .thread = 1, .timeout_ns = timeout_ns, .where = {}});
    }
    bool put(Client& client, int value, std::optional<std::int64_t> timeout_ns = std::nullopt) {
        return client.result_of<Put>(request_put(client, value, timeout_ns)).value().put;
    }
    Get get(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = queue_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    Take take(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = queue_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    Join join(std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        return {.object = queue_, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    std::int64_t got(Client& client) { return integer_of(client.call(get(0)).value); }
    Status::Result status() { return watcher_.call(Status{.object = queue_}); }

    Client watcher_ = client();
    Client first_ = client();
    Client second_ = client();
    std::uint64_t queue_ = first_.call(Open{.open = named("jobs", 0604), .max_size = 2}).object;
};

TEST_F(AQueue, ReturnsWhatWasTakenToTheHeadWhenItsTakerDies) {
    put(first_, 1);
    put(first_, 2);
    EXPECT_EQ(integer_of(second_.call(take()).value), 1);
    EXPECT_EQ(status().taken, 1U);
    EXPECT_EQ(status().size, 1U);
    kill(second_);
    EXPECT_EQ(status().taken, 0U);
    EXPECT_EQ(got(first_), 1);
    EXPECT_EQ(got(first_), 2);
}

TEST_F(AQueue, ReturnsAllThatWasTakenInItsOrder) {
    put(first_, 1);
    put(first_, 2);
    second_.call(take());
    second_.call(take());
    put(first_, 3);
    kill(second_);
    EXPECT_EQ(got(first_), 1);
    EXPECT_EQ(got(first_), 2);
    EXPECT_EQ(got(first_), 3);
}

TEST_F(AQueue, KeepsItsItemsOverARestartAndReturnsTheTakenOnes) {
    put(first_, 1);
    put(first_, 2);
    second_.call(take());
    request_put(first_, 3);
    restart();
    first_ = client();
    EXPECT_EQ(got(first_), 1);
    EXPECT_EQ(got(first_), 2);
}

TEST_F(AQueue, SaysBothSizesWhereTheyDiffer) {
    EXPECT_EQ(second_.complaint(Open{.open = named("jobs"), .max_size = 3}),
              "queue 'jobs' was made with max_size = 2 and is opened with 3");
}

TEST_F(AQueue, GivesAllItsMemoryBack) {
    const auto used = [&] {
        tidy();
        return watcher_.call(proto::daemon::Status{}).memory_used_bytes;
    };
    const auto round = [&] {
        auto taker = client();
        put(first_, 1);
        put(first_, 2);
        const auto waiting = request_put(first_, 3);
        taker.call(take());
        EXPECT_TRUE(first_.result_of<Put>(waiting)->put);
        request_put(first_, 4, 0);
        kill(taker);
        for (int i = 0; i < 3; ++i)
            got(first_);
    };
    round();  // statistics are kept from the first wait on
    const auto before = used();
    round();
    EXPECT_EQ(used(), before);
}

TEST_F(AQueue, IsDescribed) {
    put(first_, 1);
    put(first_, 2);
    second_.call(take());
    const auto info = watcher_.call(proto::object::Find{.name = "jobs"});
    EXPECT_EQ(info.state, "1 of 2 items, 1 taken");
    EXPECT_EQ(info.holders.size(), 1U);
}

TEST_F(AQueue, RefusesWhoMayNotUseIt) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal_of(request_put(stranger, 1)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(get(0)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(take(0)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(join(0)), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Done{.object = queue_}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(GiveBack{.object = queue_}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(TaskDone{.object = queue_}), Errc::no_permission);
    EXPECT_EQ(stranger.refusal(Status{.object = queue_}), std::nullopt);
}

}  // namespace
}  // namespace steward::daemon::queue_test
