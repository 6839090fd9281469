#include "client/cli/display_text.hpp"

#include <pwd.h>

#include <array>
#include <cstdio>
#include <map>
#include <optional>

namespace steward::cli {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::string_view ellipsis = "\xe2\x80\xa6";     // U+2026

constexpr bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The length of the character that begins here, or nothing where its bytes are no UTF-8.
std::optional<std::size_t> character_length(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xC2 ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    if (length == 0 || length > text.size())
        return std::nullopt;
    for (std::size_t i = 1; i < length; ++i)
        if (!continues_character(text[i]))
            return std::nullopt;
    return length;
}

/// U+0000 to U+001F, U+007F, and U+0080 to U+009F, which is C2 80 to C2 9F.
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1)
        return first < 0x20 || first == 0x7F;
    return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;
}

std::string formatted(const char* format, auto... values) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

}  // namespace

std::string printable(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const auto length = character_length(text);
        const auto character = text.substr(0, length.value_or(1));
        shown += !length || is_control(character) ? replacement : character;
        text.remove_prefix(character.size());
    }
    return shown;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (const char byte : text)
        if (!continues_character(byte))
            ++width;
    return width;
}

std::string shortened(std::string_view text, std::size_t width) {
    if (display_width(text) <= width)
        return std::string(text);
    std::size_t end = 0;
    for (std::size_t character = 0; end < text.size(); ++end)
        if (!continues_character(text[end]) && ++character == width)
            break;
    return std::string(text.substr(0, end)).append(ellipsis);
}

std::string age_text(std::chrono::milliseconds age) {
    const long long ms = age.count() < 0 ? 0 : age.count();
    const auto seconds = ms / 1000;
    const auto minutes = seconds / 60;
    const auto hours = minutes / 60;
    const auto days = hours / 24;
    if (seconds == 0)
        return formatted("%lldms", ms);
    if (minutes == 0)
        return formatted("%llds", seconds);
    if (hours == 0)
        return formatted("%lldm%02llds", minutes, seconds % 60);
    if (days == 0)
        return formatted("%lldh%02lldm", hours, minutes % 60);
    return formatted("%lldd%02lldh", days, hours % 24);
}

std::string time_text(std::uint64_t ns) {
    constexpr std::array units{"us", "ms", "s"};
    if (ns < 1000)
        return std::to_string(ns) + " ns";
    auto time = static_cast<double>(ns) / 1000;
    std::size_t unit = 0;
    for (; time >= 1000 && unit + 1 < units.size(); ++unit)
        time /= 1000;
    return formatted("%.3g %s", time, units.at(unit));
}

std::string size_text(std::uint64_t bytes) {
    constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024)
        return std::to_string(bytes) + " B";
    auto size = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    for (; size >= 1024 && unit + 1 < units.size(); ++unit)
        size /= 1024;
    return formatted("%.1f %s", size, units.at(unit));
}

std::string user_text(std::uint32_t uid) {
    static std::map<std::uint32_t, std::string> known;
    auto [entry, is_new] = known.try_emplace(uid);
    if (is_new) {
        const auto* user = ::getpwuid(uid);
        entry->second = user != nullptr ? printable(user->pw_name) : std::to_string(uid);
    }
    return entry->second;
}

}  // namespace steward::cli
