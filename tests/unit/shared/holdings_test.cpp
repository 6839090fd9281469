#include "shared/holdings.hpp"

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class SomeHoldings : public HeapTest {
  protected:
    Holdings holdings() { return {*heap_, object_->state_as<HoldingsState>()}; }
    std::uint64_t count_of(Agent agent) {
        const auto found = holdings().find(agent);
        return found ? holdings().get(found).count : 0;
    }
};

TEST_F(SomeHoldings, CountWhatEachAgentHas) {
    Mutation mutation{*heap_};
    holdings().add(mutation, {1, 1}, 2, 100);
    holdings().add(mutation, {1, 2}, 1, 200);
    holdings().add(mutation, {1, 1}, 3, 300);
    EXPECT_EQ(count_of({1, 1}), 5U);
    EXPECT_EQ(count_of({1, 2}), 1U);
    EXPECT_EQ(count_of({2, 1}), 0U);
    EXPECT_EQ(holdings().get(holdings().first()).since_ns, 100U);
}

TEST_F(SomeHoldings, RefuseToTakeMoreThanThereIs) {
    Mutation mutation{*heap_};
    holdings().add(mutation, {1, 1}, 2, 100);
    EXPECT_FALSE(holdings().take(mutation, {1, 1}, 3));
    EXPECT_FALSE(holdings().take(mutation, {2, 1}, 1));
    EXPECT_EQ(count_of({1, 1}), 2U);
    EXPECT_TRUE(holdings().take(mutation, {1, 1}, 1));
    EXPECT_EQ(count_of({1, 1}), 1U);
}

TEST_F(SomeHoldings, ForgetWhoHasNothingLeft) {
    const auto used = used_bytes();
    {
        Mutation mutation{*heap_};
        holdings().add(mutation, {1, 1}, 2, 100);
        holdings().add(mutation, {2, 1}, 2, 100);
        EXPECT_TRUE(holdings().take(mutation, {1, 1}, 2));
        holdings().erase(mutation, holdings().first());
        EXPECT_TRUE(holdings().empty());
        holdings().add(mutation, {3, 1}, 2, 100);
        holdings().clear(mutation);
    }
    EXPECT_TRUE(holdings().empty());
    EXPECT_EQ(used_bytes(), used);
}

}  // namespace
}  // namespace steward::shared
