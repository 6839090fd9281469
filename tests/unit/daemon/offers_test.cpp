#include "daemon/offers.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/shared_words_fixture.hpp"

namespace steward::daemon {
namespace {

namespace words = proto::lock;

/// One holds a lock by its word, another waits for it and takes what is offered to it by the word.
class OffersTest : public SharedWordsTest {
  protected:
    static std::uint64_t offered_to(const Client& client, std::uint32_t thread = 1) {
        return held_by(client, thread) | shared::word_granted;
    }
    std::uint64_t ask(Client& by, std::optional<std::int64_t> timeout_ns = {}, std::uint32_t thread = 1) {
        return by.request(
            words::Acquire{.object = lock_.object, .thread = thread, .timeout_ns = timeout_ns, .by_word = true});
    }
    /// The request is given up by whoever made it.
    void give_up(Client& by, std::uint64_t request) {
        std::string frame;
        const words::Acquire acquire{.object = lock_.object, .thread = 1, .timeout_ns = 1, .by_word = true};
        proto::encode_request(frame, request, acquire, request, proto::withdrawn);
        by.dispatch(frame);
    }
    static bool is_offered(Client& client, std::uint64_t request) {
        const auto result = client.result_of<words::Acquire>(request);
        return result && result->offered && !result->acquired;
    }
    bool take(const Client& by, std::uint32_t thread = 1) {
        auto found = line(lock_.word).word.load();
        const bool mine = (found & ~(shared::word_parity | shared::word_waiters)) == offered_to(by, thread);
        return mine && line(lock_.word).word.compare_exchange_strong(found, found & ~shared::word_granted);
    }
    void let_go() {
        if (release_by_word(lock_))
            holder_.call(proto::object::Notify{.object = lock_.object});
    }
    proto::ObjectInfo info() { return other_.call(proto::object::Find{.name = "lock"}); }

    /// Others wait, the first of them has been offered the lock and does not take it.
    void pass_over_the_first() {
        acquire_by_word(holder_, lock_);
        missed_ = ask(other_);
        second_ = ask(third_);
        let_go();
        ASSERT_EQ(word(lock_), offered_to(other_) | shared::word_waiters);
        pass(Offers::lifetime_ns);
    }

    Client third_ = sharing_client();
    proto::Opened third_opened_ = open(third_);
    std::uint64_t missed_ = 0;
    std::uint64_t second_ = 0;
};

TEST_F(OffersTest, AreTakenByTheWord) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto waiting = ask(other_);
    let_go();
    EXPECT_TRUE(is_offered(other_, waiting));
    EXPECT_EQ(word(lock_), offered_to(other_));
    EXPECT_EQ(info().state, "offered");
    EXPECT_FALSE(acquire_by_word(third_, lock_));
    EXPECT_TRUE(take(other_));
    EXPECT_EQ(word(lock_), held_by(other_));
    pass(Offers::lifetime_ns);
    EXPECT_EQ(word(lock_), held_by(other_)) << "what was taken is not withdrawn";
    EXPECT_EQ(info().state, "held");
    EXPECT_EQ(daemon().next_deadline_ns(), std::nullopt);
}

TEST_F(OffersTest, AreForThoseWhoDoNotWaitEither) {
    EXPECT_TRUE(is_offered(other_, ask(other_, 0)));
    const auto next = ask(third_);
    pass(Offers::lifetime_ns);
    EXPECT_TRUE(is_offered(third_, next)) << "the first may have been stopped since it asked";
}

TEST_F(OffersTest, ThatWereMissedByOneWhoGaveUpAreForgotten) {
    acquire_by_word(holder_, lock_);
    ask(other_, Offers::lifetime_ns / 2);
    second_ = ask(third_);
    let_go();
    pass(Offers::lifetime_ns);
    ASSERT_TRUE(is_offered(third_, second_));
    const auto another = ask(other_);
    EXPECT_TRUE(other_.waits(another)) << "it has no time-out";
}

TEST_F(OffersTest, AreForThoseWhoUseTheWord) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto in_the_old_way = request_lock(third_, lock_);
    let_go();
    EXPECT_TRUE(third_.result_of<words::Acquire>(in_the_old_way)->acquired);
    auto asks_always = client(alice);
    open(asks_always);
    const auto cannot = ask(asks_always);
    let_go();
    EXPECT_TRUE(asks_always.result_of<words::Acquire>(cannot)->acquired) << "whatever it says of itself";
}

TEST_F(OffersTest, ThatAreNotTakenGoToTheNext) {
    pass_over_the_first();
    EXPECT_TRUE(is_offered(third_, second_));
    EXPECT_EQ(word(lock_), offered_to(third_));
    EXPECT_FALSE(take(other_)) << "it has come too late";
    EXPECT_TRUE(take(third_));
}

TEST_F(OffersTest, ThatNobodyElseWaitsForAreWithdrawnToo) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    ask(other_);
    let_go();
    pass(Offers::lifetime_ns - Offers::grain_ns - 1);
    EXPECT_EQ(word(lock_), offered_to(other_));
    pass(Offers::grain_ns + 1);
    EXPECT_EQ(word(lock_), LockWord::free);
}

TEST_F(OffersTest, GoToTheNextWhereTheRequestIsGivenUp) {
    acquire_by_word(holder_, lock_);
    const auto first = ask(other_);
    const auto second = ask(third_);
    let_go();
    give_up(other_, first);
    EXPECT_TRUE(is_offered(third_, second));
    EXPECT_EQ(word(lock_), offered_to(third_));
}

TEST_F(OffersTest, ThatWereTakenAreNotTakenBackWithTheirRequest) {
    acquire_by_word(holder_, lock_);
    const auto waiting = ask(other_);
    let_go();
    ASSERT_TRUE(take(other_));
    give_up(other_, waiting);
    EXPECT_EQ(word(lock_), held_by(other_));
}

TEST_F(OffersTest, ThatWereMissedLeaveThePlaceInLine) {
    pass_over_the_first();
    ASSERT_TRUE(take(third_));
    auto fourth = sharing_client();
    open(fourth);
    const auto last = ask(fourth);
    const auto again = ask(other_);
    release_by_word(lock_);
    holder_.call(proto::object::Notify{.object = lock_.object});
    EXPECT_TRUE(is_offered(other_, again)) << "it came before";
    EXPECT_TRUE(fourth.waits(last));
}

TEST_F(OffersTest, ThatWereMissedAreGrantedAtOnceWhereNobodyHasIt) {
    pass_over_the_first();
    ASSERT_TRUE(take(third_));
    release_by_word(lock_);
    EXPECT_TRUE(is_offered(other_, ask(other_)));
}

TEST_F(OffersTest, ThatWereMissedGiveNoMoreTime) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const std::int64_t timeout_ns = 10'000'000;
    ask(other_, timeout_ns);
    ask(third_);
    let_go();
    pass(Offers::lifetime_ns);
    ASSERT_TRUE(take(third_));
    const auto result =
        other_.call(words::Acquire{.object = lock_.object, .thread = 1, .timeout_ns = timeout_ns, .by_word = true});
    EXPECT_FALSE(result.acquired || result.offered) << "its time was over while it slept";
    EXPECT_TRUE(other_.waits(ask(other_, timeout_ns))) << "and this is another wait";
}

TEST_F(OffersTest, ToTheDeadGoToTheNextWithoutAnAbandonment) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    ask(other_);
    const auto next = ask(third_);
    let_go();
    kill(other_);
    EXPECT_EQ(word(lock_), offered_to(third_));
    EXPECT_FALSE(third_.result_of<words::Acquire>(next)->abandoned.has_value());
    pass(Offers::lifetime_ns);
    EXPECT_EQ(word(lock_), LockWord::free);
}

TEST_F(OffersTest, TellOfADeathUntilOneIsTaken) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto waiting = ask(other_);
    const auto next = ask(third_);
    kill(holder_);
    EXPECT_TRUE(other_.result_of<words::Acquire>(waiting)->abandoned.has_value());
    pass(Offers::lifetime_ns);
    EXPECT_EQ(word(lock_), offered_to(third_) | shared::word_news);
    EXPECT_TRUE(third_.result_of<words::Acquire>(next)->abandoned.has_value()) << "the first has not taken it";
}

TEST_F(OffersTest, ThatWereMissedByAThreadEndWithIt) {
    pass_over_the_first();
    ASSERT_TRUE(take(third_));
    other_.call(proto::session::EndThread{.thread = 1});
    const auto queue_up = ask(holder_);
    const auto later = ask(other_);
    release_by_word(lock_);
    third_.call(proto::object::Notify{.object = lock_.object});
    EXPECT_TRUE(is_offered(holder_, queue_up));
    EXPECT_TRUE(other_.waits(later));
}

TEST_F(OffersTest, DoNotOutliveTheDaemon) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    ask(other_);
    let_go();
    ASSERT_EQ(word(lock_), offered_to(other_));
    const auto same_line = lock_.word;
    restart();
    EXPECT_EQ(line(same_line).word.load() & ~shared::word_parity, LockWord::free);
}

TEST_F(OffersTest, OfARemovedLockAreRefused) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    ask(other_);
    let_go();
    third_.call(proto::object::Remove{.name = "lock"});
    EXPECT_FALSE(take(other_));
    EXPECT_EQ(other_.refusal_of(ask(other_)), proto::Errc::no_such_object);
}

/// An rlock that its owner has already needs no offer, and one that is offered is owned once.
TEST_F(OffersTest, OfAnRLockAreOfOneLevel) {
    lock_ = holder_.call(proto::rlock::Open{.open = named("rlock")});
    other_.call(proto::rlock::Open{.open = named("rlock")});
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    line(lock_.word).levels = 1;
    const proto::rlock::Acquire once_more{.object = lock_.object, .thread = 1, .by_word = true};
    EXPECT_EQ(holder_.call(once_more).count, 2U);
    const auto waiting = other_.request(once_more);
    holder_.call(proto::rlock::Release{.object = lock_.object, .thread = 1});
    holder_.call(proto::rlock::Release{.object = lock_.object, .thread = 1});
    const auto result = other_.result_of<proto::rlock::Acquire>(waiting);
    EXPECT_TRUE(result && result->offered);
    EXPECT_EQ(result->count, 1U);
    EXPECT_EQ(word(lock_), offered_to(other_)) << "not counted by the daemon";
}

}  // namespace
}  // namespace steward::daemon
