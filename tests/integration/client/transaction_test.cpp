#include <steward/transaction.hpp>

#include <string>
#include <thread>
#include <vector>

#include "tests/integration/client/client_test.hpp"

namespace steward::tests {
namespace {

class ATransaction : public ClientTest {
  protected:
    Dict<std::string, int> accounts_ = manager_.dict<std::string, int>("accounts", {{"alice", 100}, {"bob", 0}});
    List<std::string> journal_ = manager_.list<std::string>("journal");
};

TEST_F(ATransaction, AppliesAllOfIt) {
    auto transfer = manager_.transaction();
    transfer.require_exists(accounts_, "alice");
    transfer.increment(accounts_, "alice", -10);
    auto balance = transfer.increment(accounts_, "bob", 10);
    transfer.append(journal_, "alice to bob: 10");
    EXPECT_EQ(accounts_.at("alice"), 100) << "nothing is sent before commit()";
    EXPECT_TRUE(transfer.commit());
    EXPECT_EQ(balance.get(), 10);
    EXPECT_EQ(accounts_.at("alice"), 90);
    EXPECT_EQ(journal_.size(), 1U);
}

TEST_F(ATransaction, AppliesNothingWhereAConditionDoesNotHold) {
    auto transfer = manager_.transaction();
    transfer.require_exists(accounts_, "alice");
    transfer.require_absent(accounts_, "bob");
    auto balance = transfer.increment(accounts_, "alice", -10);
    const auto outcome = transfer.commit();
    EXPECT_FALSE(outcome);
    EXPECT_EQ(outcome.failed_condition, 1U);
    EXPECT_EQ(accounts_.at("alice"), 100);
    EXPECT_EQ(error_of([&] { balance.get(); }), errc::invalid_argument);
    EXPECT_EQ(error_of([&] { transfer.commit(); }), errc::invalid_argument);
}

TEST_F(ATransaction, AppliesNothingWhereAnOperationFails) {
    auto transfer = manager_.transaction();
    transfer.increment(accounts_, "alice", -10);
    transfer.pop(journal_);
    EXPECT_EQ(error_of([&] { transfer.commit(); }), errc::empty);
    EXPECT_EQ(accounts_.at("alice"), 100);
}

TEST_F(ATransaction, ChangesSetsAndArrays) {
    auto seen = manager_.set<std::string>("seen", {"a"});
    auto counts = manager_.array<std::int32_t>("counts", 3);
    auto change = manager_.transaction();
    auto added = change.add(seen, "b");
    auto there = change.contains(seen, "b");
    auto gone = change.discard(seen, "a");
    change.set(counts, 0, 7);
    auto before = change.fetch_add(counts, 0, 2);
    auto after = change.get(counts, 0);
    ASSERT_TRUE(change.commit());
    EXPECT_TRUE(added.get() && there.get() && gone.get());
    EXPECT_EQ(before.get(), 7);
    EXPECT_EQ(after.get(), 9);
    EXPECT_EQ(seen.copy(), std::vector<std::string>{"b"});
    auto refused = manager_.transaction();
    refused.add(seen, "c");
    refused.set(counts, 3, 1);
    EXPECT_EQ(error_of([&] { refused.commit(); }), errc::index_out_of_range);
    EXPECT_FALSE(seen.contains("c"));
}

TEST_F(ATransaction, SeesAVersionChange) {
    const auto version = accounts_.version("alice");
    EXPECT_EQ(accounts_.version("carol"), 0U);
    accounts_.set("alice", 50);
    auto late = manager_.transaction();
    late.require_version(accounts_, "alice", version);
    late.set(accounts_, "alice", 1);
    EXPECT_FALSE(late.commit());
    auto again = manager_.transaction();
    again.require_version(accounts_, "alice", accounts_.version("alice"));
    again.require_version(journal_, journal_.info().version);
    again.require_exists(journal_);
    again.set(accounts_, "alice", 1);
    EXPECT_TRUE(again.commit());
    EXPECT_EQ(accounts_.at("alice"), 1);
}

TEST_F(ATransaction, TakesEveryOperation) {
    auto count = manager_.value<int>("count", 1);
    auto settings = manager_.name_space("settings");
    journal_.append("first");
    auto all = manager_.transaction();
    all.set(count, 5);
    auto before = all.fetch_add(count, 2);
    auto now = all.get(count);
    auto bob = all.get(accounts_, "bob");
    auto nobody = all.get(accounts_, "nobody");
    auto erased = all.erase(accounts_, "bob");
    auto first = all.get(journal_, 0);
    all.set(journal_, 0, "changed");
    auto popped = all.pop(journal_);
    all.set(settings, "colour", "red");
    ASSERT_TRUE(all.commit());
    EXPECT_EQ(before.get(), 5);
    EXPECT_EQ(now.get(), 7);
    EXPECT_EQ(bob.get(), 0);
    EXPECT_EQ(nobody.get(), std::nullopt);
    EXPECT_TRUE(erased.get());
    EXPECT_EQ(first.get(), "first");
    EXPECT_EQ(popped.get(), "changed");
}

TEST_F(ATransaction, IsOfOneManager) {
    const auto other = connect();
    auto foreign = other.list<std::string>("journal");
    auto transaction = manager_.transaction();
    EXPECT_EQ(error_of([&] { transaction.append(foreign, "x"); }), errc::invalid_argument);
    EXPECT_EQ(error_of([&] { manager_.transaction().commit(); }), errc::invalid_argument);
}

TEST_F(ATransaction, IsNeverSeenHalfDone) {
    constexpr int rounds = 200;
    std::thread mover([&] {
        for (int i = 0; i < rounds; ++i) {
            auto move = manager_.transaction();
            move.increment(accounts_, "alice", -1);
            move.increment(accounts_, "bob", 1);
            move.commit();
        }
    });
    for (int i = 0; i < rounds; ++i) {
        const auto balances = accounts_.copy();
        EXPECT_EQ(balances.at("alice") + balances.at("bob"), 100);
    }
    mover.join();
    EXPECT_EQ(accounts_.at("bob"), rounds);
}

}  // namespace
}  // namespace steward::tests
