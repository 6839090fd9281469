#include "client/src/base64.hpp"

#include <algorithm>
#include <cstdint>

namespace steward::detail {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string to_base64(const std::vector<std::byte>& bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto present = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = group << 8U | (j < present ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= present ? alphabet[group >> (18 - 6 * j) & 63U] : '=';
    }
    return text;
}

std::optional<std::vector<std::byte>> from_base64(std::string_view text) {
    if (text.size() % 4 != 0)
        return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with("=") ? 1 : 0);
    std::vector<std::byte> bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const bool last = i + 4 == text.size();
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const bool padded = last && j >= 4 - padding;
            const auto digit = padded ? 0 : alphabet.find(text[i + j]);
            if (digit == std::string_view::npos)
                return std::nullopt;
            group = group << 6U | static_cast<std::uint32_t>(digit);
        }
        for (std::size_t j = 0; j < (last ? 3 - padding : 3); ++j)
            bytes.push_back(static_cast<std::byte>(group >> (16 - 8 * j) & 255U));
    }
    return bytes;
}

}  // namespace steward::detail
