#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace steward::cli {

/// Text that a terminal shows as it is: control characters, which could steer the terminal, and bytes that are no
/// UTF-8 become U+FFFD. Command lines of others pass through here.
std::string printable(std::string_view text);

/// How many columns of a terminal a printable text takes: one for each character.
std::size_t display_width(std::string_view text);

/// The text cut to at most `width` columns, with an ellipsis where something is missing.
std::string shortened(std::string_view text, std::size_t width);

/// The two largest units of a duration: "250ms", "12s", "3m12s", "5h03m", "2d04h".
std::string age_text(std::chrono::milliseconds age);

/// A duration in the largest unit that it has one of: "850 ns", "12.3 us", "4.56 ms", "3.2 s".
std::string time_text(std::uint64_t ns);

/// "512 B", "3.4 MiB".
std::string size_text(std::uint64_t bytes);

/// The name of a user, or the number where it has none.
std::string user_text(std::uint32_t uid);

}  // namespace steward::cli
