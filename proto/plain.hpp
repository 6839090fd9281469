#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace steward::proto {

// What a whole MessagePack value is, straight from its bytes; nothing where it is of another kind. Reader does the same
// for whatever comes, at several times the cost: these are on the way of reads that take nanoseconds.

namespace plain {

/// The number behind the head; nothing: it is cut short.
inline std::optional<std::uint64_t> behind_head(std::string_view value, unsigned width) noexcept {
    static_assert(std::endian::native == std::endian::little);
    std::uint64_t number = 0;
    if (value.size() != 1 + width)
        return std::nullopt;
    std::memcpy(reinterpret_cast<char*>(&number) + (sizeof(number) - width), value.data() + 1, width);
    return __builtin_bswap64(number);
}

}  // namespace plain

/// Of an integer that fits.
inline std::optional<std::int64_t> plain_integer(std::string_view value) noexcept {
    if (value.empty())
        return std::nullopt;
    const auto head = static_cast<std::uint8_t>(value.front());
    if (head < 0x80 || head >= 0xe0)
        return static_cast<std::int8_t>(head);
    if (head < 0xcc || head > 0xd3)
        return std::nullopt;
    const unsigned width = 1U << (head & 3U);
    const auto number = plain::behind_head(value, width);
    if (!number)
        return std::nullopt;
    const auto as_signed = static_cast<std::int64_t>(*number);
    if (head >= 0xd0) {  // of two's complement in `width` bytes
        const unsigned unused_bits = 64 - 8 * width;
        return static_cast<std::int64_t>(*number << unused_bits) >> unused_bits;
    }
    return as_signed >= 0 ? std::optional(as_signed) : std::nullopt;
}

/// Of a real number, not an integer.
inline std::optional<double> plain_real(std::string_view value) noexcept {
    if (value.empty() || static_cast<std::uint8_t>(value.front()) != 0xcb)
        return std::nullopt;
    const auto bits = plain::behind_head(value, sizeof(double));
    return bits ? std::optional(std::bit_cast<double>(*bits)) : std::nullopt;
}

inline std::optional<bool> plain_boolean(std::string_view value) noexcept {
    if (value == "\xc2" || value == "\xc3")
        return value.front() == '\xc3';
    return std::nullopt;
}

/// The bytes of a string.
inline std::optional<std::string_view> plain_string(std::string_view value) noexcept {
    if (value.empty())
        return std::nullopt;
    const auto head = static_cast<std::uint8_t>(value.front());
    std::size_t skipped = 0;
    if ((head & 0xe0U) == 0xa0U)
        skipped = 1;
    else if (head >= 0xd9U && head <= 0xdbU)
        skipped = 1 + (std::size_t{1} << (head - 0xd9U));
    return skipped == 0 || skipped > value.size() ? std::nullopt : std::optional{value.substr(skipped)};
}

}  // namespace steward::proto
