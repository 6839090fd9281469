#pragma once

#include <cstdint>
#include <string_view>

namespace steward::proto {

/// CRC-32 as of zlib, gzip and PNG: the checksum of all bytes so far (of none: 0), and of these behind them.
std::uint32_t crc32(std::uint32_t so_far, std::string_view bytes) noexcept;

}  // namespace steward::proto
