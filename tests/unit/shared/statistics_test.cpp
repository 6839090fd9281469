#include "shared/statistics.hpp"

#include <gtest/gtest.h>

#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class TheStatistics : public HeapTest {
  protected:
    void wait() {
        Mutation mutation{*heap_};
        note_wait(mutation, *object_);
    }
};

TEST_F(TheStatistics, AreMadeWithTheFirstWait) {
    note_waited(*heap_, *object_, 7);
    note_held(*heap_, *object_, 7);
    EXPECT_EQ(statistics_of(*heap_, *object_), nullptr);
    wait();
    wait();
    ASSERT_NE(statistics_of(*heap_, *object_), nullptr);
    EXPECT_EQ(statistics_of(*heap_, *object_)->waited.load(), 2U);
}

TEST_F(TheStatistics, SumAndRankWhatTheyAreTold) {
    wait();
    for (const std::uint64_t ns : {3, 1000, 1})
        note_waited(*heap_, *object_, ns);
    note_held(*heap_, *object_, 50);
    const auto& statistics = *statistics_of(*heap_, *object_);
    EXPECT_EQ(statistics.wait_total_ns.load(), 1004U);
    EXPECT_EQ(statistics.wait_longest_ns.load(), 1000U);
    EXPECT_EQ(statistics.hold_longest_ns.load(), 50U);
    EXPECT_EQ(statistics.waits.at(1), 1U);
    EXPECT_EQ(statistics.waits.at(2), 1U);
    EXPECT_EQ(statistics.waits.at(10), 1U);
    EXPECT_EQ(statistics.holds.at(6), 1U);
}

TEST_F(TheStatistics, GiveTheirMemoryBack) {
    const auto used = used_bytes();
    wait();
    {
        Mutation mutation{*heap_};
        forget_statistics(mutation, *object_);
        forget_statistics(mutation, *object_);
    }
    EXPECT_EQ(used_bytes(), used);
}

TEST(AHistogram, HasABucketForEachPowerOfTwo) {
    EXPECT_EQ(Histogram::bucket_of(0), 0U);
    EXPECT_EQ(Histogram::bucket_of(1), 1U);
    EXPECT_EQ(Histogram::bucket_of(2), 2U);
    EXPECT_EQ(Histogram::bucket_of(3), 2U);
    EXPECT_EQ(Histogram::bucket_of(4), 3U);
    EXPECT_EQ(Histogram::bucket_of(UINT64_MAX), Histogram::buckets - 1);
}

}  // namespace
}  // namespace steward::shared
