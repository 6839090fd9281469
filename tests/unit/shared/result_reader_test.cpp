#include "shared/result_reader.hpp"

#include <atomic>
#include <string>
#include <thread>

#include "shared/results.hpp"
#include "tests/unit/shared/reader_fixture.hpp"

namespace steward::shared {
namespace {

constexpr std::uint64_t session = 7;
constexpr std::uint64_t another_session = 8;

class AResultReader : public ReaderTest {
  protected:
    void record(Mutation& mutation, std::uint64_t request) { results().record(mutation, table_, request, "done"); }
    void record(std::uint64_t request, std::uint64_t answered_below = 1) {
        make_room(request, answered_below);
        Mutation mutation{*heap_};
        record(mutation, request);
    }
    void make_room(std::uint64_t request, std::uint64_t answered_below = 1) {
        table_ = results().make_room(table_, session, {&request, 1}, answered_below);
    }
    Results results() { return Results{*heap_}; }
    Reading find(std::uint64_t request) { return ResultReader{view_}.find(session, request); }

    Offset<ResultTable> table_;
};

TEST_F(AResultReader, FindsNothingOfASessionOfWhichNothingIsRecorded) {
    EXPECT_EQ(find(5), Reading::missing);
    record(5);
    EXPECT_EQ(ResultReader{view_}.find(another_session, 5), Reading::missing);
}

TEST_F(AResultReader, FindsWhatIsRecordedAndNothingElse) {
    record(5);
    EXPECT_EQ(find(5), Reading::found);
    EXPECT_EQ(find(6), Reading::missing);
    results().make_room({}, another_session, {}, 1);
    for (std::uint64_t request = 6; request < 6 + Results::most_slots / 2; ++request)
        record(request);
    EXPECT_EQ(find(5), Reading::found);
    EXPECT_EQ(find(5 + Results::most_slots / 2), Reading::found);
}

TEST_F(AResultReader, DoesNotDecideWhileAMutationIsUnderWay) {
    make_room(5);
    {
        Mutation mutation{*heap_};
        record(mutation, 5);
        EXPECT_EQ(find(5), Reading::undecided);
        EXPECT_EQ(find(6), Reading::undecided);
    }
    EXPECT_EQ(find(5), Reading::found);
}

TEST_F(AResultReader, FindsNothingOfWhatWasRolledBack) {
    make_room(5);
    try {
        Mutation mutation{*heap_};
        record(mutation, 5);
        throw std::runtime_error("rolled back");
    } catch (const std::runtime_error&) {
        EXPECT_EQ(find(5), Reading::missing);
    }
}

TEST_F(AResultReader, SaysNothingOfAHeapThatWasReplaced) {
    heap_->header().superseded.init(1);
    EXPECT_EQ(find(5), Reading::undecided);
}

TEST_F(AResultReader, BelievesNoOffset) {
    record(5);
    heap_->at(table_)->next.init(Offset<Node>{heap_->header().segment_bytes.load() * 2});
    EXPECT_EQ(ResultReader{view_}.find(another_session, 5), Reading::undecided);
    heap_->at(table_)->next.init(offset_cast<Node>(table_));
    EXPECT_EQ(ResultReader{view_}.find(another_session, 5), Reading::undecided);
    heap_->at(table_)->tag.init(NodeTag{BlockKind::results, ~std::uint32_t{0}});
    EXPECT_EQ(find(5), Reading::undecided);
}

/// The table moves meanwhile, to a larger one and back to a small one.
TEST_F(AResultReader, NeverMissesWhatIsThereAllTheTime) {
    constexpr int most_rounds = 200;
    std::atomic<int> rounds = 0;
    record(5);
    std::jthread writer([&] {
        for (; rounds < most_rounds; ++rounds) {
            for (std::uint64_t request = 6; request < 60; ++request)
                record(request, 5);
            const auto large = table_;
            table_ = {};
            record(5);
            Mutation mutation{*heap_};
            results().erase(mutation, large);
        }
    });
    for (int decided = 0; rounds < most_rounds || decided == 0;) {
        const auto reading = find(5);
        ASSERT_NE(reading, Reading::missing);
        decided += reading == Reading::undecided ? 0 : 1;
    }
}

}  // namespace
}  // namespace steward::shared
