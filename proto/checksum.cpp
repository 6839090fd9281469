#include "proto/checksum.hpp"

#include <array>

namespace steward::proto {
namespace {

/// What each byte does to the checksum; the polynomial of IEEE 802.3, reflected.
constexpr auto steps = [] {
    constexpr std::uint32_t polynomial = 0xEDB88320;
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        auto rest = byte;
        for (int bit = 0; bit < 8; ++bit)
            rest = rest >> 1U ^ ((rest & 1U) != 0 ? polynomial : 0);
        table[byte] = rest;
    }
    return table;
}();

}  // namespace

std::uint32_t crc32(std::uint32_t so_far, std::string_view bytes) noexcept {
    auto rest = ~so_far;
    for (const char letter : bytes)
        rest = rest >> 8U ^ steps[(rest ^ static_cast<unsigned char>(letter)) & 0xFFU];
    return ~rest;
}

}  // namespace steward::proto
