#include "proto/dump.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/packed_values.hpp"

namespace steward::proto {
namespace {

TEST(ARecordOfADump, IsReadAsItWasWritten) {
    const auto packed = tests::pack("value");
    const auto record = dump::packed_record(dump::Values{.object = 7, .first = 3, .values = {{packed}, packed_nil}});
    EXPECT_EQ(dump::checked_kind(record), dump::RecordKind::values);
    const auto values = dump::decode_record<dump::Values>(record);
    EXPECT_EQ(values.object, 7U);
    EXPECT_EQ(values.first, 3U);
    ASSERT_EQ(values.values.size(), 2U);
    EXPECT_EQ(values.values[0].bytes, packed);
    EXPECT_THROW(dump::decode_record<dump::Object>(record), Malformed);
}

TEST(ARecordOfADump, IsOneWholeValueOfAKnownKind) {
    const auto record = dump::packed_record(dump::End{.objects = 1});
    EXPECT_THROW(dump::checked_kind(""), Malformed);
    EXPECT_THROW(dump::checked_kind(record.substr(0, record.size() - 1)), Malformed);
    EXPECT_THROW(dump::checked_kind(record + "\xc0"), Malformed);
    EXPECT_THROW(dump::checked_kind("\x92\x05\x90"), Malformed);
    EXPECT_THROW(dump::checked_kind("\x92\xa1x\x90"), Malformed);
    EXPECT_THROW(dump::checked_kind("\x91\x01"), Malformed);
    EXPECT_THROW(dump::checked_kind("\xc1"), Malformed);
    EXPECT_THROW(dump::checked_kind("\xdd\xff\xff\xff\xff"), Malformed) << "it announces more than it may hold";
}

TEST(ARecordOfADump, HoldsValuesAsDeepAsAFrameBringsThem) {
    const auto with_depth = [](std::size_t depth) {
        const auto value = std::string(depth, '\x91') + "\xc0";
        return dump::packed_record(dump::Values{.values = {{value}}});
    };
    constexpr std::size_t of_a_frame = 64 - 2;
    EXPECT_EQ(dump::checked_kind(with_depth(of_a_frame)), dump::RecordKind::values);
    EXPECT_THROW(dump::checked_kind(with_depth(of_a_frame + 1)), Malformed);
}

}  // namespace
}  // namespace steward::proto
