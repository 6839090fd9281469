#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::queue_test {
namespace {

using proto::queue::Done;
using proto::queue::Get;
using proto::queue::GiveBack;
using proto::queue::Join;
using proto::queue::Open;
using proto::queue::Put;
using proto::queue::Status;
using proto::queue::Take;
using proto::queue::TaskDone;

class AQueue : public Conformance {
  protected:
    std::uint64_t request_put(Client& client, int value, std::optional<std::int64_t> timeout_ns = std::nullopt) const {
        const auto packed = pack(value);
        return client.request(
            Put{.object = queue_, .value = {packed}, .thread = 1, .timeout_ns = timeout_ns, .where = {}});
    }
    bool put(Client& client, int value, std::optional<std::int64_t> timeout_ns = in_an_hour_ns) const {
        return client.result_of<Put>(request_put(client, value, timeout_ns)).put;
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
    std::int64_t got(Client& client) const {
        const auto result = client.call(get(at_once));
        EXPECT_TRUE(result.found);
        return result.found ? integer_of(result.value) : -1;
    }
    bool is_empty(Client& client) const { return !client.call(get(at_once)).found; }
    Status::Result status() { return watcher_.call(Status{.object = queue_}); }

    Client watcher_ = client();
    Client first_ = client();
    Client second_ = client();
    std::uint64_t queue_ = first_.call(Open{.open = named("jobs", 0604), .max_size = 2}).object;
};

INSTANTIATE_TEST_SUITE_P(, AQueue, every_way(), name_of_way);

TEST_P(AQueue, GivesTheFirstThatWasPut) {
    EXPECT_TRUE(put(first_, 1));
    EXPECT_TRUE(put(first_, 2, at_once));
    EXPECT_EQ(status().size, 2U);
    EXPECT_EQ(status().max_size, 2);
    EXPECT_EQ(got(second_), 1);
    EXPECT_EQ(got(second_), 2);
    EXPECT_TRUE(is_empty(second_));
}

TEST_P(AQueue, LetsThoseWaitWhoPutMoreThanItHolds) {
    put(first_, 1);
    put(first_, 2);
    EXPECT_FALSE(put(first_, 3, at_once)) << "it is full";
    const auto third = request_put(first_, 3);
    const auto fourth = request_put(first_, 4, in_an_hour_ns);
    EXPECT_TRUE(first_.waits(third));
    EXPECT_EQ(got(second_), 1);
    EXPECT_TRUE(first_.result_of<Put>(third).put);
    EXPECT_TRUE(first_.waits(fourth));
    for (const int value : {2, 3, 4})
        EXPECT_EQ(got(second_), value);
    EXPECT_TRUE(first_.result_of<Put>(fourth).put);
}

TEST_P(AQueue, LetsThoseWaitWhoGetWhatIsNotThere) {
    const auto first = first_.request(get());
    const auto second = second_.request(take(in_an_hour_ns));
    EXPECT_TRUE(first_.waits(first));
    put(watcher_, 1);
    EXPECT_EQ(integer_of(first_.result_of<Get>(first).value), 1);
    EXPECT_TRUE(second_.waits(second));
    put(watcher_, 2);
    EXPECT_EQ(integer_of(second_.result_of<Take>(second).value), 2);
}

TEST_P(AQueue, ForgetsWhatWasNotPutInTime) {
    put(first_, 1);
    put(first_, 2);
    const auto late = request_put(first_, 3, soon_ns);
    path_.pass(soon_ns);
    EXPECT_FALSE(first_.result_of<Put>(late).put);
    got(second_);
    got(second_);
    EXPECT_TRUE(is_empty(second_));
}

TEST_P(AQueue, GivesNothingToThoseWhoseTimeIsOver) {
    const auto getting = first_.request(get(soon_ns));
    const auto taking = second_.request(take(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(first_.result_of<Get>(getting).found);
    EXPECT_FALSE(second_.result_of<Take>(taking).found);
    put(watcher_, 1);
    EXPECT_EQ(status().size, 1U);
    EXPECT_TRUE(watcher_.call(take(at_once)).found);
}

TEST_P(AQueue, ForgetsWhatADeadProcessWantedToPut) {
    put(first_, 1);
    put(first_, 2);
    auto victim = path_.victim_that_waits(queue_, [&](Client& process) { request_put(process, 3); });
    victim.dies();
    got(second_);
    got(second_);
    EXPECT_TRUE(is_empty(second_));
}

TEST_P(AQueue, LosesNothingToADeadProcessThatWaitedForIt) {
    auto victim = path_.victim_that_waits(queue_, [&](Client& process) { process.request(get()); });
    victim.dies();
    put(first_, 1);
    EXPECT_EQ(got(second_), 1);
}

TEST_P(AQueue, LosesWhatADeadProcessGot) {
    put(first_, 1);
    auto victim = path_.victim_that([&](Client& process) { process.call(get()); });
    victim.dies();
    EXPECT_TRUE(is_empty(second_));
    EXPECT_EQ(status().unfinished, 1U);
}

TEST_P(AQueue, CountsWhatIsNotDoneWith) {
    EXPECT_TRUE(first_.call(join()).joined) << "nothing was put yet";
    put(first_, 1);
    put(first_, 2);
    const auto waiting = first_.request(join());
    got(second_);
    got(second_);
    EXPECT_TRUE(first_.waits(waiting)) << "got, and not done with";
    second_.call(TaskDone{.object = queue_});
    EXPECT_FALSE(watcher_.call(join(at_once)).joined);
    second_.call(TaskDone{.object = queue_});
    EXPECT_TRUE(first_.result_of<Join>(waiting).joined);
    EXPECT_EQ(second_.refusal(TaskDone{.object = queue_}), Errc::invalid_argument) << "more than were put";
}

TEST_P(AQueue, JoinsNobodyWhoseTimeIsOver) {
    put(first_, 1);
    const auto waiting = first_.request(join(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(first_.result_of<Join>(waiting).joined);
}

TEST_P(AQueue, ReturnsAllThatWasTakenToTheHeadWhenItsTakerDies) {
    put(first_, 1);
    put(first_, 2);
    auto victim = path_.victim_that([&](Client& process) {
        process.call(take());
        process.call(take(at_once));
    });
    EXPECT_EQ(status().taken, 2U);
    EXPECT_EQ(status().size, 0U);
    put(first_, 3);
    victim.dies();
    EXPECT_EQ(status().taken, 0U);
    for (const int value : {1, 2, 3})
        EXPECT_EQ(got(first_), value);
}

TEST_P(AQueue, GivesWhatReturnsToTheNextWhoWaits) {
    put(first_, 1);
    auto victim = path_.victim_that([&](Client& process) { process.call(take()); });
    const auto waiting = second_.request(get());
    EXPECT_TRUE(second_.waits(waiting));
    victim.dies();
    EXPECT_EQ(integer_of(second_.result_of<Get>(waiting).value), 1);
}

TEST_P(AQueue, ReturnsWhatASessionHadTakenThatCloses) {
    put(first_, 1);
    second_.call(take());
    second_.close();
    EXPECT_EQ(got(first_), 1);
}

TEST_P(AQueue, LeavesWhatAThreadHadTakenThatEndsToItsProcess) {
    put(first_, 1);
    put(first_, 2);
    const auto taken = second_.call(take());
    second_.call(take());
    second_.end_thread(1);
    EXPECT_TRUE(is_empty(first_));
    EXPECT_EQ(second_.refusal(Done{.object = queue_, .item = taken.item}), std::nullopt);
    second_.close();
    EXPECT_EQ(got(first_), 2);
    EXPECT_TRUE(is_empty(first_));
}

TEST_P(AQueue, IsDoneWithWhatWasTaken) {
    put(first_, 1);
    const auto taken = second_.call(take());
    EXPECT_EQ(first_.refusal(Done{.object = queue_, .item = taken.item}), Errc::no_such_value) << "another's";
    second_.call(Done{.object = queue_, .item = taken.item});
    EXPECT_EQ(status().unfinished, 0U);
    EXPECT_EQ(second_.refusal(Done{.object = queue_, .item = taken.item}), Errc::no_such_value);
    second_.close();
    EXPECT_TRUE(is_empty(first_));
}

TEST_P(AQueue, TakesBackWhatItsTakerGivesBack) {
    put(first_, 1);
    const auto taken = second_.call(take());
    EXPECT_EQ(first_.refusal(GiveBack{.object = queue_, .item = taken.item}), Errc::no_such_value) << "another's";
    second_.call(GiveBack{.object = queue_, .item = taken.item});
    EXPECT_EQ(got(first_), 1);
    EXPECT_EQ(second_.refusal(GiveBack{.object = queue_, .item = taken.item}), Errc::no_such_value);
}

TEST_P(AQueue, TakesWhatIsTakenFromItsTakersWhenItIsBroken) {
    put(first_, 1);
    const auto taken = second_.call(take());
    EXPECT_EQ(first_.call(proto::object::Break{.name = "jobs"}).holders.size(), 1U);
    EXPECT_EQ(second_.refusal(Done{.object = queue_, .item = taken.item}), Errc::no_such_value);
    EXPECT_EQ(got(first_), 1);
}

TEST_P(AQueue, HoldsAnyNumberWithoutABound) {
    queue_ = first_.call(Open{.open = named("endless"), .max_size = -1}).object;
    for (int i = 0; i < 100; ++i)
        EXPECT_TRUE(put(first_, i, at_once));
    EXPECT_EQ(status().size, 100U);
    EXPECT_EQ(status().max_size, 0);
}

TEST_P(AQueue, IsOpenedAsItWasMade) {
    EXPECT_EQ(second_.refusal(Open{.open = named("jobs"), .max_size = 3}), Errc::wrong_options);
}

TEST_P(AQueue, IsRemovedFromUnderThoseWhoWait) {
    put(watcher_, 1);
    const auto joining = second_.request(join());
    got(watcher_);
    const auto getting = first_.request(get());
    remove("jobs");
    EXPECT_EQ(first_.refusal_of<Get>(getting), Errc::object_removed);
    EXPECT_EQ(second_.refusal_of<Join>(joining), Errc::object_removed);
    EXPECT_EQ(first_.refusal(get(at_once)), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(Status{.object = queue_}), Errc::no_such_object);
}

TEST_P(AQueue, RefusesObjectsThatAreNone) {
    const auto list = first_.call(proto::list::Open{.open = named("list"), .initial = {}}).object;
    EXPECT_EQ(first_.refusal(Put{.object = list, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Get{.object = list, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Take{.object = list, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Join{.object = list, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Done{.object = list}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(GiveBack{.object = list}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(TaskDone{.object = list}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Status{.object = list}), Errc::wrong_type);
}

TEST_P(AQueue, IsUsedByWhoMayWriteAndSeenByWhoMayRead) {
    expect_of_stranger({Errc::no_permission, Errc::no_permission, Errc::no_permission, Errc::no_permission,
                        Errc::no_permission, Errc::no_permission, Errc::no_permission, std::nullopt},
                       [&](Client& stranger) {
                           return Path::Refusals{stranger.refusal(Put{.object = queue_, .where = {}}),
                                                 stranger.refusal(get(at_once)),
                                                 stranger.refusal(take(at_once)),
                                                 stranger.refusal(join(at_once)),
                                                 stranger.refusal(Done{.object = queue_}),
                                                 stranger.refusal(GiveBack{.object = queue_}),
                                                 stranger.refusal(TaskDone{.object = queue_}),
                                                 stranger.refusal(Status{.object = queue_})};
                       });
}

TEST_P(AQueue, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Status{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::queue_test
