#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "tests/unit/daemon/shared_words_fixture.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::lock::Acquire;

/// What a new daemon finds of clients whose processes live on.
class ResumedSessions : public SharedWordsTest {
  protected:
    std::string state_of(Client& by, std::string_view name = "lock") {
        return by.call(proto::object::Find{.name = name}).state;
    }
};

TEST_F(ResumedSessions, KeepWhatTheyHold) {
    holder_.call(Acquire{.object = lock_.object, .thread = 1});
    const auto number = holder_.number();
    restart_under_clients();
    auto stranger = client();
    EXPECT_EQ(state_of(stranger), "held") << "and not resumed yet";
    EXPECT_FALSE(stranger.call(Acquire{.object = lock_.object, .thread = 1, .timeout_ns = 0}).acquired);
    auto holder = resumed(number);
    EXPECT_TRUE(holds(holder, lock_));
    holder.call(proto::lock::Release{.object = lock_.object, .thread = 1});
    EXPECT_EQ(state_of(stranger), "free");
}

TEST_F(ResumedSessions, KeepWhatTheyHoldByTheWord) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto number = holder_.number();
    restart_under_clients();
    auto stranger = client();
    const auto waiting = request_lock(stranger, lock_);
    EXPECT_TRUE(stranger.waits(waiting));
    EXPECT_TRUE(release_by_word(lock_)) << "it is told that somebody waits, though it has not come back yet";
    pass(Waiting::check_interval_ns);
    EXPECT_FALSE(stranger.waits(waiting));
    EXPECT_EQ(resumed(number).number(), number);
}

TEST_F(ResumedSessions, GetWhatTheyAskForNow) {
    const auto number = holder_.number();
    restart_under_clients();
    auto holder = resumed(number);
    ASSERT_TRUE(acquire_by_word(holder, lock_));
    auto other = sharing_client();
    open(other);
    const auto waiting = other.request(Acquire{.object = lock_.object, .thread = 1, .by_word = true});
    EXPECT_TRUE(release_by_word(lock_));
    holder.call(proto::object::Notify{.object = lock_.object});
    EXPECT_TRUE(other.result_of<Acquire>(waiting)->offered);
}

TEST_F(ResumedSessions, EndWithTheirProcesses) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto number = holder_.number();
    restart_under_clients();
    daemon().end_session(*daemon().sessions.find(number));
    auto other = client();
    const auto acquired = other.call(Acquire{.object = lock_.object, .thread = 1, .timeout_ns = 0});
    EXPECT_TRUE(acquired.acquired);
    EXPECT_TRUE(acquired.abandoned.has_value());
}

TEST_F(ResumedSessions, AreNotThoseOfDeadProcesses) {
    const auto number = holder_.number();
    restart();
    EXPECT_EQ(daemon().sessions.find(number), nullptr);
    restart_under_clients();
    EXPECT_EQ(daemon().sessions.find(number), nullptr) << "their records are gone";
}

TEST_F(ResumedSessions, HaveTheRestOfTheirTimeForWhatTheyWereOffered) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    other_.request(Acquire{.object = lock_.object, .thread = 1, .by_word = true});
    release_by_word(lock_);
    holder_.call(proto::object::Notify{.object = lock_.object});
    ASSERT_EQ(word(lock_), held_by(other_) | shared::word_granted);
    const auto number = other_.number();
    restart_under_clients();
    EXPECT_EQ(word(lock_), LockWord::held_by({.session = number, .thread = 1}) | shared::word_granted);
    pass(Offers::lifetime_ns);
    EXPECT_EQ(word(lock_), LockWord::free) << "whoever has missed it asks again";
}

/// What a client that may make its requests again waits for.
class AWaitOverARestart : public SharedWordsTest {
  protected:
    template <proto::Message M>
    static void request(Client& by, std::uint64_t number, const M& message) {
        std::string frame;
        proto::encode_request(frame, number, message, number);
        by.dispatch(frame);
    }
    std::size_t waiters() { return daemon().waiting.size(); }
};

TEST_F(AWaitOverARestart, KeepsItsPlace) {
    holder_.call(Acquire{.object = lock_.object, .thread = 1});
    request(other_, 7, Acquire{.object = lock_.object, .thread = 1});
    const auto numbers = std::pair(holder_.number(), other_.number());
    restart_under_clients();
    EXPECT_EQ(waiters(), 1U);
    auto late = client();
    const auto behind = late.request(Acquire{.object = lock_.object, .thread = 1});
    auto holder = resumed(numbers.first);
    auto waiter = resumed(numbers.second);
    request(waiter, 7, Acquire{.object = lock_.object, .thread = 1});
    EXPECT_EQ(waiters(), 2U) << "it waits once";
    holder.call(proto::lock::Release{.object = lock_.object, .thread = 1});
    EXPECT_TRUE(waiter.result_of<Acquire>(7)->acquired);
    EXPECT_TRUE(late.waits(behind));
}

TEST_F(AWaitOverARestart, IsToldOfAGrantThatWasLost) {
    const auto queue = holder_.call(proto::queue::Open{.open = named("queue")}).object;
    const proto::queue::Get get{.object = queue, .thread = 1};
    request(other_, 7, get);
    const auto number = other_.number();
    restart_under_clients();
    auto putter = client();
    putter.call(proto::queue::Put{.object = queue, .value = {pack(1)}});
    EXPECT_EQ(waiters(), 0U);
    restart_under_clients();
    auto getter = resumed(number);
    request(getter, 7, get);
    const auto got = getter.result_of<proto::queue::Get>(7);
    ASSERT_TRUE(got && got->found);
    EXPECT_EQ(integer_of(got->value), 1);
}

TEST_F(AWaitOverARestart, KeepsItsTime) {
    holder_.call(Acquire{.object = lock_.object, .thread = 1});
    const Acquire acquire{.object = lock_.object, .thread = 1, .timeout_ns = 1'000'000'000};
    request(other_, 7, acquire);
    const auto number = other_.number();
    pass(400'000'000);
    const auto now_ns = daemon().now_ns;
    restart_under_clients();
    daemon().now_ns = now_ns;
    auto waiter = resumed(number);
    request(waiter, 7, acquire);
    pass(500'000'000);
    EXPECT_TRUE(waiter.waits(7));
    pass(100'000'000);
    EXPECT_FALSE(waiter.result_of<Acquire>(7)->acquired);
}

/// A reply that came before could be taken for the reply to the request that is made again.
TEST_F(AWaitOverARestart, IsNotAnsweredBeforeItIsMadeAgain) {
    holder_.call(Acquire{.object = lock_.object, .thread = 1});
    const Acquire acquire{.object = lock_.object, .thread = 1, .timeout_ns = 1'000'000'000};
    request(other_, 7, acquire);
    const auto number = other_.number();
    restart_under_clients();
    auto waiter = resumed(number);
    pass(2'000'000'000);
    EXPECT_TRUE(waiter.waits(7));
    request(waiter, 7, Acquire{.object = lock_.object, .thread = 1, .timeout_ns = 0});
    EXPECT_FALSE(waiter.result_of<Acquire>(7)->acquired);
}

TEST_F(AWaitOverARestart, KeepsItsPlacesAmongSeveral) {
    const auto second = open(holder_, "second");
    holder_.call(Acquire{.object = lock_.object, .thread = 1});
    holder_.call(Acquire{.object = second.object, .thread = 1});
    const proto::object::AcquireAll all{.parts = {{.object = lock_.object}, {.object = second.object}}, .thread = 1};
    request(other_, 7, all);
    const auto numbers = std::pair(holder_.number(), other_.number());
    restart_under_clients();
    EXPECT_EQ(waiters(), 1U);
    auto holder = resumed(numbers.first);
    holder.call(proto::lock::Release{.object = lock_.object, .thread = 1});
    holder.call(proto::lock::Release{.object = second.object, .thread = 1});
    auto waiter = resumed(numbers.second);
    request(waiter, 7, all);
    const auto got = waiter.result_of<proto::object::AcquireAll>(7);
    ASSERT_TRUE(got && got->acquired && got->grants.size() == 2);
    EXPECT_NE(got->grants[0].token, 0U);
}

TEST_F(AWaitOverARestart, OfAConditionComesBackWithItsLock) {
    const auto condition = other_.call(proto::condition::Open{.open = named("condition")});
    other_.call(proto::rlock::Acquire{.object = condition.lock, .thread = 1});
    const proto::condition::Wait wait{.object = condition.object, .thread = 1};
    request(other_, 7, wait);
    const auto number = other_.number();
    restart_under_clients();
    auto notifier = client();
    notifier.call(proto::condition::Open{.open = named("condition")});
    notifier.call(proto::rlock::Acquire{.object = condition.lock, .thread = 1});
    notifier.call(proto::condition::NotifyAll{.object = condition.object, .thread = 1});
    notifier.call(proto::rlock::Release{.object = condition.lock, .thread = 1});
    restart_under_clients();
    auto waiter = resumed(number);
    request(waiter, 7, wait);
    const auto woken = waiter.result_of<proto::condition::Wait>(7);
    ASSERT_TRUE(woken);
    EXPECT_TRUE(woken->notified);
    EXPECT_EQ(waiter.call(proto::rlock::Holding{.object = condition.lock, .thread = 1}).count, 1U);
}

TEST_F(AWaitOverARestart, OfTheDeadBreaksTheBarrier) {
    const auto barrier = other_.call(proto::barrier::Open{.open = named("barrier"), .parties = 2}).object;
    request(other_, 7, proto::barrier::Wait{.object = barrier, .thread = 1});
    restart();
    auto later = client();
    const auto status = later.call(proto::barrier::Status{.object = barrier});
    EXPECT_TRUE(status.broken);
    EXPECT_EQ(status.n_waiting, 0U);
}

TEST_F(AWaitOverARestart, ForABarrierIsOverOnceAndToldOfThat) {
    const auto barrier = holder_.call(proto::barrier::Open{.open = named("barrier"), .parties = 3}).object;
    const proto::barrier::Wait brief{.object = barrier, .thread = 1, .timeout_ns = 1'000'000};
    const proto::barrier::Wait patient{.object = barrier, .thread = 2};
    request(other_, 7, brief);
    request(other_, 8, patient);
    const auto number = other_.number();
    restart_under_clients();
    pass(1'000'000);
    EXPECT_EQ(waiters(), 0U) << "the one has broken the barrier, and the other was refused";
    restart_under_clients();
    client().call(proto::barrier::Reset{.object = barrier});
    auto waiter = resumed(number);
    request(waiter, 7, brief);
    EXPECT_FALSE(waiter.result_of<proto::barrier::Wait>(7).value().passed);
    request(waiter, 8, patient);
    EXPECT_EQ(waiter.refusal_of(8), Errc::broken_barrier);
    EXPECT_EQ(waiters(), 0U);
}

TEST_F(AWaitOverARestart, OfOneThatIsNotMadeAgainIsForgotten) {
    holder_.call(Acquire{.object = lock_.object, .thread = 1});
    other_.request(Acquire{.object = lock_.object, .thread = 1});
    restart_under_clients();
    EXPECT_EQ(waiters(), 0U);
    EXPECT_FALSE(line(lock_.word).word.load() & shared::word_waiters);
}

TEST_F(AWaitOverARestart, IsKeptWhileItsConnectionIsLost) {
    holder_.call(Acquire{.object = lock_.object, .thread = 1});
    auto waiter = client();
    const Acquire acquire{.object = lock_.object, .thread = 1};
    request(waiter, 7, acquire);
    daemon().disconnect_session(waiter.session());
    EXPECT_EQ(waiters(), 1U);
    EXPECT_TRUE(daemon().may_come_back(waiter.session()));
    auto again = resumed(waiter.number());
    request(again, 7, acquire);
    EXPECT_EQ(waiters(), 1U);
    daemon().disconnect_session(again.session());
    pass(Absences::default_grace_ns);
    EXPECT_FALSE(daemon().may_come_back(again.session()));
}

TEST_F(ResumedSessions, LiveAsLongAsTheirProcessesWhereTheyHaveWords) {
    daemon().disconnect_session(other_.session());
    pass(Absences::default_grace_ns);
    EXPECT_TRUE(daemon().may_come_back(other_.session()));
}

TEST_F(AWaitOverARestart, ForAProcessIsToldThatItHasEndedMeanwhile) {
    const auto process = other_.call(proto::process::Open{.pid = ::getpid()}).object;
    request(other_, 7, proto::process::Wait{.object = process, .thread = 1});
    const auto number = other_.number();
    restart_under_clients();
    EXPECT_EQ(waiters(), 1U) << "it lives, and is watched again";
    EXPECT_EQ(daemon().watched_processes.take_new().size(), 1U);
    EXPECT_EQ(resumed(number).call(proto::process::Status{.object = process}).ended, false);
}

TEST_F(ResumedSessions, KeepLinesOfRemovedObjectsClosed) {
    const auto kept = lock_.word;
    const auto numbers = std::pair(holder_.number(), other_.number());
    restart_under_clients();
    auto root = client(0, 0);
    root.call(proto::object::Remove{.name = "lock"});
    EXPECT_EQ(line(kept).word.load() & shared::word_closed, shared::word_closed);
    auto later = sharing_client();
    EXPECT_NE(open(later, "next").word, kept);
    for (const auto number : {numbers.first, numbers.second})
        daemon().end_session(*daemon().sessions.find(number));
    EXPECT_EQ(open(later, "after them").word, kept);
}

TEST_F(ResumedSessions, KeepTakenItems) {
    const auto queue = holder_.call(proto::queue::Open{.open = named("queue")}).object;
    holder_.call(proto::queue::Put{.object = queue, .value = {pack(7)}});
    const auto item = holder_.call(proto::queue::Take{.object = queue, .thread = 1}).item;
    const auto number = holder_.number();
    restart_under_clients();
    auto holder = resumed(number);
    EXPECT_EQ(holder.call(proto::queue::Status{.object = queue}).taken, 1U);
    holder.call(proto::queue::Done{.object = queue, .item = item});
    EXPECT_EQ(holder.call(proto::queue::Status{.object = queue}).taken, 0U);
}

TEST_F(ResumedSessions, HaveTheirGraceToSayWhatTheyUse) {
    const auto used = holder_.call(proto::list::Open{}).object;
    const auto forgotten = holder_.call(proto::list::Open{}).object;
    const auto number = holder_.number();
    restart_under_clients();
    tidy();
    auto holder = resumed(number);
    holder.call(proto::object::Use{.object = used});
    const auto due = daemon().next_deadline_ns();
    ASSERT_TRUE(due.has_value());
    pass(Absences::default_grace_ns);
    tidy();
    EXPECT_TRUE(daemon().registry.find(used).has_value());
    EXPECT_FALSE(daemon().registry.find(forgotten).has_value());
}

TEST_F(ResumedSessions, AreForgottenWithAllThatWasTheirs) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto number = holder_.number();
    restart_under_clients();
    auto holder = resumed(number);
    close(holder);
    EXPECT_EQ(word(lock_), LockWord::free) << "given back, not abandoned";
    EXPECT_EQ(daemon().sessions.find(number), nullptr);
}

}  // namespace
}  // namespace steward::daemon
