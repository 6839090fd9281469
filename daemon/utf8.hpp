#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace steward::daemon {

/// A character of UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF.
struct Character {
    std::size_t length = 0;  ///< bytes
    std::uint32_t code_point = 0;
};

/// The one that the text, which is not empty, begins with; nothing where its bytes are none.
std::optional<Character> first_character(std::string_view text);

/// The text with U+FFFD in place of each byte that is no UTF-8.
std::string as_utf8(std::string_view text);

}  // namespace steward::daemon
