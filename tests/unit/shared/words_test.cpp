#include "shared/words.hpp"

#include <stdexcept>

#include "shared/errors.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

TEST(Words, GrowInStepsAndKeepTheirPlace) {
    MemoryBudget budget{MemoryBudget::unlimited, {}};
    Words words{anonymous_file(), 3000, budget};
    words.obtain(1);
    WordLine& line = words.line(1);
    line.word.store(5);
    words.obtain(2999);
    EXPECT_EQ(words.lines(), 3000U);
    EXPECT_EQ(&words.line(1), &line);
    EXPECT_EQ(words.line(1).word.load(), 5U);
    EXPECT_THROW(words.obtain(3000), NoMemory);
    EXPECT_EQ(budget.used_bytes(), 3000 * sizeof(WordLine));
}

TEST(Words, RefuseLinesThatDoNotExist) {
    MemoryBudget budget{MemoryBudget::unlimited, {}};
    Words words{anonymous_file(), 3000, budget};
    EXPECT_THROW(words.line(0), std::out_of_range);
    EXPECT_THROW(words.line(1), std::out_of_range);
    words.obtain(1);
    EXPECT_THROW(words.line(0), std::out_of_range);
    EXPECT_THROW(words.line(Words::lines_per_step), std::out_of_range);
}

TEST(Words, TakeNothingBeyondTheBudget) {
    MemoryBudget budget{1000, {}};
    Words words{anonymous_file(), 3000, budget};
    EXPECT_THROW(words.obtain(1), NoMemory);
    EXPECT_EQ(words.lines(), 0U);
}

}  // namespace
}  // namespace steward::shared
