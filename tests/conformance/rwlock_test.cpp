#include "tests/conformance/conformance_test.hpp"

namespace steward::tests::conformance::rwlock_test {
namespace {

using proto::rwlock::Acquire;
using proto::rwlock::AcquireShared;
using proto::rwlock::Holding;
using proto::rwlock::Open;
using proto::rwlock::Release;
using proto::rwlock::ReleaseShared;

class AnRWLock : public Conformance {
  protected:
    Acquire write(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = lock_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }
    AcquireShared read(std::optional<std::int64_t> timeout_ns = std::nullopt, std::uint32_t thread = 1) const {
        return {.object = lock_, .thread = thread, .timeout_ns = timeout_ns, .where = {}};
    }
    Release end_of_writing(std::uint32_t thread = 1) const { return {.object = lock_, .thread = thread}; }
    ReleaseShared end_of_reading(std::uint32_t thread = 1) const { return {.object = lock_, .thread = thread}; }
    Holding holding() const { return {.object = lock_, .thread = 1}; }

    Client first_ = client();
    Client second_ = client();
    Client third_ = client();
    std::uint64_t lock_ = first_.call(Open{.open = named("lock", 0604)}).object;
};

INSTANTIATE_TEST_SUITE_P(, AnRWLock, every_way(), name_of_way);

TEST_P(AnRWLock, IsReadByManyAndWrittenByOne) {
    EXPECT_TRUE(first_.call(read(at_once)).acquired);
    EXPECT_TRUE(second_.call(read(at_once)).acquired);
    EXPECT_FALSE(third_.call(write(at_once)).acquired);
    first_.call(end_of_reading());
    EXPECT_FALSE(third_.call(write(at_once)).acquired);
    second_.call(end_of_reading());
    EXPECT_TRUE(third_.call(write(at_once)).acquired);
    EXPECT_FALSE(first_.call(read(at_once)).acquired);
    EXPECT_FALSE(first_.call(write(at_once)).acquired);
    third_.call(end_of_writing());
    EXPECT_TRUE(first_.call(write()).acquired);
}

TEST_P(AnRWLock, StarvesNeitherSide) {
    first_.call(read());
    const auto writer = second_.request(write());
    EXPECT_FALSE(third_.call(read(at_once)).acquired) << "a writer came before";
    const auto reader = third_.request(read());
    first_.call(end_of_reading());
    EXPECT_TRUE(second_.result_of<Acquire>(writer).acquired);
    EXPECT_TRUE(third_.waits(reader));
    const auto next_writer = first_.request(write());
    second_.call(end_of_writing());
    EXPECT_TRUE(third_.result_of<AcquireShared>(reader).acquired) << "the reader came before the next writer";
    EXPECT_TRUE(first_.waits(next_writer));
}

TEST_P(AnRWLock, LetsReadersInTogether) {
    first_.call(write());
    const auto second = second_.request(read());
    const auto third = third_.request(read(in_an_hour_ns));
    first_.call(end_of_writing());
    EXPECT_TRUE(second_.result_of<AcquireShared>(second).acquired);
    EXPECT_TRUE(third_.result_of<AcquireShared>(third).acquired);
}

TEST_P(AnRWLock, LetsReadersGoOnWhenTheWriterBeforeThemGivesUp) {
    first_.call(read());
    const auto writer = second_.request(write(soon_ns));
    const auto reader = third_.request(read());
    path_.pass(soon_ns);
    EXPECT_FALSE(second_.result_of<Acquire>(writer).acquired);
    EXPECT_TRUE(third_.result_of<AcquireShared>(reader).acquired);
}

TEST_P(AnRWLock, LetsReadersGiveUpWhoseTimeIsOver) {
    first_.call(write());
    const auto reader = second_.request(read(soon_ns));
    path_.pass(soon_ns);
    EXPECT_FALSE(second_.result_of<AcquireShared>(reader).acquired);
}

TEST_P(AnRWLock, CountsTheHoldsOfAReader) {
    first_.call(read());
    first_.call(read());
    first_.call(end_of_reading());
    EXPECT_FALSE(second_.call(write(at_once)).acquired);
    first_.call(end_of_reading());
    EXPECT_TRUE(second_.call(write(at_once)).acquired);
    EXPECT_EQ(first_.refusal(end_of_reading()), Errc::not_owner);
}

TEST_P(AnRWLock, GivesATokenThatGrowsWithEveryWriter) {
    const auto first = first_.call(write()).token;
    first_.call(end_of_writing());
    EXPECT_GT(second_.call(write()).token, first);
}

TEST_P(AnRWLock, TellsHowItIsHeld) {
    first_.call(read());
    const auto reading = first_.call(holding());
    EXPECT_FALSE(reading.locked);
    EXPECT_EQ(reading.readers, 1U);
    EXPECT_TRUE(reading.shared);
    EXPECT_EQ(reading.token, std::nullopt);
    EXPECT_FALSE(second_.call(holding()).shared);
    first_.call(end_of_reading());
    const auto token = first_.call(write()).token;
    const auto writing = first_.call(holding());
    EXPECT_TRUE(writing.locked);
    EXPECT_EQ(writing.token, token);
    EXPECT_EQ(writing.readers, 0U);
    EXPECT_FALSE(writing.shared);
    EXPECT_TRUE(second_.call(holding()).locked);
    EXPECT_EQ(second_.call(holding()).token, std::nullopt);
}

TEST_P(AnRWLock, IsGivenBackByWhoHoldsItOnly) {
    EXPECT_EQ(first_.refusal(end_of_writing()), Errc::not_owner);
    EXPECT_EQ(first_.refusal(end_of_reading()), Errc::not_owner);
    first_.call(read());
    EXPECT_EQ(first_.refusal(end_of_writing()), Errc::not_owner);
    EXPECT_EQ(first_.refusal(end_of_reading(2)), Errc::not_owner);
    EXPECT_EQ(second_.refusal(end_of_reading()), Errc::not_owner);
    first_.call(end_of_reading());
    first_.call(write());
    EXPECT_EQ(first_.refusal(end_of_reading()), Errc::not_owner);
    EXPECT_EQ(first_.refusal(end_of_writing(2)), Errc::not_owner);
    EXPECT_EQ(second_.refusal(end_of_writing()), Errc::not_owner);
}

TEST_P(AnRWLock, RefusesWhoWouldWaitForItself) {
    first_.call(read());
    EXPECT_EQ(first_.refusal(write()), Errc::deadlock);
    EXPECT_FALSE(first_.call(write(at_once)).acquired) << "with a time-out it is only a time-out";
    first_.call(end_of_reading());
    first_.call(write());
    EXPECT_EQ(first_.refusal(write()), Errc::deadlock);
    EXPECT_EQ(first_.refusal(read()), Errc::deadlock);
}

TEST_P(AnRWLock, IsFreedWhenReadersDieAndTellsNothingOfThem) {
    auto victim = path_.victim_that([&](Client& process) {
        process.call(read());
        process.call(read());
    });
    second_.call(read());
    const auto writer = third_.request(write());
    victim.dies();
    EXPECT_TRUE(third_.waits(writer));
    second_.call(end_of_reading());
    const auto taken = third_.result_of<Acquire>(writer);
    EXPECT_TRUE(taken.acquired);
    EXPECT_EQ(taken.abandoned, std::nullopt) << "a reader leaves nothing half done";
}

TEST_P(AnRWLock, TellsReadersAndTheNextWriterOfAWriterThatDied) {
    auto victim = path_.victim_that([&](Client& process) { process.call(write()); });
    const auto reader = second_.request(read());
    EXPECT_TRUE(second_.waits(reader));
    victim.dies();
    EXPECT_TRUE(second_.result_of<AcquireShared>(reader).abandoned);
    second_.call(end_of_reading());
    EXPECT_TRUE(first_.call(read()).abandoned) << "also to those who come later";
    first_.call(end_of_reading());
    EXPECT_TRUE(third_.call(write()).abandoned);
    third_.call(end_of_writing());
    EXPECT_FALSE(second_.call(read()).abandoned);
}

TEST_P(AnRWLock, IsNotHeldUpByAWriterThatDiesWhileItWaits) {
    first_.call(read());
    auto victim = path_.victim_that_waits(lock_, [&](Client& process) { process.request(write()); });
    const auto reader = second_.request(read());
    EXPECT_TRUE(second_.waits(reader));
    victim.dies();
    EXPECT_TRUE(second_.result_of<AcquireShared>(reader).acquired);
}

TEST_P(AnRWLock, IsGivenBackAndNotAbandonedByASessionThatCloses) {
    first_.call(write());
    const auto waiting = second_.request(write());
    first_.close();
    const auto taken = second_.result_of<Acquire>(waiting);
    EXPECT_TRUE(taken.acquired);
    EXPECT_FALSE(taken.abandoned);
}

TEST_P(AnRWLock, IsRemovedFromUnderThoseWhoWait) {
    first_.call(write());
    const auto writer = second_.request(write());
    const auto reader = third_.request(read());
    remove("lock");
    EXPECT_EQ(second_.refusal_of<Acquire>(writer), Errc::object_removed);
    EXPECT_EQ(third_.refusal_of<AcquireShared>(reader), Errc::object_removed);
    EXPECT_EQ(first_.refusal(end_of_writing()), Errc::no_such_object);
    EXPECT_EQ(first_.refusal(holding()), Errc::no_such_object);
}

TEST_P(AnRWLock, GivesUpAWaitThatIsCancelled) {
    first_.call(write());
    const auto writer = second_.request(write());
    second_.cancel(writer);
    EXPECT_EQ(second_.refusal_of<Acquire>(writer), Errc::cancelled);
}

TEST_P(AnRWLock, RefusesObjectsThatAreNone) {
    const auto lock = first_.call(proto::lock::Open{.open = named("plain")}).object;
    EXPECT_EQ(first_.refusal(Acquire{.object = lock, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(AcquireShared{.object = lock, .where = {}}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Release{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(ReleaseShared{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Holding{.object = lock}), Errc::wrong_type);
    EXPECT_EQ(first_.refusal(Holding{.object = 99}), Errc::no_such_object);
}

TEST_P(AnRWLock, IsUsedByWhoMayWriteAndSeenByWhoMayRead) {
    expect_of_stranger(
        {Errc::no_permission, Errc::no_permission, Errc::no_permission, Errc::no_permission, std::nullopt},
        [&](Client& stranger) {
            return Path::Refusals{stranger.refusal(write(at_once)), stranger.refusal(read(at_once)),
                                  stranger.refusal(end_of_writing()), stranger.refusal(end_of_reading()),
                                  stranger.refusal(holding())};
        });
}

TEST_P(AnRWLock, IsHiddenFromWhoMayNotRead) {
    const auto hidden = first_.call(Open{.open = named("hidden")}).object;
    expect_of_stranger(Path::Refusals(1, Errc::no_permission),
                       [&](Client& stranger) { return Path::Refusals{stranger.refusal(Holding{.object = hidden})}; });
}

}  // namespace
}  // namespace steward::tests::conformance::rwlock_test
