#include "daemon/listening_socket.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace steward::daemon {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

AlreadyServed served(const std::filesystem::path& socket) {
    return AlreadyServed("another daemon serves " + socket.string() +
                         "; end that one first, or give --socket another path");
}

sockaddr_un address_of(const std::filesystem::path& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = socket.string();
    if (path.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        fail("the socket path " + path + " has more than " + std::to_string(sizeof address.sun_path - 1) + " bytes");
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

shared::UniqueFd unix_socket() {
    shared::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd)
        fail("socket");
    return fd;
}

std::string cannot_be_at(const std::filesystem::path& socket) {
    return "the socket cannot be at " + socket.string() + "; choose another place by --socket or $STEWARD_SOCKET: ";
}

bool answers(const sockaddr_un& address) {
    const auto fd = unix_socket();
    // EAGAIN: its backlog is full, so somebody serves it.
    return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN;
}

void remove_stale(const std::filesystem::path& socket, const sockaddr_un& address) {
    struct stat status {};
    if (::lstat(socket.c_str(), &status) != 0) {
        if (errno == ENOENT)
            return;
        fail(socket.string());
    }
    if (!S_ISSOCK(status.st_mode)) {
        errno = EEXIST;
        fail(socket.string() + " is no socket and is left alone");
    }
    if (answers(address))
        throw served(socket);
    if (::unlink(socket.c_str()) != 0)
        fail(socket.string());
}

}  // namespace

SocketClaim::SocketClaim(std::filesystem::path socket)
    : socket_(std::move(socket)), lock_path_(socket_.string() + ".lock") {
    std::error_code unmade;
    if (socket_.has_parent_path())
        std::filesystem::create_directories(socket_.parent_path(), unmade);
    if (unmade)
        throw std::system_error(unmade, cannot_be_at(socket_) + "its folder cannot be made");
    lock_ = shared::UniqueFd(::open(lock_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock_)
        fail(cannot_be_at(socket_) + lock_path_.string());
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) == 0)
        return;
    if (errno == EWOULDBLOCK)
        throw served(socket_);
    fail(lock_path_.string());
}

shared::UniqueFd SocketClaim::listen(unsigned mode) {
    const auto address = address_of(socket_);
    remove_stale(socket_, address);
    auto fd = unix_socket();
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        fail(cannot_be_at(socket_) + "bind");
    listening_ = true;
    if (::chmod(socket_.c_str(), mode) != 0 || ::listen(fd.get(), SOMAXCONN) != 0)
        fail(socket_.string());
    return fd;
}

void SocketClaim::remove_socket() {
    if (listening_)
        ::unlink(socket_.c_str());
    listening_ = false;
}

void SocketClaim::remove_traces() {
    remove_socket();
    ::unlink(lock_path_.c_str());
    ::rmdir(socket_.parent_path().c_str());
}

}  // namespace steward::daemon
