#include "daemon/utf8.hpp"

namespace steward::daemon {
namespace {

struct Sequence {
    std::size_t length;  ///< bytes; 0: no character begins with this byte
    std::uint32_t bits;  ///< of the first byte
    std::uint32_t smallest;
};

Sequence sequence_of(unsigned char first) {
    if (first < 0x80)
        return {1, first, 0};
    if (first >= 0xC2 && first < 0xE0)
        return {2, first & 0x1FU, 0x80};
    if (first >= 0xE0 && first < 0xF0)
        return {3, first & 0x0FU, 0x800};
    if (first >= 0xF0 && first < 0xF5)
        return {4, first & 0x07U, 0x10000};
    return {0, 0, 0};
}

bool is_surrogate(std::uint32_t character) {
    return character >= 0xD800 && character < 0xE000;
}

}  // namespace

std::optional<Character> first_character(std::string_view text) {
    const auto [length, bits, smallest] = sequence_of(static_cast<unsigned char>(text.front()));
    if (length == 0 || length > text.size())
        return std::nullopt;
    auto character = bits;
    for (const char byte : text.substr(1, length - 1)) {
        const auto continuation = static_cast<unsigned char>(byte);
        if ((continuation & 0xC0U) != 0x80)
            return std::nullopt;
        character = character << 6U | (continuation & 0x3FU);
    }
    if (character < smallest || character > 0x10FFFF || is_surrogate(character))
        return std::nullopt;
    return Character{.length = length, .code_point = character};
}

std::string as_utf8(std::string_view text) {
    constexpr std::string_view replacement = "\xef\xbf\xbd";
    std::string valid;
    while (!text.empty()) {
        const auto character = first_character(text);
        const auto bytes = text.substr(0, character ? character->length : 1);
        valid += character ? bytes : replacement;
        text.remove_prefix(bytes.size());
    }
    return valid;
}

}  // namespace steward::daemon
