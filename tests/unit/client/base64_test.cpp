#include "client/src/base64.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace steward::detail {
namespace {

std::vector<std::byte> bytes_of(std::string_view text) {
    std::vector<std::byte> bytes;
    for (const char character : text)
        bytes.push_back(static_cast<std::byte>(character));
    return bytes;
}

// RFC 4648, section 10
constexpr std::pair<std::string_view, std::string_view> test_vectors[] = {
    {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
};

TEST(Base64, WritesTheVectorsOfTheRfc) {
    for (const auto& [text, coded] : test_vectors)
        EXPECT_EQ(to_base64(bytes_of(text)), coded);
}

TEST(Base64, ReadsTheVectorsOfTheRfc) {
    for (const auto& [text, coded] : test_vectors)
        EXPECT_EQ(from_base64(coded), bytes_of(text));
}

TEST(Base64, RefusesOtherText) {
    for (const auto* text : {"A", "AB", "ABC", "AB=C", "A===", "====", "AB C", "ABCD=", "AB-_"})
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
}

}  // namespace
}  // namespace steward::detail
