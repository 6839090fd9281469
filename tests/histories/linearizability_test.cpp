#include "tests/histories/linearizability.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/histories/history.hpp"
#include "tests/histories/models/value.hpp"

namespace steward::tests::histories {
namespace {

/// Calls of a value, each from one time to another; times are small numbers.
class ASearch : public testing::Test {
  protected:
    void set(Nanoseconds called, Nanoseconds returned, std::int64_t value) {
        add({.verb = Verb::set, .called = called, .returned = returned, .arguments = {value}});
    }
    void get(Nanoseconds called, Nanoseconds returned, std::int64_t value) {
        add({.verb = Verb::get, .called = called, .returned = returned, .result = value});
    }
    void set_that_does_not_return(Nanoseconds called, std::int64_t value) {
        history_.calls.push_back({.verb = Verb::set, .called = called, .arguments = {value}});
    }

    void set_that_may_have_happened(Nanoseconds called, Nanoseconds returned, std::int64_t value) {
        set_that_does_not_return(called, value);
        attempts_.emplace_back(history_.calls.size() - 1, returned);
    }

    Finding search(std::uint64_t limit = most_steps) const {
        auto operations = operations_of(history_, Waits::in_one_moment);
        for (const auto& [number, returned] : attempts_)
            operations[number].call.returned = returned;
        return check(ValueModel{}, operations, limit);
    }
    Verdict verdict() const { return search().verdict; }

  private:
    void add(Call call) {
        call.outcome = Outcome::done;
        history_.calls.push_back(call);
    }

    History history_;
    std::vector<std::pair<std::size_t, Nanoseconds>> attempts_;
};

TEST_F(ASearch, FindsNothingWrongWithNothing) {
    EXPECT_EQ(verdict(), Verdict::linearizable);
}

TEST_F(ASearch, FindsAnOrderOfCallsThatOverlap) {
    set(0, 10, 1);
    set(0, 10, 2);
    get(5, 8, 2);
    get(11, 12, 1);
    EXPECT_EQ(verdict(), Verdict::linearizable);
}

TEST_F(ASearch, FindsAReadOfWhatHadBeenReplaced) {
    set(0, 1, 1);
    set(2, 3, 2);
    get(4, 5, 1);
    EXPECT_EQ(verdict(), Verdict::violated);
}

TEST_F(ASearch, FindsThatTwoReadersSawTwoOrders) {
    set(0, 10, 1);
    set(0, 10, 2);
    get(11, 12, 1);
    get(13, 14, 2);
    EXPECT_EQ(verdict(), Verdict::violated);
}

TEST_F(ASearch, FindsThatAReadWentBack) {
    set(0, 100, 1);
    get(10, 20, 1);
    get(30, 40, 0);
    EXPECT_EQ(verdict(), Verdict::violated);
}

TEST_F(ASearch, TakesACallThatDidNotReturnAsDoneOrNot) {
    set_that_does_not_return(0, 1);
    get(2, 3, 0);
    get(4, 5, 1);
    get(6, 7, 1);
    EXPECT_EQ(verdict(), Verdict::linearizable);
}

TEST_F(ASearch, TakesACallThatDidNotReturnAsDoneOnceOnly) {
    set_that_does_not_return(0, 1);
    get(2, 3, 1);
    set(4, 5, 2);
    get(6, 7, 1);
    EXPECT_EQ(verdict(), Verdict::violated);
}

TEST_F(ASearch, DoesNotTakeACallAsDoneBeforeItBegan) {
    get(0, 1, 1);
    set_that_does_not_return(2, 1);
    EXPECT_EQ(verdict(), Verdict::violated);
}

/// What is over hides nothing that did not return behind it.
TEST_F(ASearch, TakesWhatMayHaveHappenedUntilItsReturnOnly) {
    set_that_may_have_happened(0, 3, 1);
    set_that_does_not_return(5, 2);
    get(6, 7, 2);
    EXPECT_EQ(verdict(), Verdict::linearizable);
    get(8, 9, 1);
    EXPECT_EQ(verdict(), Verdict::violated);
}

TEST_F(ASearch, TakesCallsThatTouchAsOverlapping) {
    set(0, 5, 1);
    get(5, 6, 0);
    EXPECT_EQ(verdict(), Verdict::linearizable);
}

TEST_F(ASearch, TellsTheLongestOrderAndWhatFitsNowhere) {
    set(0, 1, 1);
    get(2, 3, 1);
    get(4, 5, 7);
    const auto finding = search();
    EXPECT_EQ(finding.order, (std::vector<std::size_t>{0, 1}));
    EXPECT_EQ(finding.stuck_at, 2U);
}

TEST_F(ASearch, GivesUpBehindItsLimit) {
    for (std::int64_t i = 0; i < 20; ++i)
        set(0, 100, i);
    get(200, 300, 77);
    EXPECT_EQ(search(1000).verdict, Verdict::undecided);
}

/// Without the memory of what was tried this would take 12! steps.
TEST_F(ASearch, LooksOnlyOnceAtWhatComesToTheSame) {
    for (std::int64_t i = 0; i < 12; ++i)
        set(0, 100, i % 2);
    get(200, 300, 77);
    const auto finding = search();
    EXPECT_EQ(finding.verdict, Verdict::violated);
    EXPECT_LT(finding.steps, 500'000U);
}

}  // namespace
}  // namespace steward::tests::histories
