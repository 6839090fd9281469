#pragma once

#include <string>
#include <string_view>

namespace steward::detail {

/// Whether the bytes are UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) noexcept;

void append_utf8(std::string& out, char32_t code_point);

}  // namespace steward::detail
