#include "client/src/utf8.hpp"

#include <cstddef>

namespace steward::detail {
namespace {

constexpr char32_t continuation(char byte) {
    return static_cast<unsigned char>(byte);
}

/// The length of the character that begins with this byte; 0: none does.
std::size_t length_from(unsigned char first) {
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if ((first & 0xf0U) == 0xe0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

bool is_whole(std::string_view character) {
    char32_t point = static_cast<unsigned char>(character[0]) & (0xffU >> (character.size() + 1));
    for (const char byte : character.substr(1)) {
        if ((continuation(byte) & 0xc0U) != 0x80)
            return false;
        point = point << 6U | (continuation(byte) & 0x3fU);
    }
    if (character.size() == 3)
        return point >= 0x800 && (point < 0xd800 || point > 0xdfff);
    return character.size() == 2 || (point >= 0x10000 && point <= 0x10ffff);
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto length = length_from(static_cast<unsigned char>(text[0]));
        if (length == 0 || length > text.size())
            return false;
        if (length > 1 && !is_whole(text.substr(0, length)))
            return false;
        text.remove_prefix(length);
    }
    return true;
}

void append_utf8(std::string& out, char32_t code_point) {
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | (code_point >> shift & 0x3fU)); };
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        out += static_cast<char>(0xc0U | code_point >> 6U);
        tail(0);
    } else if (code_point < 0x10000) {
        out += static_cast<char>(0xe0U | code_point >> 12U);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0U | code_point >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace steward::detail
