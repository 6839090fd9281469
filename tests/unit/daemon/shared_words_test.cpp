#include "daemon/shared_words.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "tests/unit/daemon/shared_words_fixture.hpp"

namespace steward::daemon::shared_words_test {
namespace {

using proto::Errc;
namespace words = proto::lock;

TEST_F(SharedWordsTest, AreForSessionsOfTheSameUserThatAskedForThem) {
    EXPECT_NE(lock_.word, 0U);
    EXPECT_EQ(same_.word, lock_.word);
    auto asks_always = client(alice);
    EXPECT_EQ(open(asks_always).word, 0U);
    open(holder_, "for all", 0666);
    auto another_user = sharing_client(bob);
    EXPECT_EQ(open(another_user, "for all").word, 0U);
    auto root = sharing_client(0);
    EXPECT_EQ(open(root).word, 0U);
}

TEST_F(SharedWordsTest, AreNotForThoseWhoMayOnlyLook) {
    open(holder_, "to look at", 0400);
    EXPECT_EQ(open(other_, "to look at").word, 0U);
}

TEST_F(SharedWordsTest, SayWhoHoldsALock) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_, 3));
    const auto info = other_.call(proto::object::Find{.name = "lock"});
    ASSERT_EQ(info.holders.size(), 1U);
    EXPECT_EQ(info.holders.front().session, holder_.number());
    EXPECT_EQ(info.holders.front().thread, 3U);
    EXPECT_TRUE(holds(holder_, lock_, 3));
}

TEST_F(SharedWordsTest, MayBeReleasedOverTheSocketAndTheOtherWayRound) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    holder_.call(words::Release{.object = lock_.object, .thread = 1});
    EXPECT_EQ(word(lock_), 0U);
    other_.call(words::Acquire{.object = lock_.object, .thread = 1});
    EXPECT_EQ(word(lock_), held_by(other_));
    EXPECT_FALSE(release_by_word(lock_));
    EXPECT_FALSE(holds(other_, lock_));
}

TEST_F(SharedWordsTest, TellTheHolderThatSomebodyWaits) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto waiting = request_lock(other_, lock_);
    ASSERT_TRUE(other_.waits(waiting));
    EXPECT_EQ(word(lock_), held_by(holder_) | shared::word_waiters);
    EXPECT_TRUE(release_by_word(lock_));
    holder_.call(proto::object::Notify{.object = lock_.object});
    EXPECT_FALSE(other_.waits(waiting));
    EXPECT_EQ(word(lock_), held_by(other_)) << "nobody waits any more";
}

TEST_F(SharedWordsTest, MakeOneNoticeEnough) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto waiting = request_lock(other_, lock_);
    EXPECT_TRUE(release_by_word(lock_));
    ASSERT_TRUE(acquire_by_word(holder_, lock_)) << "before the daemon looks";
    EXPECT_FALSE(release_by_word(lock_)) << "it is on its way already";
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    holder_.call(proto::object::Notify{.object = lock_.object});
    EXPECT_TRUE(other_.waits(waiting));
    EXPECT_TRUE(release_by_word(lock_)) << "the daemon has looked and found it held";
}

TEST_F(SharedWordsTest, AreLookedAtWhereNobodyTold) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto waiting = request_lock(other_, lock_);
    release_by_word(lock_);  // and dies before it can tell
    const auto due = daemon().next_deadline_ns();
    ASSERT_TRUE(due.has_value());
    EXPECT_LE(*due - daemon().now_ns, Waiting::check_interval_ns);
    EXPECT_TRUE(other_.waits(waiting));
    pass(Waiting::check_interval_ns);
    EXPECT_FALSE(other_.waits(waiting));
    pass(Waiting::check_interval_ns);
    EXPECT_EQ(daemon().next_deadline_ns(), std::nullopt) << "nobody waits, nobody looks";
}

TEST_F(SharedWordsTest, ShutOthersOutOnceTheFirstHasWaitedLong) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto waiting = request_lock(other_, lock_);
    release_by_word(lock_);
    ASSERT_TRUE(acquire_by_word(holder_, lock_)) << "slips in";
    daemon().now_ns += Waiting::longest_wait_behind_others_ns;
    holder_.call(proto::object::Notify{.object = lock_.object});
    EXPECT_EQ(word(lock_), held_by(holder_) | shared::word_waiters | shared::word_fair);
    EXPECT_TRUE(release_by_word(lock_));
    EXPECT_FALSE(acquire_by_word(holder_, lock_)) << "it is the daemon's to pass on";
    holder_.call(proto::object::Notify{.object = lock_.object});
    EXPECT_FALSE(other_.waits(waiting));
    EXPECT_EQ(word(lock_), held_by(other_));
}

TEST_F(SharedWordsTest, OfAFairLockShutOthersOutAtOnce) {
    const auto fair = holder_.call(words::Open{.open = named("fair"), .fair = true});
    other_.call(words::Open{.open = named("fair"), .fair = true});
    ASSERT_TRUE(acquire_by_word(holder_, fair));
    request_lock(other_, fair);
    request_lock(other_, fair, 2);
    EXPECT_TRUE(release_by_word(fair));
    EXPECT_FALSE(acquire_by_word(holder_, fair));
    holder_.call(proto::object::Notify{.object = fair.object});
    EXPECT_EQ(word(fair), held_by(other_) | shared::word_waiters | shared::word_fair);
}

TEST_F(SharedWordsTest, OfADeadHolderAreFreedAndTheNextIsTold) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    kill(holder_);
    EXPECT_EQ(word(lock_), shared::word_news) << "so that the next one asks, and is told";
    EXPECT_FALSE(acquire_by_word(other_, lock_));
    EXPECT_TRUE(other_.call(words::Acquire{.object = lock_.object, .thread = 1}).abandoned.has_value());
    EXPECT_EQ(word(lock_), held_by(other_));
}

TEST_F(SharedWordsTest, OfAThreadThatEndedAreFreed) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_, 7));
    holder_.call(proto::session::EndThread{.thread = 6});
    EXPECT_EQ(word(lock_), held_by(holder_, 7));
    holder_.call(proto::session::EndThread{.thread = 7});
    EXPECT_EQ(word(lock_), shared::word_news);
}

TEST_F(SharedWordsTest, TakePartInDeadlocks) {
    const auto second = open(holder_, "second");
    open(other_, "second");
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    ASSERT_TRUE(acquire_by_word(other_, second));
    ASSERT_TRUE(holder_.waits(request_lock(holder_, second)));
    EXPECT_EQ(other_.refusal_of(request_lock(other_, lock_)), Errc::deadlock);
    EXPECT_EQ(word(lock_), held_by(holder_)) << "the refused request leaves no trace";
}

TEST_F(SharedWordsTest, AreLeftAloneByAWaitThatEnds) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto waiting = request_lock(other_, lock_);
    other_.call(proto::session::Cancel{.request = waiting});
    EXPECT_EQ(word(lock_), held_by(holder_));
    EXPECT_FALSE(release_by_word(lock_));
}

TEST_F(SharedWordsTest, OfARemovedObjectAreNobodysUntilItsUsersAreGone) {
    holder_.call(proto::object::Remove{.name = "lock"});
    EXPECT_EQ(word(lock_) & shared::word_closed, shared::word_closed);
    const auto next = open(holder_);
    EXPECT_NE(next.word, lock_.word);
    kill(holder_);
    EXPECT_NE(open(other_, "third").word, lock_.word) << "the other session may still look at it";
    kill(other_);
    auto later = sharing_client();
    EXPECT_EQ(open(later, "fourth").word, lock_.word);
    EXPECT_TRUE(acquire_by_word(later, lock_));
}

TEST_F(SharedWordsTest, ThatWereKeptBackAreFoundAgainByTheNextDaemon) {
    const auto kept_back = lock_.word;
    holder_.call(proto::object::Remove{.name = "lock"});
    restart();
    auto later = sharing_client();
    EXPECT_EQ(open(later, "next").word, kept_back);
}

TEST_F(SharedWordsTest, ThatSomethingElseWritesToDoNotStopTheDaemon) {
    std::atomic<bool> writing = true;
    std::thread hostile([&] {
        for (std::uint64_t value = 0x9e3779b97f4a7c15; writing; value = value * 6364136223846793005U + 1)
            line(lock_.word).word.store(value);
    });
    const auto healthy = open(holder_, "healthy");
    for (int i = 0; i < 300; ++i) {
        const auto refusal = other_.refusal(words::Acquire{.object = lock_.object, .thread = 1, .timeout_ns = 0});
        EXPECT_TRUE(!refusal || refusal == Errc::domain_damaged) << static_cast<int>(*refusal);
        other_.refusal(words::Release{.object = lock_.object, .thread = 1});
        ASSERT_TRUE(acquire_by_word(holder_, healthy));
        release_by_word(healthy);
    }
    auto waiting = sharing_client();
    request_lock(waiting, lock_);
    kill(waiting);
    kill(other_);
    writing = false;
    hostile.join();
}

/// Levels are counted in the line by clients, and by the daemon as soon as it changes them.
class SharedRLockWords : public SharedWordsTest {
  protected:
    void SetUp() override {
        lock_ = holder_.call(proto::rlock::Open{.open = named("rlock")});
        same_ = other_.call(proto::rlock::Open{.open = named("rlock")});
        ASSERT_NE(lock_.word, 0U);
    }
    bool acquire_levels_by_word(const Client& by, std::uint64_t levels) {
        const bool acquired = acquire_by_word(by, lock_);
        line(lock_.word).levels = levels;
        return acquired;
    }
    std::uint64_t count(Client& by) {
        return by.call(proto::rlock::Holding{.object = lock_.object, .thread = 1}).count;
    }
    std::uint64_t acquire(Client& by) {
        return by.call(proto::rlock::Acquire{.object = lock_.object, .thread = 1, .timeout_ns = 0}).count;
    }
    std::uint64_t release(Client& by) {
        return by.call(proto::rlock::Release{.object = lock_.object, .thread = 1}).count;
    }
};

TEST_F(SharedRLockWords, CountWhatTheLineSays) {
    ASSERT_TRUE(acquire_levels_by_word(holder_, 3));
    EXPECT_EQ(count(holder_), 3U);
    EXPECT_EQ(count(other_), 0U);
    EXPECT_EQ(holder_.call(proto::object::Find{.name = "rlock"}).count, 3U);
}

TEST_F(SharedRLockWords, AreCountedByTheDaemonAsSoonAsItChangesThem) {
    ASSERT_TRUE(acquire_levels_by_word(holder_, 2));
    EXPECT_EQ(acquire(holder_), 3U);
    EXPECT_EQ(word(lock_), held_by(holder_) | shared::word_counted);
    line(lock_.word).levels = 99;
    EXPECT_EQ(count(holder_), 3U);
    EXPECT_EQ(release(holder_), 2U);
    EXPECT_EQ(release(holder_), 1U);
    EXPECT_EQ(release(holder_), 0U);
    EXPECT_EQ(word(lock_), LockWord::free);
}

TEST_F(SharedRLockWords, AreGivenBackOneByOneOverTheSocket) {
    ASSERT_TRUE(acquire_levels_by_word(holder_, 2));
    EXPECT_EQ(release(holder_), 1U);
    EXPECT_EQ(count(holder_), 1U);
    EXPECT_EQ(release(holder_), 0U);
    EXPECT_EQ(word(lock_), LockWord::free);
}

TEST_F(SharedRLockWords, AreLeftToTheirOwnerByAGrant) {
    EXPECT_EQ(acquire(holder_), 1U);
    EXPECT_EQ(word(lock_), held_by(holder_)) << "not counted, so that the owner needs no daemon to release it";
}

TEST_F(SharedRLockWords, ThatADeadOwnerLeftDoNotCountForTheNext) {
    ASSERT_TRUE(acquire_levels_by_word(holder_, 5));
    kill(holder_);
    EXPECT_EQ(acquire(other_), 1U);
    EXPECT_EQ(count(other_), 1U);
    EXPECT_EQ(release(other_), 0U);
}

TEST_F(SharedRLockWords, AllComeBackAfterAConditionsWait) {
    const auto condition = holder_.call(proto::condition::Open{.open = named("condition"), .lock = lock_.object});
    other_.call(proto::condition::Open{.open = named("condition"), .lock = lock_.object});
    ASSERT_TRUE(acquire_levels_by_word(holder_, 3));
    const auto waiting = holder_.request(proto::condition::Wait{.object = condition.object, .thread = 1});
    ASSERT_TRUE(holder_.waits(waiting));
    line(lock_.word).levels = 1;
    ASSERT_EQ(acquire(other_), 1U);
    other_.call(proto::condition::Notify{.object = condition.object, .thread = 1, .count = 1});
    release(other_);
    ASSERT_FALSE(holder_.waits(waiting));
    EXPECT_EQ(count(holder_), 3U);
}

/// Free permits are the word.
class SharedPermitWords : public SharedWordsTest {
  protected:
    proto::Opened open_semaphore(Client& by, std::int64_t permits, bool recover = false) {
        return by.call(proto::semaphore::Open{.open = named("semaphore"), .permits = permits, .recover = recover});
    }
    std::uint64_t request_permit(Client& by, const proto::Opened& semaphore, std::uint32_t thread = 1) {
        return by.request(proto::semaphore::Acquire{.object = semaphore.object, .thread = thread});
    }
};

TEST_F(SharedPermitWords, AreTakenAndGivenBySocketAndByWord) {
    const auto semaphore = open_semaphore(holder_, 2);
    ASSERT_NE(semaphore.word, 0U);
    --line(semaphore.word).word;
    EXPECT_EQ(other_.call(proto::semaphore::Value{.object = semaphore.object}).permits, 1);
    EXPECT_TRUE(
        other_.call(proto::semaphore::Acquire{.object = semaphore.object, .thread = 1, .timeout_ns = 0}).acquired);
    EXPECT_EQ(word(semaphore), 0U);
    other_.call(proto::semaphore::Release{.object = semaphore.object, .thread = 1, .permits = 1});
    EXPECT_EQ(word(semaphore), 1U);
}

TEST_F(SharedPermitWords, SayThatSomebodyWaits) {
    const auto semaphore = open_semaphore(holder_, 0);
    open_semaphore(other_, 0);
    const auto waiting = request_permit(other_, semaphore);
    ASSERT_TRUE(other_.waits(waiting));
    EXPECT_EQ(word(semaphore), shared::word_waiters);
    line(semaphore.word).word += 1 + shared::word_notified;
    holder_.call(proto::object::Notify{.object = semaphore.object});
    EXPECT_FALSE(other_.waits(waiting));
    EXPECT_EQ(word(semaphore), 0U);
}

TEST_F(SharedPermitWords, AreNotSharedWhereItMattersWhoHoldsThem) {
    EXPECT_EQ(open_semaphore(holder_, 2, true).word, 0U);
}

TEST_F(SharedPermitWords, OfABoundedSemaphoreKnowTheirBound) {
    const auto bounded =
        holder_.call(proto::bounded_semaphore::Open{.open = named("bounded"), .permits = 3, .recover = false});
    ASSERT_NE(bounded.word, 0U);
    EXPECT_EQ(line(bounded.word).bound, 3U);
}

TEST_F(SharedWordsTest, OfAnEventAreLookedAt) {
    const auto event = holder_.call(proto::event::Open{.open = named("event")});
    ASSERT_NE(event.word, 0U);
    EXPECT_EQ(word(event), 0U);
    holder_.call(proto::event::Set{.object = event.object});
    EXPECT_EQ(word(event), 1U);
    EXPECT_EQ(line(event.word).bound, 0U);
    const auto resetting = holder_.call(proto::event::Open{.open = named("resetting"), .auto_reset = true});
    EXPECT_EQ(line(resetting.word).bound, 1U);
}

}  // namespace
}  // namespace steward::daemon::shared_words_test
