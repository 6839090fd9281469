#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::lock::Acquire;

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::uint64_t its_number = 1000;

/// A client that does not wait for its requests for ever, and gives them up.
class ImpatientClients : public DaemonTest {
  protected:
    template <proto::Message M>
    static void send(Client& by, const M& message, std::optional<std::uint64_t> deadline_ns = {}) {
        std::string frame;
        proto::encode_request(frame, its_number, message, its_number, deadline_ns);
        by.dispatch(frame);
    }
    template <proto::Message M>
    void withdraw(const M& message) {
        send(client_, message, proto::withdrawn);
        EXPECT_EQ(client_.refusal_of(its_number), Errc::cancelled);
    }
    /// A request that is carried out, and whose reply comes too late.
    template <proto::Message M>
    void do_and_undo(const M& message) {
        send(client_, message);
        pass(0);
        client_.session().outbox.clear();
        withdraw(message);
    }
    std::uint64_t too_early() { return daemon().now_ns - proto::most_delay_ns - 1; }

    Client client_ = client();
    Client other_ = client();
    std::uint64_t lock_ = client_.call(proto::lock::Open{.open = named("lock")}).object;
    std::uint64_t queue_ = client_.call(proto::queue::Open{.open = named("queue")}).object;
    Acquire acquire_{.object = lock_, .thread = 1, .timeout_ns = second_ns};
};

class ARequest : public ImpatientClients {};
class AWithdrawal : public ImpatientClients {};

TEST_F(ARequest, IsNotCarriedOutAfterItsDeadline) {
    send(client_, acquire_, too_early());
    EXPECT_FALSE(client_.result_of<Acquire>(its_number)->acquired);
    send(client_, proto::queue::Put{.object = queue_, .value = {pack(1)}, .timeout_ns = second_ns}, too_early());
    EXPECT_FALSE(client_.result_of<proto::queue::Put>(its_number)->put);
    EXPECT_EQ(client_.call(proto::queue::Status{.object = queue_}).size, 0U);
    EXPECT_TRUE(other_.call(Acquire{.object = lock_, .thread = 1, .timeout_ns = 0}).acquired);
}

TEST_F(ARequest, WhoseTimeIsShorterThanItsWayIsTried) {
    send(client_, acquire_, daemon().now_ns - 1);
    EXPECT_TRUE(client_.result_of<Acquire>(its_number)->acquired);
}

TEST_F(ARequest, ThatComesTooLateToABarrierBreaksIt) {
    const auto barrier = client_.call(proto::barrier::Open{.open = named("barrier"), .parties = 2}).object;
    const auto other = other_.request(proto::barrier::Wait{.object = barrier, .thread = 1});
    send(client_, proto::barrier::Wait{.object = barrier, .thread = 1, .timeout_ns = second_ns}, too_early());
    EXPECT_FALSE(client_.result_of<proto::barrier::Wait>(its_number)->passed);
    EXPECT_EQ(other_.refusal_of(other), Errc::broken_barrier);
}

TEST_F(ARequest, ThatDoesNotWaitHasNoDeadline) {
    acquire_.timeout_ns = 0;
    send(client_, acquire_, too_early());
    EXPECT_TRUE(client_.result_of<Acquire>(its_number)->acquired);
}

TEST_F(ARequest, IsNotCarriedOutByADaemonThatWasStoppedForHours) {
    pass(7'200 * second_ns);
    send(client_, acquire_, 1);
    EXPECT_FALSE(client_.result_of<Acquire>(its_number)->acquired);
}

TEST_F(ARequest, OfAClockThatIsAheadHasItsTimeOut) {
    other_.call(Acquire{.object = lock_, .thread = 1});
    send(client_, acquire_, daemon().now_ns + 100 * second_ns);
    pass(second_ns + 1);
    EXPECT_FALSE(client_.result_of<Acquire>(its_number)->acquired);
}

TEST_F(ARequest, WaitsUntilItsDeadline) {
    other_.call(Acquire{.object = lock_, .thread = 1});
    send(client_, acquire_, daemon().now_ns + 1'000);
    EXPECT_TRUE(client_.waits(its_number));
    pass(1'001);
    EXPECT_FALSE(client_.result_of<Acquire>(its_number)->acquired);
}

/// What was put, or let others through a barrier, cannot be undone for one who gives up. A daemon that is stopped takes
/// the time that it saw before for now.
class AStoppedDaemon : public ImpatientClients {
  protected:
    AStoppedDaemon() { daemon().now_ns -= second_ns; }
    std::uint64_t soon() { return daemon().now_ns + 1; }

    const std::string item_ = pack(2);
    proto::queue::Put put_{.object = queue_, .value = {item_}, .thread = 1, .timeout_ns = second_ns / 2};
};

TEST_F(AStoppedDaemon, PutsNothingBehindADeadline) {
    send(client_, put_, soon());
    EXPECT_FALSE(client_.result_of<proto::queue::Put>(its_number)->put);
    EXPECT_EQ(client_.call(proto::queue::Status{.object = queue_}).size, 0U);
}

TEST_F(AStoppedDaemon, PutsWhatNobodyGivesUp) {
    put_.timeout_ns = 0;
    send(client_, put_);
    EXPECT_TRUE(client_.result_of<proto::queue::Put>(its_number)->put);
}

TEST_F(AStoppedDaemon, GivesNoRoomToOneWhoWaitedBehindADeadline) {
    put_.object = client_.call(proto::queue::Open{.open = named("full"), .max_size = 1}).object;
    client_.call(proto::queue::Put{.object = put_.object, .value = {pack(1)}, .thread = 1});
    send(client_, put_, soon());
    EXPECT_TRUE(client_.waits(its_number));
    const auto next = other_.request(proto::queue::Put{.object = put_.object, .value = {pack(3)}, .thread = 1});
    other_.call(proto::queue::Get{.object = put_.object, .thread = 1});
    EXPECT_FALSE(client_.result_of<proto::queue::Put>(its_number)->put);
    EXPECT_TRUE(other_.result_of<proto::queue::Put>(next)->put);
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(AStoppedDaemon, LetsNobodyThroughABarrierWithOneBehindItsDeadline) {
    const auto barrier = client_.call(proto::barrier::Open{.open = named("barrier"), .parties = 2}).object;
    send(client_, proto::barrier::Wait{.object = barrier, .thread = 1, .timeout_ns = second_ns / 2}, soon());
    EXPECT_TRUE(client_.waits(its_number));
    const auto last = other_.request(proto::barrier::Wait{.object = barrier, .thread = 1});
    EXPECT_EQ(other_.refusal_of(last), Errc::broken_barrier);
    EXPECT_FALSE(client_.result_of<proto::barrier::Wait>(its_number)->passed) << "it is who broke the barrier";
    EXPECT_TRUE(client_.call(proto::barrier::Status{.object = barrier}).broken);
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(AStoppedDaemon, LetsNobodyThroughABarrierWhoseLastOneIsBehindItsDeadline) {
    const auto barrier = client_.call(proto::barrier::Open{.open = named("barrier"), .parties = 2}).object;
    const auto first = other_.request(proto::barrier::Wait{.object = barrier, .thread = 1});
    send(client_, proto::barrier::Wait{.object = barrier, .thread = 1, .timeout_ns = second_ns / 2}, soon());
    EXPECT_FALSE(client_.result_of<proto::barrier::Wait>(its_number)->passed);
    EXPECT_EQ(other_.refusal_of(first), Errc::broken_barrier);
    EXPECT_TRUE(client_.call(proto::barrier::Status{.object = barrier}).broken);
}

TEST_F(AWithdrawal, OfOneThatWaitsEndsTheWait) {
    other_.call(Acquire{.object = lock_, .thread = 1});
    send(client_, acquire_);
    withdraw(acquire_);
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(AWithdrawal, OfOneThatDidNothingDoesNothing) {
    withdraw(acquire_);
    EXPECT_TRUE(other_.call(Acquire{.object = lock_, .thread = 1, .timeout_ns = 0}).acquired);
}

TEST_F(AWithdrawal, OfAPartyThatNobodyHasHeardOfBreaksTheBarrierOnce) {
    const auto barrier = client_.call(proto::barrier::Open{.open = named("barrier"), .parties = 2}).object;
    const auto other = other_.request(proto::barrier::Wait{.object = barrier, .thread = 1});
    const proto::barrier::Wait wait{.object = barrier, .thread = 1, .timeout_ns = second_ns};
    withdraw(wait);
    EXPECT_EQ(other_.refusal_of(other), Errc::broken_barrier);
    other_.call(proto::barrier::Reset{.object = barrier});
    withdraw(wait);
    EXPECT_FALSE(client_.call(proto::barrier::Status{.object = barrier}).broken);
}

TEST_F(AWithdrawal, OfWhatDoesNotWaitNeitherUndoesNorRepeatsIt) {
    const auto value = client_.call(proto::value::Open{.open = named("value"), .initial = {pack(1)}}).object;
    do_and_undo(proto::value::FetchAdd{.object = value, .by = {pack(1)}});
    EXPECT_EQ(integer_of(client_.call(proto::value::Get{.object = value}).value), 2);
}

TEST_F(AWithdrawal, OfAWaitForAConditionThatHasEndedDoesNotBeginAnother) {
    const auto condition = client_.call(proto::condition::Open{.open = named("condition"), .lock = lock_}).object;
    client_.call(Acquire{.object = lock_, .thread = 1});
    do_and_undo(proto::condition::Wait{.object = condition, .thread = 1, .timeout_ns = 0});
    EXPECT_EQ(daemon().waiting.size(), 0U);
}

TEST_F(AWithdrawal, GivesALockToTheNext) {
    send(client_, acquire_);
    const auto next = other_.request(Acquire{.object = lock_, .thread = 1});
    client_.session().outbox.clear();
    withdraw(acquire_);
    EXPECT_TRUE(other_.result_of<Acquire>(next)->acquired);
}

TEST_F(AWithdrawal, ThatIsMadeAgainDoesNotTakeAnything) {
    do_and_undo(acquire_);
    ASSERT_TRUE(client_.call(acquire_).acquired);
    withdraw(acquire_);
    EXPECT_FALSE(other_.call(Acquire{.object = lock_, .thread = 1, .timeout_ns = 0}).acquired);
}

TEST_F(AWithdrawal, AfterARestartUndoesWhatTheFormerDaemonDid) {
    send(client_, acquire_);
    const auto number = client_.number();
    restart_under_clients();
    auto again = resumed(number);
    send(again, acquire_, proto::withdrawn);
    EXPECT_EQ(again.refusal_of(its_number), Errc::cancelled);
    auto stranger = client();
    EXPECT_TRUE(stranger.call(Acquire{.object = lock_, .thread = 1, .timeout_ns = 0}).acquired);
}

TEST_F(AWithdrawal, TakesBackOneLevelOfAnRLock) {
    const auto rlock = client_.call(proto::rlock::Open{.open = named("rlock")}).object;
    client_.call(proto::rlock::Acquire{.object = rlock, .thread = 1});
    do_and_undo(proto::rlock::Acquire{.object = rlock, .thread = 1, .timeout_ns = second_ns});
    EXPECT_EQ(client_.call(proto::rlock::Holding{.object = rlock, .thread = 1}).count, 1U);
}

TEST_F(AWithdrawal, TakesBackAReaderAndAWriter) {
    const auto rwlock = client_.call(proto::rwlock::Open{.open = named("rwlock")}).object;
    do_and_undo(proto::rwlock::AcquireShared{.object = rwlock, .thread = 1, .timeout_ns = second_ns});
    EXPECT_EQ(client_.call(proto::rwlock::Holding{.object = rwlock, .thread = 1}).readers, 0U);
}

TEST_F(AWithdrawal, GivesPermitsBack) {
    const auto permits = client_.call(proto::semaphore::Open{.open = named("permits"), .permits = 2}).object;
    do_and_undo(proto::semaphore::Acquire{.object = permits, .thread = 1, .timeout_ns = second_ns});
    EXPECT_EQ(client_.call(proto::semaphore::Value{.object = permits}).permits, 2);
}

TEST_F(AWithdrawal, UndoesAllOfSeveral) {
    const auto permits =
        client_.call(proto::semaphore::Open{.open = named("permits"), .permits = 2, .recover = true}).object;
    do_and_undo(proto::object::AcquireAll{
        .parts = {{.object = permits, .permits = 2}, {.object = lock_}}, .thread = 1, .timeout_ns = second_ns});
    EXPECT_EQ(client_.call(proto::semaphore::Value{.object = permits}).permits, 2);
    EXPECT_TRUE(other_.call(Acquire{.object = lock_, .thread = 1, .timeout_ns = 0}).acquired);
}

TEST_F(AWithdrawal, UndoesWhicheverOfAnyItWas) {
    const auto event = client_.call(proto::event::Open{.open = named("event"), .auto_reset = true}).object;
    client_.call(proto::event::Set{.object = event});
    other_.call(Acquire{.object = lock_, .thread = 1});
    const proto::object::WaitAny any{.objects = {lock_, event}, .thread = 1, .timeout_ns = second_ns};
    do_and_undo(any);
    EXPECT_TRUE(client_.call(proto::event::IsSet{.object = event}).set);
    EXPECT_FALSE(client_.call(Acquire{.object = lock_, .thread = 1, .timeout_ns = 0}).acquired);
}

TEST_F(AWithdrawal, ReturnsAnItemToTheHeadOfItsQueue) {
    for (const int number : {1, 2})
        client_.call(proto::queue::Put{.object = queue_, .value = {pack(number)}});
    do_and_undo(proto::queue::Get{.object = queue_, .thread = 1, .timeout_ns = second_ns});
    EXPECT_EQ(integer_of(client_.call(proto::queue::Get{.object = queue_, .thread = 1}).value), 1);
    client_.call(proto::queue::TaskDone{.object = queue_});
    EXPECT_EQ(client_.call(proto::queue::Status{.object = queue_}).size, 1U);
}

TEST_F(AWithdrawal, ReturnsATakenItemToTheHeadOfItsQueue) {
    for (const int number : {1, 2})
        client_.call(proto::queue::Put{.object = queue_, .value = {pack(number)}});
    do_and_undo(proto::queue::Take{.object = queue_, .thread = 1, .timeout_ns = second_ns});
    EXPECT_EQ(integer_of(other_.call(proto::queue::Get{.object = queue_, .thread = 1}).value), 1);
}

}  // namespace
}  // namespace steward::daemon
