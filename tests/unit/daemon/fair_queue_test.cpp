#include "daemon/fair_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <vector>

namespace steward::daemon {
namespace {

class AFairQueue : public testing::Test {
  protected:
    using Client = FairQueue::Client;

    /// Turns of equal length, of clients that always have more work. How many each gets.
    std::map<const Client*, int> turns_of(const std::vector<Client*>& busy, int turns) {
        for (auto* client : busy)
            queue_.add(*client);
        std::map<const Client*, int> got;
        for (int turn = 0; turn < turns; ++turn) {
            auto* client = queue_.take_next();
            ++got[client];
            queue_.charge(*client, turn_ns);
            queue_.add(*client);
        }
        return got;
    }

    static constexpr std::uint64_t turn_ns = 1'000;

    FairQueue queue_;
    Client attacker_{queue_, 1};
    Client victim_{queue_, 2};
};

TEST_F(AFairQueue, HasNoTurnForAnybodyWhileItIsEmpty) {
    EXPECT_TRUE(queue_.empty());
    EXPECT_EQ(queue_.take_next(), nullptr);
}

TEST_F(AFairQueue, ServesInTheOrderOfArrivalWhereNobodyHasHadMore) {
    queue_.add(victim_);
    queue_.add(attacker_);
    queue_.add(victim_);
    EXPECT_EQ(queue_.take_next(), &victim_);
    EXPECT_EQ(queue_.take_next(), &attacker_);
    EXPECT_TRUE(queue_.empty()) << "who is in it already is not in it twice";
}

TEST_F(AFairQueue, SharesTimeEquallyAmongUsersHoweverManyClientsTheyHave) {
    std::array<Client, 3> more{Client(queue_, 1), Client(queue_, 1), Client(queue_, 1)};
    const auto got = turns_of({&attacker_, &more[0], &more[1], &more[2], &victim_}, 80);
    EXPECT_EQ(got.at(&victim_), 40);
    for (const auto* client : {&attacker_, &more[0], &more[1], &more[2]})
        EXPECT_EQ(got.at(client), 10);
}

TEST_F(AFairQueue, ServesHimBeforeAFloodWhoComesNowAndThen) {
    queue_.add(attacker_);
    for (int round = 0; round < 10; ++round) {
        ASSERT_EQ(queue_.take_next(), &attacker_);
        queue_.charge(attacker_, 100 * turn_ns);
        queue_.add(attacker_);
        queue_.add(victim_);
        ASSERT_EQ(queue_.take_next(), &victim_);
        queue_.charge(victim_, turn_ns);
    }
}

TEST_F(AFairQueue, LetsNobodyEarnByResting) {
    queue_.serve_at_once(attacker_);
    queue_.charge(attacker_, 1'000 * turn_ns);
    queue_.serve_at_once(attacker_);
    const auto got = turns_of({&victim_, &attacker_}, 20);
    EXPECT_LE(got.at(&victim_), 11);
}

TEST_F(AFairQueue, MakesHimWaitWhoHasTakenLongInOneTurn) {
    turns_of({&attacker_, &victim_}, 2);
    EXPECT_EQ(queue_.take_next(), &attacker_);
    queue_.charge(attacker_, 10 * turn_ns);
    queue_.add(attacker_);
    const auto got = turns_of({}, 12);
    EXPECT_GE(got.at(&victim_), 10);
}

TEST_F(AFairQueue, ChargesWhoWaitsAlready) {
    queue_.add(attacker_);
    queue_.add(victim_);
    queue_.charge(attacker_, turn_ns);
    EXPECT_TRUE(attacker_.waits());
    EXPECT_EQ(queue_.take_next(), &victim_);
    EXPECT_EQ(queue_.take_next(), &attacker_);
}

TEST_F(AFairQueue, ForgetsWhoLeaves) {
    {
        Client gone(queue_, 3);
        queue_.add(gone);
        queue_.add(victim_);
    }
    EXPECT_EQ(queue_.take_next(), &victim_);
    EXPECT_TRUE(queue_.empty());
}

}  // namespace
}  // namespace steward::daemon
