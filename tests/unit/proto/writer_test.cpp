#include "proto/writer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "proto/reader.hpp"

namespace steward::proto {
namespace {

template <class Write>
std::string written(Write write) {
    std::string bytes;
    Writer writer(bytes);
    write(writer);
    return bytes;
}

TEST(AWriter, UsesTheShortestEncodingOfAnInteger) {
    const auto size_of = [](std::int64_t value) {
        return written([&](Writer& writer) { writer.integer(value); }).size();
    };
    EXPECT_EQ(size_of(0), 1U);
    EXPECT_EQ(size_of(127), 1U);
    EXPECT_EQ(size_of(-32), 1U);
    EXPECT_EQ(size_of(128), 2U);
    EXPECT_EQ(size_of(-33), 2U);
    EXPECT_EQ(size_of(65'535), 3U);
    EXPECT_EQ(size_of(65'536), 5U);
    EXPECT_EQ(size_of(std::numeric_limits<std::int64_t>::min()), 9U);
}

TEST(AWriter, WritesNumbersThatTheReaderReadsAsTheyWere) {
    for (const auto value : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-129}, std::int64_t{-1},
                             std::int64_t{0}, std::int64_t{255}, std::numeric_limits<std::int64_t>::max()})
        EXPECT_EQ(Reader(written([&](Writer& writer) { writer.integer(value); })).integer(), value);
    const auto largest = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(Reader(written([&](Writer& writer) { writer.unsigned_integer(largest); })).unsigned_integer(), largest);
    EXPECT_EQ(Reader(written([](Writer& writer) { writer.real(-0.1); })).real(), -0.1);
}

TEST(AWriter, WritesTextAndBinaryOfAnyLength) {
    for (const std::size_t length : {0, 31, 32, 255, 256, 65'535, 65'536}) {
        const std::string content(length, 'x');
        EXPECT_EQ(Reader(written([&](Writer& writer) { writer.string(content); })).string(), content);
        EXPECT_EQ(Reader(written([&](Writer& writer) { writer.binary(content); })).binary(), content);
    }
}

TEST(AWriter, AppendsToWhatIsThere) {
    std::string bytes = "before";
    Writer(bytes).nil();
    EXPECT_EQ(bytes, "before\xc0");
}

TEST(AWriter, WritesHeadsOfAggregates) {
    EXPECT_EQ(Reader(written([](Writer& writer) { writer.array(70'000); })).array(), 70'000U);
    EXPECT_EQ(Reader(written([](Writer& writer) { writer.map(16); })).map(), 16U);
}

}  // namespace
}  // namespace steward::proto
