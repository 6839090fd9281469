#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace steward::cli {

/// Where `run` tells its command the number of its session: "NUMBER@SOCKET".
inline constexpr const char* session_variable = "STEWARD_SESSION";

std::string session_text(std::uint32_t session, const std::filesystem::path& socket);

/// The session of the `run` that this process runs under, as long as that is one of the daemon of `socket`; 0: none.
std::uint32_t outer_session(const std::filesystem::path& socket);

}  // namespace steward::cli
