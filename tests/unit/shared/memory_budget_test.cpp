#include "shared/memory_budget.hpp"

#include "shared/errors.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class AMemoryBudget : public testing::Test {
  protected:
    UniqueFd file_ = anonymous_file();
};

TEST_F(AMemoryBudget, GivesNoMoreThanItsLimit) {
    MemoryBudget budget{100, {}};
    budget.take(60, file_.get());
    EXPECT_THROW(budget.take(41, file_.get()), NoMemory);
    EXPECT_EQ(budget.used_bytes(), 60U);
    budget.take(40, file_.get());
    budget.give_back(100);
    EXPECT_EQ(budget.used_bytes(), 0U);
}

TEST_F(AMemoryBudget, GivesNothingWhileMoreIsUsedThanTheLimit) {
    MemoryBudget budget{100, {}};
    budget.count(200);
    EXPECT_THROW(budget.take(1, file_.get()), NoMemory);
}

}  // namespace
}  // namespace steward::shared
