#include "proto/reader.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/support/packed_values.hpp"

namespace steward::proto {
namespace {

using tests::pack;
using tests::pack_array;
using tests::pack_map;

TEST(AReader, ReadsOneElementAfterTheOther) {
    const auto bytes = pack(nullptr) + pack(true) + pack(-3) + pack(3) + pack(2.5) + pack("text");
    Reader reader(bytes);
    reader.nil();
    EXPECT_TRUE(reader.boolean());
    EXPECT_EQ(reader.integer(), -3);
    EXPECT_EQ(reader.unsigned_integer(), 3U);
    EXPECT_EQ(reader.real(), 2.5);
    EXPECT_EQ(reader.string(), "text");
    EXPECT_TRUE(reader.at_end());
}

TEST(AReader, TakesAnySizeOfEncodingForANumber) {
    EXPECT_EQ(Reader(std::string_view("\xcf\0\0\0\0\0\0\0\x05", 9)).integer(), 5);
    EXPECT_EQ(Reader(std::string_view("\xd1\0\x05", 3)).unsigned_integer(), 5U) << "a signed encoding";
    EXPECT_EQ(Reader(std::string_view("\xd3\xff\xff\xff\xff\xff\xff\xff\xff", 9)).integer(), -1);
    EXPECT_EQ(Reader(std::string_view("\xca\x40\x20\0\0", 5)).real(), 2.5) << "a float of 32 bits";
    EXPECT_EQ(Reader("\x07").real(), 7.0);
}

TEST(AReader, StopsAtTheHeadOfAnAggregate) {
    const auto bytes = pack_array({pack(1), pack(2)}) + pack_map({pack(1), pack(2)});
    Reader reader(bytes);
    EXPECT_EQ(reader.array(), 2U);
    EXPECT_EQ(reader.integer(), 1);
    EXPECT_EQ(reader.integer(), 2);
    EXPECT_EQ(reader.map(), 1U);
}

TEST(AReader, SkipsWholeValues) {
    const auto bytes = pack_array({pack_map({pack(1), pack_array({pack("deep")})}), pack(2)}) + pack("after");
    Reader reader(bytes);
    reader.skip();
    EXPECT_EQ(reader.string(), "after");
}

TEST(AReader, LooksAheadWithoutMoving) {
    const auto bytes = pack(nullptr) + pack(1);
    Reader reader(bytes);
    EXPECT_TRUE(reader.next_is_nil());
    EXPECT_EQ(reader.peek().kind, Element::Kind::nil);
    EXPECT_EQ(reader.position(), 0U);
    reader.nil();
    EXPECT_FALSE(reader.next_is_nil());
    reader.skip();
    EXPECT_FALSE(reader.next_is_nil()) << "nothing is left";
}

TEST(AReader, RefusesAnElementOfAnotherKind) {
    const auto text = pack("text");
    EXPECT_THROW(Reader(text).nil(), Malformed);
    EXPECT_THROW(Reader(text).boolean(), Malformed);
    EXPECT_THROW(Reader(text).integer(), Malformed);
    EXPECT_THROW(Reader(text).unsigned_integer(), Malformed);
    EXPECT_THROW(Reader(text).real(), Malformed);
    EXPECT_THROW(Reader(text).binary(), Malformed);
    EXPECT_THROW(Reader(text).array(), Malformed);
    EXPECT_THROW(Reader(text).map(), Malformed);
    EXPECT_THROW(Reader("\x01").string(), Malformed);
    EXPECT_THROW(Reader("\xff").unsigned_integer(), Malformed) << "below zero";
}

TEST(AReader, RefusesWhatIsCutShort) {
    const auto whole = pack_array({pack("some text"), pack(1'000'000), pack(2.5)});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        Reader reader(std::string_view(whole).substr(0, size));
        EXPECT_THROW(reader.skip(), Malformed) << size << " bytes";
    }
}

TEST(AReader, RefusesTheByteThatMessagePackReserves) {
    EXPECT_THROW(Reader("\xc1").skip(), Malformed);
    EXPECT_THROW(Reader("\x91\xc1").skip(), Malformed);
}

TEST(AReader, TakesNoMemoryForWhatIsOnlyAnnounced) {
    EXPECT_EQ(Reader(std::string_view("\xdd\xff\xff\xff\xff", 5)).array(), std::numeric_limits<std::uint32_t>::max());
    EXPECT_THROW(Reader(std::string_view("\xdb\xff\xff\xff\xffx", 6)).string(), Malformed);
    EXPECT_THROW(Reader(std::string_view("\xdd\xff\xff\xff\xff\x01", 6)).skip(), Malformed);
}

}  // namespace
}  // namespace steward::proto
