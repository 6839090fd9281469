#include "shared/results.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class SomeResults : public HeapTest {
  protected:
    void make_room(const std::vector<std::uint64_t>& requests, std::uint64_t answered_below) {
        table_ = results().make_room(table_, 7, requests, answered_below);
    }
    void record(std::uint64_t request, const std::string& result, std::uint64_t answered_below) {
        make_room({request}, answered_below);
        Mutation mutation{*heap_};
        results().record(mutation, table_, request, result);
    }
    std::string found(std::uint64_t request) { return results().find(table_, request).value_or("none"); }
    Results results() { return Results{*heap_}; }
    std::uint32_t slots() { return heap_->at(table_)->slots(); }

    Offset<ResultTable> table_;
};

TEST_F(SomeResults, AreFoundByTheirRequests) {
    record(1, "one", 1);
    record(2, std::string(1000, 'x'), 1);
    EXPECT_EQ(found(1), "one");
    EXPECT_EQ(found(2), std::string(1000, 'x'));
    EXPECT_EQ(found(3), "none");
    EXPECT_EQ(found(0), "none");
    EXPECT_EQ(results().session_of(results().first()), 7U);
    EXPECT_FALSE(results().next(results().first()));
}

TEST_F(SomeResults, TakeNoMoreRoomThanThereAreRequestsWithoutReplies) {
    for (std::uint64_t request = 1; request <= 10'000; ++request)
        record(request, request % 3 == 0 ? std::string(100, 'x') : "short", request);
    EXPECT_EQ(slots(), 8U);
    const auto used = used_bytes();
    for (std::uint64_t request = 10'001; request <= 10'300; ++request)
        record(request, std::string(100, 'x'), request);
    EXPECT_LE(used_bytes(), used + std::uint64_t{8} * 256);
}

TEST_F(SomeResults, AreKeptForAllRequestsWithoutReplies) {
    for (std::uint64_t request = 5; request < 5 + Results::most_slots; ++request)
        record(request, std::to_string(request) + std::string(request % 2 == 0 ? 100 : 0, 'x'), 5);
    EXPECT_EQ(slots(), Results::most_slots);
    for (std::uint64_t request = 5; request < 5 + Results::most_slots; ++request)
        EXPECT_EQ(found(request).substr(0, std::to_string(request).size()), std::to_string(request));
}

TEST_F(SomeResults, AreForgottenFirstOfTheOldest) {
    for (std::uint64_t request = 5; request < 5 + 2 * Results::most_slots; ++request)
        record(request, "new", 5);
    record(4, "of one that waited for long", 4);
    EXPECT_EQ(found(4), "of one that waited for long");
    EXPECT_EQ(found(4 + 2 * Results::most_slots), "new");
    EXPECT_EQ(found(5), "none");
}

TEST_F(SomeResults, OfOneMutationDoNotTakeEachOthersPlaces) {
    record(1, "one", 1);
    const std::vector<std::uint64_t> requests{2, 10, 18, 9};
    make_room(requests, 1);
    {
        Mutation mutation{*heap_};
        for (const auto request : requests)
            results().record(mutation, table_, request, std::to_string(request));
    }
    EXPECT_EQ(found(1), "one");
    for (const auto request : requests)
        EXPECT_EQ(found(request), std::to_string(request));
}

TEST_F(SomeResults, DoNotHappenWhereTheirMutationDoesNot) {
    record(1, std::string(100, 'x'), 1);
    record(2, "two", 1);
    const auto used = used_bytes();
    for (const auto* result : {"short", "one that is too long for the slot itself, and so in a block of its own"}) {
        make_room({9}, 9);
        EXPECT_THROW(
            [&] {
                Mutation mutation{*heap_};
                results().record(mutation, table_, 9, result);
                throw std::runtime_error("rolled back");
            }(),
            std::runtime_error);
        EXPECT_EQ(found(9), "none");
    }
    EXPECT_EQ(found(2), "two");
    EXPECT_LE(used_bytes(), used);
}

TEST_F(SomeResults, LeaveNothingBehind) {
    record(1, "", 1);
    {
        Mutation mutation{*heap_};
        results().erase(mutation, std::exchange(table_, {}));
    }
    const auto used = used_bytes();
    for (std::uint64_t request = 1; request < 100; ++request)
        record(request, std::string(10 * request, 'x'), 1);
    {
        Mutation mutation{*heap_};
        results().erase(mutation, table_);
    }
    EXPECT_FALSE(results().first());
    EXPECT_EQ(used_bytes(), used);
}

}  // namespace
}  // namespace steward::shared
