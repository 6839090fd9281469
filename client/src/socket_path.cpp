#include "client/src/socket_path.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include <steward/error.hpp>

#include "client/src/standard_streams.hpp"

namespace steward::detail {
namespace {

constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path);

std::filesystem::path from_environment(const char* variable) {
    const char* value = std::getenv(variable);
    return value == nullptr ? std::filesystem::path() : std::filesystem::path(value);
}

[[noreturn]] void throw_unreachable(const std::filesystem::path& path, int reason) {
    throw Error(errc::not_connected, path.string() + ": " + std::generic_category().message(reason));
}

/// For a Unix socket the time-out of sending is that of connecting too (unix(7)): it waits while the backlog is full.
void set_connect_timeout(int socket, std::chrono::nanoseconds timeout) {
    const auto microseconds = std::chrono::ceil<std::chrono::microseconds>(timeout).count();
    const timeval value{.tv_sec = microseconds / 1'000'000, .tv_usec = microseconds % 1'000'000};
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
}

/// It is needed again where the connection is lost, and after a fork; the program may be in another folder then.
std::filesystem::path wherever_one_goes(const std::filesystem::path& path) {
    std::error_code unreadable;
    auto absolute = std::filesystem::absolute(path, unreadable);
    return unreadable || absolute.native().size() >= longest_path ? path : absolute;
}

}  // namespace

std::filesystem::path find_socket(const std::filesystem::path& explicit_path) {
    if (!explicit_path.empty())
        return wherever_one_goes(explicit_path);
    if (const auto path = from_environment("STEWARD_SOCKET"); !path.empty())
        return wherever_one_goes(path);
    std::vector<std::filesystem::path> candidates;
    if (const auto folder = from_environment("XDG_RUNTIME_DIR"); !folder.empty())
        candidates.push_back(folder / "steward.sock");
    candidates.emplace_back("/run/steward/steward.sock");

    std::string tried;
    for (const auto& path : candidates) {
        std::error_code unreadable;
        if (std::filesystem::exists(path, unreadable))
            return path;
        tried += (tried.empty() ? "" : ", ") + path.string();
    }
    throw Error(errc::not_connected, "no socket found; $STEWARD_SOCKET is not set, and there is none of " + tried);
}

shared::UniqueFd connect_to(const std::filesystem::path& path, std::chrono::nanoseconds timeout) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.native().size() >= longest_path)
        throw_unreachable(path, ENAMETOOLONG);
    std::memcpy(address.sun_path, path.c_str(), path.native().size());

    shared::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket)
        throw_unreachable(path, errno);
    set_connect_timeout(socket.get(), timeout);
    while (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        if (errno != EINTR)
            throw_unreachable(path, errno);
    return beyond_standard_streams(std::move(socket));
}

}  // namespace steward::detail
