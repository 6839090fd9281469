#include "shared/racing_bytes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace steward::shared {
namespace {

class RacingBytes : public testing::Test {
  protected:
    RacingBytes() {
        for (std::size_t i = 0; i < memory_.size(); ++i)
            memory_[i] = static_cast<char>('a' + i % 26);
    }
    std::string_view expected(std::size_t begin, std::size_t count) const { return {memory_.data() + begin, count}; }

    alignas(8) std::array<char, 48> memory_{};
};

TEST_F(RacingBytes, AreCopiedFromAnyPlaceInAnyNumber) {
    for (std::size_t begin = 0; begin < 16; ++begin) {
        for (std::size_t count = 0; begin + count <= memory_.size(); ++count) {
            std::string copy(count + 1, '#');
            copy_racing_bytes(copy.data(), memory_.data() + begin, count);
            ASSERT_EQ(copy, std::string(expected(begin, count)) + '#') << begin << " " << count;
        }
    }
}

TEST_F(RacingBytes, AreEqualToTheSameBytesAlone) {
    for (std::size_t count = 0; count <= memory_.size(); ++count) {
        std::string same{expected(0, count)};
        ASSERT_TRUE(equal_racing_bytes(memory_.data(), same)) << count;
        for (char& letter : same) {
            letter = '#';
            ASSERT_FALSE(equal_racing_bytes(memory_.data(), same)) << count;
            letter = memory_[static_cast<std::size_t>(&letter - same.data())];
        }
    }
}

}  // namespace
}  // namespace steward::shared
