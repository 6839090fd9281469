#include "tests/bench/unix_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace steward::bench {
namespace {

[[noreturn]] void throw_system_error(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

shared::UniqueFd connect_to(const std::filesystem::path& path) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    if (path.native().size() >= sizeof(address.sun_path))
        throw std::length_error("the path of a socket is too long: " + path.string());
    std::memcpy(address.sun_path, path.c_str(), path.native().size());
    shared::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket)
        throw_system_error("socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
        throw_system_error("connect");
    return socket;
}

void send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0)
            throw_system_error("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::size_t receive(int socket, std::span<char> room) {
    const auto size = ::recv(socket, room.data(), room.size(), 0);
    if (size < 0)
        throw_system_error("recv");
    if (size == 0)
        throw std::runtime_error("the other side of a socket has closed it");
    return static_cast<std::size_t>(size);
}

}  // namespace steward::bench
