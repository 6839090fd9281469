#pragma once

#include <chrono>
#include <filesystem>

#include "shared/unique_fd.hpp"

namespace steward::detail {

/// The socket to connect to: `explicit_path`, else $STEWARD_SOCKET, else the first that exists of
/// $XDG_RUNTIME_DIR/steward.sock and /run/steward/steward.sock. Throws not_connected with all that was tried.
std::filesystem::path find_socket(const std::filesystem::path& explicit_path);

/// A connected stream socket, closed on exec. Throws not_connected with the path and the reason.
shared::UniqueFd connect_to(const std::filesystem::path& path, std::chrono::nanoseconds timeout);

}  // namespace steward::detail
