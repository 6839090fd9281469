#include "daemon/several.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "daemon/objects/process.hpp"
#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::several_test {
namespace {

using proto::Errc;
using proto::object::AcquireAll;
using proto::object::Part;
using proto::object::ReleaseAll;
using proto::object::WaitAny;

class Several : public DaemonTest {
  protected:
    static proto::lock::Acquire acquire(std::uint64_t lock, std::optional<std::int64_t> timeout_ns = std::nullopt) {
        return {.object = lock, .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    static void release(Client& client, std::uint64_t lock) {
        client.call(proto::lock::Release{.object = lock, .thread = 1});
    }
    static WaitAny any(std::vector<std::uint64_t> objects, std::optional<std::int64_t> timeout_ns = std::nullopt) {
        return {.objects = std::move(objects), .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    static AcquireAll all(std::vector<Part> parts, std::optional<std::int64_t> timeout_ns = std::nullopt) {
        return {.parts = std::move(parts), .thread = 1, .timeout_ns = timeout_ns, .where = {}};
    }
    bool is_free(std::uint64_t lock) { return !watcher_.call(proto::lock::Holding{.object = lock}).locked; }
    std::int64_t permits() { return watcher_.call(proto::semaphore::Value{.object = semaphore_}).permits; }

    Client watcher_ = client();
    Client first_ = client();
    Client second_ = client();
    std::uint64_t a_ = first_.call(proto::lock::Open{.open = named("a")}).object;
    std::uint64_t b_ = first_.call(proto::lock::Open{.open = named("b")}).object;
    std::uint64_t semaphore_ =
        first_.call(proto::semaphore::Open{.open = named("semaphore"), .permits = 2, .recover = true}).object;
    std::uint64_t event_ = first_.call(proto::event::Open{.open = named("event")}).object;
    std::uint64_t queue_ = first_.call(proto::queue::Open{.open = named("queue")}).object;
};

TEST_F(Several, GiveTheFirstThatIsFree) {
    first_.call(acquire(a_));
    const auto result = second_.call(any({a_, b_}));
    EXPECT_EQ(result.index, 1U);
    EXPECT_GT(result.token, 0U);
    EXPECT_FALSE(is_free(b_));
}

TEST_F(Several, GiveWhatComesFirstAndNothingElse) {
    first_.call(acquire(a_));
    first_.call(acquire(b_));
    const auto waiting = second_.request(any({a_, event_, b_}));
    EXPECT_TRUE(second_.waits(waiting));
    EXPECT_EQ(daemon().waiting.size(), 1U);
    release(first_, b_);
    EXPECT_EQ(second_.result_of<WaitAny>(waiting)->index, 2U);
    release(first_, a_);
    EXPECT_TRUE(is_free(a_));
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(Several, AreWaitedForOverAMixtureOfTypes) {
    const auto process = first_.call(proto::process::Open{.pid = ::getpid()}).object;
    const auto event = first_.request(any({queue_, event_, process}));
    watcher_.call(proto::event::Set{.object = event_});
    EXPECT_EQ(first_.result_of<WaitAny>(event)->index, 1U);
    watcher_.call(proto::event::Clear{.object = event_});
    const auto queue = first_.request(any({queue_, event_, process}));
    const auto packed = pack(1);
    watcher_.call(proto::queue::Put{.object = queue_, .value = {packed}, .where = {}});
    EXPECT_EQ(first_.result_of<WaitAny>(queue)->index, 0U);
    EXPECT_EQ(watcher_.call(proto::queue::Status{.object = queue_}).size, 1U) << "it was seen and not taken";
    const auto end = first_.request(any({event_, process}));
    note_end_of_process(daemon(), daemon().registry.find(process).value());
    EXPECT_EQ(first_.result_of<WaitAny>(end)->index, 1U);
}

TEST_F(Several, GiveNothingWhenTheTimeIsOver) {
    first_.call(acquire(a_));
    EXPECT_EQ(second_.call(any({a_, event_}, 0)).index, std::nullopt);
    EXPECT_FALSE(second_.call(all({{.object = a_}, {.object = b_}}, 0)).acquired);
    const auto for_any = second_.request(any({a_, event_}, 100));
    const auto for_all = second_.request(all({{.object = a_}, {.object = b_}}, 100));
    pass(100);
    EXPECT_EQ(second_.result_of<WaitAny>(for_any)->index, std::nullopt);
    EXPECT_FALSE(second_.result_of<AcquireAll>(for_all)->acquired);
    EXPECT_TRUE(is_free(b_));
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(Several, AreAcquiredAllOrNone) {
    first_.call(acquire(b_));
    const auto waiting = second_.request(all({{.object = a_}, {.object = b_}, {.object = semaphore_, .permits = 2}}));
    EXPECT_TRUE(second_.waits(waiting));
    EXPECT_TRUE(is_free(a_)) << "nothing is held while one waits";
    EXPECT_EQ(permits(), 2);
    release(first_, b_);
    const auto result = second_.result_of<AcquireAll>(waiting).value();
    EXPECT_TRUE(result.acquired);
    ASSERT_EQ(result.grants.size(), 3U);
    EXPECT_GT(result.grants[0].token, 0U);
    EXPECT_FALSE(is_free(a_));
    EXPECT_FALSE(is_free(b_));
    EXPECT_EQ(permits(), 0);
}

TEST_F(Several, AreReleasedAllOrNone) {
    const std::vector<Part> parts{{.object = a_}, {.object = b_}, {.object = semaphore_, .permits = 2}};
    first_.call(all(parts));
    const auto waiting = second_.request(all(parts));
    EXPECT_EQ(second_.refusal(ReleaseAll{.parts = parts, .thread = 1}), Errc::not_owner);
    EXPECT_TRUE(second_.waits(waiting));
    first_.call(ReleaseAll{.parts = parts, .thread = 1});
    EXPECT_TRUE(second_.result_of<AcquireAll>(waiting)->acquired);
    release(second_, b_);
    EXPECT_EQ(second_.refusal(ReleaseAll{.parts = parts, .thread = 1}), Errc::not_owner);
    EXPECT_FALSE(is_free(a_)) << "nothing was given back";
    EXPECT_EQ(permits(), 0);
}

TEST_F(Several, AreGivenInTheOrderOfArrival) {
    first_.call(acquire(a_));
    const auto waiting = second_.request(all({{.object = a_}, {.object = b_}}));
    EXPECT_FALSE(watcher_.call(acquire(b_, 0)).acquired) << "the second came before and keeps its place";
    const auto later = watcher_.request(acquire(b_));
    release(first_, a_);
    EXPECT_TRUE(second_.result_of<AcquireAll>(waiting)->acquired);
    release(second_, b_);
    EXPECT_TRUE(watcher_.result_of<proto::lock::Acquire>(later)->acquired);
}

TEST_F(Several, LetOthersGoOnWhenOneGivesUp) {
    first_.call(acquire(a_));
    const auto waiting = second_.request(all({{.object = a_}, {.object = b_}}));
    const auto behind = watcher_.request(acquire(b_));
    second_.call(proto::session::Cancel{.request = waiting});
    EXPECT_EQ(second_.refusal_of(waiting), Errc::cancelled);
    EXPECT_TRUE(watcher_.result_of<proto::lock::Acquire>(behind)->acquired);
}

TEST_F(Several, AreFreedWhenTheirHolderDies) {
    const std::vector<Part> parts{{.object = a_}, {.object = b_}, {.object = semaphore_, .permits = 2}};
    first_.call(all(parts));
    const auto waiting = second_.request(all(parts));
    kill(first_);
    const auto result = second_.result_of<AcquireAll>(waiting).value();
    EXPECT_TRUE(result.grants[0].abandoned);
    EXPECT_TRUE(result.grants[1].abandoned);
}

TEST_F(Several, AreForgottenWhenTheirWaiterDies) {
    first_.call(acquire(a_));
    second_.request(all({{.object = a_}, {.object = b_}}));
    second_.request(any({a_, event_}));
    kill(second_);
    EXPECT_EQ(daemon().waiting.size(), 0U);
    EXPECT_TRUE(watcher_.call(acquire(b_, 0)).acquired);
}

TEST_F(Several, EndWithTheFirstThatIsRemoved) {
    first_.call(acquire(a_));
    const auto waiting = second_.request(all({{.object = a_}, {.object = b_}}));
    const auto behind = watcher_.request(acquire(b_));
    first_.call(proto::object::Remove{.name = "a"});
    EXPECT_EQ(second_.refusal_of(waiting), Errc::object_removed);
    EXPECT_TRUE(watcher_.result_of<proto::lock::Acquire>(behind)->acquired);
}

TEST_F(Several, TakeReadersAndLevels) {
    const auto rwlock = first_.call(proto::rwlock::Open{.open = named("rw")}).object;
    const auto rlock = first_.call(proto::rlock::Open{.open = named("r")}).object;
    const std::vector<Part> reading{{.object = rwlock, .shared = true}, {.object = a_}};
    first_.call(all(reading));
    EXPECT_TRUE(second_.call(proto::rwlock::AcquireShared{.object = rwlock, .timeout_ns = 0, .where = {}}).acquired);
    first_.call(ReleaseAll{.parts = reading, .thread = 1});
    first_.call(proto::rlock::Acquire{.object = rlock, .thread = 1, .where = {}});
    EXPECT_TRUE(first_.call(all({{.object = rlock}, {.object = a_}}, 0)).acquired) << "once more by its owner";
    EXPECT_EQ(first_.call(proto::rlock::Holding{.object = rlock, .thread = 1}).count, 2U);
    first_.call(ReleaseAll{.parts = {{.object = rlock}, {.object = a_}}, .thread = 1});
    EXPECT_EQ(first_.call(proto::rlock::Holding{.object = rlock, .thread = 1}).count, 1U);
}

TEST_F(Several, AreGrantedManyInARowWithoutNesting) {
    std::vector<std::uint64_t> waiting;
    const auto other = first_.call(proto::semaphore::Open{.open = named("other"), .permits = 0}).object;
    const auto third = first_.call(proto::semaphore::Open{.open = named("third"), .permits = 20'000}).object;
    for (int i = 0; i < 10'000; ++i)
        waiting.push_back(first_.request(all({{.object = other}, {.object = third}})));
    second_.call(proto::semaphore::Release{.object = other, .permits = 10'000});
    EXPECT_TRUE(first_.result_of<AcquireAll>(waiting.back())->acquired);
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(Several, RefuseWhatCannotBeWaitedFor) {
    EXPECT_EQ(first_.refusal(any({})), Errc::invalid_argument);
    EXPECT_EQ(first_.refusal(all({})), Errc::invalid_argument);
    EXPECT_EQ(first_.refusal(any(std::vector<std::uint64_t>(65, a_))), Errc::invalid_argument);
    EXPECT_EQ(first_.refusal(any({a_, a_})), Errc::invalid_argument);
    EXPECT_EQ(first_.refusal(any({a_, 99})), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(all({{.object = event_}})), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(all({{.object = a_, .shared = true}})), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(all({{.object = semaphore_, .permits = 0}})), Errc::invalid_argument);
    const auto list = first_.call(proto::list::Open{.open = named("list"), .initial = {}}).object;
    EXPECT_EQ(first_.refusal(any({list})), Errc::wrong_type);
    auto stranger = client(bob);
    EXPECT_EQ(stranger.refusal(any({a_})), Errc::no_permission);
    const auto others = stranger.call(proto::lock::Open{.open = named("others", 0666)}).object;
    EXPECT_EQ(first_.refusal(any({a_, others})), Errc::other_domain);
}

TEST_F(Several, AreWaitedForByThoseWhoMayWaitForEachAlone) {
    const auto event = first_.call(proto::event::Open{.open = named("readable", 0644)}).object;
    const auto resetting = first_.call(proto::event::Open{.open = named("resetting", 0644), .auto_reset = true}).object;
    const auto lock = first_.call(proto::lock::Open{.open = named("lock", 0644)}).object;
    first_.call(proto::event::Set{.object = event});
    auto reader = client(bob);
    EXPECT_EQ(reader.call(any({event})).index, 0U);
    EXPECT_EQ(reader.refusal(any({event_})), Errc::no_permission);
    EXPECT_EQ(reader.refusal(any({event, resetting})), Errc::no_permission) << "waiting for it changes it";
    EXPECT_EQ(reader.refusal(any({event, lock})), Errc::no_permission);
    EXPECT_EQ(reader.refusal(all({{.object = lock}})), Errc::no_permission);
}

TEST_F(Several, OfMorePermitsThanThereAreInAllAreRefused) {
    const auto bounded = first_.call(proto::bounded_semaphore::Open{.open = named("bounded"), .permits = 2}).object;
    const AcquireAll too_many = all({{.object = a_}, {.object = bounded, .permits = 3}});
    EXPECT_EQ(first_.refusal(too_many), Errc::invalid_argument);
    EXPECT_EQ(first_.refusal(all(too_many.parts, 0)), Errc::invalid_argument);
    EXPECT_NE(first_.complaint(too_many).find("has 2 permits in all"), std::string::npos);
    EXPECT_EQ(daemon().waiting.size(), 0U);
    EXPECT_TRUE(is_free(a_));
    EXPECT_TRUE(first_.call(all({{.object = bounded, .permits = 2}})).acquired);
    EXPECT_TRUE(second_.waits(second_.request(all({{.object = semaphore_, .permits = 3}})))) << "it may get more";
}

}  // namespace
}  // namespace steward::daemon::several_test
