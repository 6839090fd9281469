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

/// A change of the daemon, from `before` to `after`, that is undone when the word is `found`.
std::uint64_t put_back(std::uint64_t before, std::uint64_t after, std::uint64_t found) {
    std::atomic<std::uint64_t> word = found;
    put_word_back(word, before, after);
    return word.load();
}

TEST(AWord, IsPutBackAsItWas) {
    constexpr auto flag = std::uint64_t{1} << 57;
    EXPECT_EQ(put_back(0, 7 | word_parity, 7 | word_parity), 0U);
    EXPECT_EQ(put_back(7 | word_parity, 0, 0), 7 | word_parity);
    EXPECT_EQ(put_back(5 | flag, 4 | word_parity, 4 | word_parity), 5 | flag);
    EXPECT_EQ(put_back(5, 4 | flag | word_parity, 4 | flag | word_parity), 5U);
}

TEST(AWord, IsPutBackBesideWhatOthersHaveChanged) {
    constexpr auto flag = std::uint64_t{1} << 57;
    EXPECT_EQ(put_back(5, 3 | word_parity, 0 | word_parity), 2U) << "three have been taken";
    EXPECT_EQ(put_back(5, 3 | word_parity, 9 | word_parity), 11U) << "six have been given";
    EXPECT_EQ(put_back(5 | flag, 3 | word_parity, 3 | flag | word_parity), 5 | flag) << "set again meanwhile";
    EXPECT_EQ(put_back(5, 3 | word_parity, 3 | flag | word_parity), 5 | flag) << "set meanwhile";
}

}  // namespace
}  // namespace steward::shared
