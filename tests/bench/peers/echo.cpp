#include "tests/bench/peers/echo.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <utility>

#include "tests/bench/unix_socket.hpp"

namespace steward::bench {
namespace {

/// A child's body. It keeps no other descriptor, so that it sees the end of the stream.
void send_everything_back(int socket) {
    constexpr int kept = 3;
    ::dup2(socket, kept);
    ::close_range(kept + 1, ~0U, 0);
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto size = ::recv(kept, buffer.data(), buffer.size(), 0);
        if (size <= 0)
            return;
        ::send(kept, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL);
    }
}

}  // namespace

Echo::Ends Echo::Ends::make() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw std::system_error(errno, std::generic_category(), "socketpair");
    return {.ours = shared::UniqueFd(ends[0]), .theirs = shared::UniqueFd(ends[1])};
}

Echo::Echo(Ends ends) : socket_(std::move(ends.ours)), process_([&] { send_everything_back(ends.theirs.get()); }) {}

void Echo::round_trip(std::string_view bytes) {
    received_.resize(bytes.size());
    send_all(socket_.get(), bytes);
    for (std::size_t size = 0; size < bytes.size();)
        size += receive(socket_.get(), std::span(received_).subspan(size));
}

}  // namespace steward::bench
