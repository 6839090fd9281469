#include "client/cli/outer_session.hpp"

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace steward::cli {
namespace {

constexpr char mark = '@';

/// std::filesystem::equivalent() takes no sockets. A path that leads nowhere is no daemon's.
bool is_same(const std::filesystem::path& left, const std::filesystem::path& right) {
    std::error_code missing;
    const auto found = std::filesystem::canonical(left, missing);
    return !missing && found == std::filesystem::canonical(right, missing);
}

}  // namespace

std::string session_text(std::uint32_t session, const std::filesystem::path& socket) {
    return std::to_string(session) + mark + std::filesystem::absolute(socket).string();
}

std::uint32_t outer_session(const std::filesystem::path& socket) {
    const auto* value = std::getenv(session_variable);
    if (value == nullptr)
        return 0;
    const std::string_view text(value);
    std::uint32_t session = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), session);
    const auto digits = static_cast<std::size_t>(rest - text.data());
    if (error != std::errc() || digits == text.size() || text[digits] != mark)
        return 0;
    return is_same(text.substr(digits + 1), socket) ? session : 0;
}

}  // namespace steward::cli
