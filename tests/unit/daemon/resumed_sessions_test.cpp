#include <gtest/gtest.h>

#include <string>

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

TEST_F(ResumedSessions, LeaveNoOfferBehind) {
    ASSERT_TRUE(acquire_by_word(holder_, lock_));
    other_.request(Acquire{.object = lock_.object, .thread = 1, .by_word = true});
    release_by_word(lock_);
    holder_.call(proto::object::Notify{.object = lock_.object});
    ASSERT_EQ(word(lock_), held_by(other_) | shared::word_granted);
    restart_under_clients();
    EXPECT_EQ(word(lock_), LockWord::free) << "whoever has missed it asks again";
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
    pass(Lifetimes::grace_ns);
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
