#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace steward::detail {

/// RFC 4648, with padding.
std::string to_base64(const std::vector<std::byte>& bytes);

/// Nothing where the text is no base64 with its padding.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace steward::detail
