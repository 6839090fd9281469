#include "daemon/name.hpp"

#include <cstdint>

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

bool is_control(std::uint32_t character) {
    return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

bool is_surrogate(std::uint32_t character) {
    return character >= 0xD800 && character < 0xE000;
}

}  // namespace

bool is_valid_name(std::string_view name) {
    constexpr std::size_t longest = 255;
    if (name.empty() || name.size() > longest)
        return false;
    while (!name.empty()) {
        const auto [length, bits, smallest] = sequence_of(static_cast<unsigned char>(name.front()));
        if (length == 0 || length > name.size())
            return false;
        auto character = bits;
        for (const char byte : name.substr(1, length - 1)) {
            const auto continuation = static_cast<unsigned char>(byte);
            if ((continuation & 0xC0U) != 0x80)
                return false;
            character = character << 6U | (continuation & 0x3FU);
        }
        if (character < smallest || character > 0x10FFFF || is_surrogate(character) || is_control(character))
            return false;
        name.remove_prefix(length);
    }
    return true;
}

}  // namespace steward::daemon
