#include "daemon/python_index.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace steward::daemon {
namespace {

constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
constexpr auto largest = std::numeric_limits<std::int64_t>::max();

using Bound = std::optional<std::int64_t>;
using Positions = std::vector<std::size_t>;

Positions positions(Bound start, Bound stop, std::int64_t step, std::size_t size) {
    const auto slice = resolve_slice(start, stop, step, size);
    Positions selected;
    for (std::size_t i = 0; i < slice.count; ++i)
        selected.push_back(slice.at(i));
    return selected;
}

/// As the Python Language Reference says it: x = i + n*k with 0 <= n < (j-i)/k, bounds clamped before; step by step
/// and without any arithmetic that could be wrong in the same way.
Positions by_the_book(Bound start, Bound stop, std::int64_t step, std::int64_t size) {
    const auto bound = [&](std::int64_t given) {
        const auto counted = given < 0 ? given + size : given;
        const std::int64_t lowest = step > 0 ? 0 : -1;
        const std::int64_t highest = step > 0 ? size : size - 1;
        return counted < lowest ? lowest : counted > highest ? highest : counted;
    };
    const auto first = start ? bound(*start) : step > 0 ? 0 : size - 1;
    const auto last = stop ? bound(*stop) : step > 0 ? size : -1;
    Positions selected;
    for (auto at = first; step > 0 ? at < last : at > last; at += step)
        selected.push_back(static_cast<std::size_t>(at));
    return selected;
}

TEST(AnItemPosition, CountsFromTheEndWhereItIsNegative) {
    EXPECT_EQ(item_position(0, 3), 0U);
    EXPECT_EQ(item_position(2, 3), 2U);
    EXPECT_EQ(item_position(-1, 3), 2U);
    EXPECT_EQ(item_position(-3, 3), 0U);
}

TEST(AnItemPosition, IsNothingOutsideOfTheSequence) {
    for (const std::int64_t index : {std::int64_t{3}, std::int64_t{-4}, smallest, largest})
        EXPECT_EQ(item_position(index, 3), std::nullopt) << index;
    EXPECT_EQ(item_position(0, 0), std::nullopt);
    EXPECT_EQ(item_position(-1, 0), std::nullopt);
}

TEST(AClampedPosition, IsTheEndThatItLiesBeyond) {
    EXPECT_EQ(clamped_position(1, 3), 1U);
    EXPECT_EQ(clamped_position(-1, 3), 2U);
    EXPECT_EQ(clamped_position(7, 3), 3U);
    EXPECT_EQ(clamped_position(-7, 3), 0U);
    EXPECT_EQ(clamped_position(largest, 3), 3U);
    EXPECT_EQ(clamped_position(smallest, 3), 0U);
    EXPECT_EQ(clamped_position(-1, 0), 0U);
}

TEST(ASlice, SelectsWhatPythonSelectsForEverySmallCase) {
    std::vector<Bound> bounds{std::nullopt};
    for (std::int64_t bound = -6; bound <= 6; ++bound)
        bounds.emplace_back(bound);
    for (std::int64_t size = 0; size <= 4; ++size)
        for (const auto start : bounds)
            for (const auto stop : bounds)
                for (const std::int64_t step : {-5, -3, -2, -1, 1, 2, 3, 5})
                    ASSERT_EQ(positions(start, stop, step, static_cast<std::size_t>(size)),
                              by_the_book(start, stop, step, size))
                        << start.value_or(99) << ':' << stop.value_or(99) << ':' << step << " of " << size;
}

TEST(ASlice, StandsTheLargestBoundsAndSteps) {
    EXPECT_EQ(positions(smallest, largest, largest, 3), Positions({0}));
    EXPECT_EQ(positions(largest, smallest, smallest, 3), Positions({2}));
    EXPECT_EQ(positions(std::nullopt, std::nullopt, smallest, 3), Positions({2}));
    EXPECT_EQ(positions(smallest, smallest, -1, 3), Positions({}));
    EXPECT_EQ(positions(largest, smallest, -1, 3), Positions({2, 1, 0}));
}

TEST(ASlice, KnowsItsLowestPosition) {
    EXPECT_EQ(resolve_slice(1, 6, 2, 10).lowest(), 1U);
    EXPECT_EQ(resolve_slice(6, 1, -2, 10).lowest(), 2U);
    EXPECT_EQ(resolve_slice(4, 4, -1, 10).lowest(), 4U) << "an empty one stays where it begins";
}

}  // namespace
}  // namespace steward::daemon
