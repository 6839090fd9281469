#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "shared/unique_fd.hpp"

namespace steward::bench {

/// A blocking stream socket, connected to the one at `path`. Throws std::system_error.
shared::UniqueFd connect_to(const std::filesystem::path& path);

/// All of it, blocking. Throws std::system_error.
void send_all(int socket, std::string_view bytes);

/// What has come, blocking until there is something. Throws std::runtime_error at the end of the stream.
std::size_t receive(int socket, std::span<char> room);

}  // namespace steward::bench
