#include "daemon/bells.hpp"

#include <gtest/gtest.h>

#include "tests/unit/daemon/shared_words_fixture.hpp"

namespace steward::daemon {
namespace {

using proto::lock::Acquire;
using shared::NextInLine;

/// One holds a lock by its word, another waits for it and listens to its bell.
class BellsTest : public SharedWordsTest {
  protected:
    static std::uint32_t bell_of(Client& client) { return client.call(proto::session::Bell{}).bell; }

    Acquire acquire(std::uint32_t bell, std::uint32_t thread = 1) const {
        return {.object = lock_.object, .thread = thread, .by_word = true, .bell = bell};
    }
    std::uint64_t wait(Client& by, std::uint32_t thread = 1) { return by.request(acquire(bell_of(by), thread)); }

    std::uint64_t next() { return NextInLine::listener(line(lock_.word).next.load()); }

    /// As whoever is woken does.
    bool take_when_rung(const Client& by) {
        auto& word = line(lock_.word);
        const auto found = word.word.load();
        const bool is_free = shared::LockWord::owner(found) == shared::Agent{};
        ++word.token;
        return is_free && word.word.exchange(found | held_by(by)) == found;
    }
    void give_up(Client& by, std::uint64_t request) {
        std::string frame;
        proto::encode_request(frame, request, acquire(0), request, proto::withdrawn);
        by.dispatch(frame);
    }
    std::size_t waiters() { return holder_.call(proto::object::Find{.name = "lock"}).waiters.size(); }
};

TEST_F(BellsTest, AreEachSessionsOwn) {
    const auto bell = bell_of(holder_);
    EXPECT_NE(bell, 0U);
    EXPECT_EQ(bell_of(holder_), bell);
    EXPECT_NE(bell_of(other_), bell);
    EXPECT_EQ(other_.call(proto::session::Bell{.bell = bell}).bell, bell) << "and may be rung by others";
    EXPECT_EQ(other_.call(proto::session::Bell{.bell = bell + 1000}).bell, 0U);
}

TEST_F(BellsTest, AreNotForOtherUsersNorForThoseWithoutWords) {
    const auto bell = bell_of(holder_);
    auto of_bob = sharing_client(bob);
    EXPECT_EQ(of_bob.call(proto::session::Bell{.bell = bell}).bell, 0U);
    auto without_words = client(alice);
    EXPECT_EQ(bell_of(without_words), 0U);
    EXPECT_EQ(without_words.call(proto::session::Bell{.bell = bell}).bell, 0U);
}

TEST_F(BellsTest, GoWithTheirSessions) {
    auto third = sharing_client();
    const auto bell = bell_of(third);
    kill(third);
    EXPECT_EQ(holder_.call(proto::session::Bell{.bell = bell}).bell, 0U);
}

TEST_F(BellsTest, AreKnownToWhoeverReleasesWhatTheirSessionWaitsForFirst) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    EXPECT_EQ(next(), 0U);
    const auto first = wait(other_, 7);
    EXPECT_EQ(next(), NextInLine::listener(bell_of(other_), 7));
    auto third = sharing_client();
    open(third);
    wait(third);
    EXPECT_EQ(next(), NextInLine::listener(bell_of(other_), 7));
    other_.call(proto::session::Cancel{.request = first});
    EXPECT_EQ(next(), NextInLine::listener(bell_of(third), 1));
}

TEST_F(BellsTest, AreNotRungForThoseWhoDoNotListen) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    bell_of(other_);
    other_.request(acquire(0));
    EXPECT_EQ(next(), 0U);
}

TEST_F(BellsTest, AreNotRungForThoseWhoListenToAnother) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    other_.request(acquire(bell_of(other_) + 1));
    EXPECT_EQ(next(), 0U);
}

TEST_F(BellsTest, LetTheFirstTakeTheLockBeforeTheDaemonKnows) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    const auto waiting = wait(other_);
    EXPECT_TRUE(release_by_word(lock_));
    ASSERT_TRUE(take_when_rung(other_));
    EXPECT_EQ(waiters(), 1U);
    give_up(other_, waiting);
    EXPECT_EQ(waiters(), 0U);
    EXPECT_EQ(word(lock_), held_by(other_));
    EXPECT_EQ(other_.call(proto::object::Statistics{.object = lock_.object}).waited, 1U);
}

TEST_F(BellsTest, LetTheDaemonFindOutThatTheFirstHasTakenTheLock) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    wait(other_);
    EXPECT_TRUE(release_by_word(lock_));
    ASSERT_TRUE(take_when_rung(other_));
    pass(Waiting::check_interval_ns);
    EXPECT_EQ(waiters(), 0U);
    EXPECT_EQ(word(lock_), held_by(other_));
}

/// It waits for its time to be over.
TEST_F(BellsTest, DoNotMakeAnOwnerWhoWaitsForItselfLeaveTheLine) {
    ASSERT_TRUE(acquire_by_word(other_, lock_));
    auto again = acquire(bell_of(other_));
    again.timeout_ns = 1'000'000'000;
    const auto waiting = other_.request(again);
    pass(Waiting::check_interval_ns);
    EXPECT_EQ(waiters(), 1U);
    pass(1'000'000'000);
    EXPECT_FALSE(other_.result_of<Acquire>(waiting)->acquired);
}

TEST_F(BellsTest, WakeTheSecondWhereTheFirstDiesWithTheLock) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    wait(other_);
    auto third = sharing_client();
    open(third);
    const auto second = third.request(acquire(0));
    EXPECT_TRUE(release_by_word(lock_));
    ASSERT_TRUE(take_when_rung(other_));
    kill(other_);
    const auto granted = third.result_of<Acquire>(second);
    ASSERT_TRUE(granted);
    EXPECT_TRUE(granted->offered || granted->acquired);
}

}  // namespace
}  // namespace steward::daemon
