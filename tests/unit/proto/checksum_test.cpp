#include "proto/checksum.hpp"

#include <gtest/gtest.h>

namespace steward::proto {
namespace {

TEST(AChecksum, IsThatOfZlib) {
    EXPECT_EQ(crc32(0, ""), 0U);
    EXPECT_EQ(crc32(0, "123456789"), 0xCBF43926U);
}

TEST(AChecksum, GoesOnFromTheBytesBefore) {
    EXPECT_EQ(crc32(crc32(0, "1234"), "56789"), crc32(0, "123456789"));
}

}  // namespace
}  // namespace steward::proto
