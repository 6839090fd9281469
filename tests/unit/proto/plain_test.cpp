#include "proto/plain.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>

#include "proto/writer.hpp"

namespace steward::proto {
namespace {

template <class Write>
std::string packed(Write write) {
    std::string bytes;
    Writer writer(bytes);
    write(writer);
    return bytes;
}

constexpr std::array<std::int64_t, 22> integers{0,
                                                1,
                                                127,
                                                128,
                                                255,
                                                256,
                                                65'535,
                                                65'536,
                                                -1,
                                                -32,
                                                -33,
                                                -128,
                                                -129,
                                                -32'768,
                                                -32'769,
                                                4'294'967'295,
                                                4'294'967'296,
                                                -2'147'483'648,
                                                -2'147'483'649,
                                                1'000'000,
                                                std::numeric_limits<std::int64_t>::min(),
                                                std::numeric_limits<std::int64_t>::max()};

TEST(PlainValues, AreIntegersInAnyWidth) {
    for (const auto integer : integers)
        EXPECT_EQ(plain_integer(packed([&](Writer& writer) { writer.integer(integer); })), integer);
}

TEST(PlainValues, AreNoIntegersThatDoNotFit) {
    const auto large = packed([](Writer& writer) { writer.unsigned_integer(std::uint64_t{1} << 63); });
    EXPECT_EQ(plain_integer(large), std::nullopt);
}

TEST(PlainValues, AreRealsBooleansAndStrings) {
    EXPECT_EQ(plain_real(packed([](Writer& writer) { writer.real(-1.5); })), -1.5);
    EXPECT_EQ(plain_boolean(packed([](Writer& writer) { writer.boolean(true); })), true);
    EXPECT_EQ(plain_boolean(packed([](Writer& writer) { writer.boolean(false); })), false);
    for (const std::size_t size : {0U, 1U, 31U, 32U, 255U, 256U, 70'000U}) {
        const std::string text(size, 'x');
        EXPECT_EQ(plain_string(packed([&](Writer& writer) { writer.string(text); })), text) << size;
    }
}

TEST(PlainValues, AreOfOneKind) {
    const auto integer = packed([](Writer& writer) { writer.integer(300); });
    const auto real = packed([](Writer& writer) { writer.real(1); });
    const auto text = packed([](Writer& writer) { writer.string("text"); });
    EXPECT_EQ(plain_real(integer), std::nullopt);
    EXPECT_EQ(plain_boolean(integer), std::nullopt);
    EXPECT_EQ(plain_string(integer), std::nullopt);
    EXPECT_EQ(plain_integer(real), std::nullopt);
    EXPECT_EQ(plain_integer(text), std::nullopt);
    EXPECT_EQ(plain_real(text), std::nullopt);
}

TEST(PlainValues, AreNotReadWhereTheyAreCutShort) {
    for (const auto integer : integers) {
        auto bytes = packed([&](Writer& writer) { writer.integer(integer); });
        bytes.pop_back();
        EXPECT_EQ(plain_integer(bytes), std::nullopt) << integer;
    }
    auto real = packed([](Writer& writer) { writer.real(1); });
    real.pop_back();
    EXPECT_EQ(plain_real(real), std::nullopt);
    EXPECT_EQ(plain_string("\xdb\x01"), std::nullopt);
    EXPECT_EQ(plain_boolean(""), std::nullopt);
}

}  // namespace
}  // namespace steward::proto
