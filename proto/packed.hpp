#pragma once

#include <string_view>

namespace steward::proto {

/// One whole MessagePack value as bytes, borrowed from a frame, from the heap or from a caller's buffer.
/// The daemon passes values through unopened; only proto/value.hpp looks inside.
struct Packed {
    std::string_view bytes;
};

/// nil in MessagePack.
inline constexpr Packed packed_nil{std::string_view("\xc0", 1)};

}  // namespace steward::proto
