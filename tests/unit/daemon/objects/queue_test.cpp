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
    Take take(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = queue_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
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

TEST_F(AQueue, GivesTheFirstThatWasPut) {
    EXPECT_TRUE(put(first_, 1));
    EXPECT_TRUE(put(first_, 2));
    EXPECT_EQ(got(second_), 1);
    EXPECT_EQ(got(second_), 2);
    EXPECT_FALSE(second_.call(get(0)).found);
}

TEST_F(AQueue, LetsThoseWaitWhoPutMoreThanItHolds) {
    put(first_, 1);
    put(first_, 2);
    EXPECT_FALSE(put(first_, 3, 0)) << "it is full";
    const auto third = request_put(first_, 3);
    const auto fourth = request_put(first_, 4);
    EXPECT_TRUE(first_.waits(third));
    EXPECT_EQ(got(second_), 1);
    EXPECT_TRUE(first_.result_of<Put>(third)->put);
    EXPECT_TRUE(first_.waits(fourth));
    EXPECT_EQ(got(second_), 2);
    EXPECT_EQ(got(second_), 3);
    EXPECT_EQ(got(second_), 4);
    EXPECT_TRUE(first_.result_of<Put>(fourth)->put);
}

TEST_F(AQueue, LetsThoseWaitWhoGetWhatIsNotThere) {
    const auto first = first_.request(get());
    const auto second = second_.request(get());
    put(watcher_, 1);
    EXPECT_EQ(integer_of(first_.result_of<Get>(first)->value), 1);
    EXPECT_TRUE(second_.waits(second));
    put(watcher_, 2);
    EXPECT_EQ(integer_of(second_.result_of<Get>(second)->value), 2);
}

TEST_F(AQueue, ForgetsWhatWasNotPutInTime) {
    put(first_, 1);
    put(first_, 2);
    const auto late = request_put(first_, 3, 100);
    pass(100);
    EXPECT_FALSE(first_.result_of<Put>(late)->put);
    got(second_);
    got(second_);
    EXPECT_FALSE(second_.call(get(0)).found);
    const auto waiting = second_.request(get(100));
    pass(100);
    EXPECT_FALSE(second_.result_of<Get>(waiting)->found);
}

TEST_F(AQueue, ForgetsWhatADeadProcessWantedToPut) {
    put(watcher_, 1);
    put(watcher_, 2);
    request_put(first_, 3);
    kill(first_);
    got(second_);
    got(second_);
    EXPECT_FALSE(second_.call(get(0)).found);
}

TEST_F(AQueue, LosesNothingToADeadProcessThatWaitedForIt) {
    first_.request(get());
    kill(first_);
    put(watcher_, 1);
    EXPECT_EQ(got(second_), 1);
}

TEST_F(AQueue, CountsWhatIsNotDoneWith) {
    EXPECT_TRUE(first_.call(join(0)).joined) << "nothing was put yet";
    put(first_, 1);
    put(first_, 2);
    const auto waiting = first_.request(join());
    got(second_);
    got(second_);
    EXPECT_TRUE(first_.waits(waiting)) << "got, and not done with";
    second_.call(TaskDone{.object = queue_});
    EXPECT_FALSE(watcher_.call(join(0)).joined);
    second_.call(TaskDone{.object = queue_});
    EXPECT_TRUE(first_.result_of<Join>(waiting)->joined);
    EXPECT_EQ(second_.refusal(TaskDone{.object = queue_}), Errc::invalid_argument);
}

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

TEST_F(AQueue, GivesWhatReturnsToTheNextWhoWaits) {
    put(first_, 1);
    second_.call(take());
    const auto waiting = first_.request(get());
    kill(second_);
    EXPECT_EQ(integer_of(first_.result_of<Get>(waiting)->value), 1);
}

TEST_F(AQueue, LeavesWhatAThreadHadTakenThatEndsToItsProcess) {
    put(first_, 1);
    put(first_, 2);
    const auto done = second_.call(take(std::nullopt, 1));
    second_.call(take(std::nullopt, 1));
    second_.call(proto::session::EndThread{.thread = 1});
    EXPECT_FALSE(first_.call(get(0)).found);
    second_.call(Done{.object = queue_, .item = done.item});
    kill(second_);
    EXPECT_EQ(got(first_), 2);
    EXPECT_FALSE(first_.call(get(0)).found);
}

TEST_F(AQueue, IsDoneWithWhatWasTaken) {
    put(first_, 1);
    const auto taken = second_.call(take());
    EXPECT_EQ(first_.refusal(Done{.object = queue_, .item = taken.item}), Errc::no_such_value) << "another's";
    second_.call(Done{.object = queue_, .item = taken.item});
    EXPECT_EQ(status().unfinished, 0U);
    EXPECT_EQ(second_.refusal(Done{.object = queue_, .item = taken.item}), Errc::no_such_value);
    kill(second_);
    EXPECT_FALSE(first_.call(get(0)).found);
}

TEST_F(AQueue, TakesBackWhatItsTakerGivesBack) {
    put(first_, 1);
    const auto taken = second_.call(take());
    second_.call(GiveBack{.object = queue_, .item = taken.item});
    EXPECT_EQ(got(first_), 1);
    EXPECT_EQ(second_.refusal(GiveBack{.object = queue_, .item = taken.item}), Errc::no_such_value);
}

TEST_F(AQueue, TakesWhatIsTakenFromItsTakersWhenItIsBroken) {
    put(first_, 1);
    const auto taken = second_.call(take());
    EXPECT_EQ(first_.call(proto::object::Break{.name = "jobs"}).holders.size(), 1U);
    EXPECT_EQ(second_.refusal(Done{.object = queue_, .item = taken.item}), Errc::no_such_value);
    EXPECT_EQ(got(first_), 1);
}

TEST_F(AQueue, HoldsAnyNumberWithoutABound) {
    queue_ = first_.call(Open{.open = named("endless"), .max_size = -1}).object;
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(put(first_, i, 0));
    EXPECT_EQ(status().size, 100U);
    EXPECT_EQ(status().max_size, 0);
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

TEST_F(AQueue, IsOpenedAsItWasMade) {
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
