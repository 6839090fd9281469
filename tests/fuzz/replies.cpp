// Any bytes as what a daemon sends: whatever comes behind the reply to session.open, each call of the client has a
// result or throws an Error, and none waits for ever.

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "client/src/connection.hpp"
#include "proto/envelope.hpp"
#include "proto/session.hpp"
#include "tests/fuzz/every_message.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace steward;

void send(int socket, std::string_view bytes) {
    if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) != static_cast<ssize_t>(bytes.size()))
        std::abort();
}

std::string reply_to_open() {
    std::string reply;
    proto::encode_result(reply, 1, proto::session::Open::Result{.daemon_version = "0", .session = 1});
    return reply;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    constexpr std::size_t most_bytes = 65'536;  // what the socket takes at once
    if (size > most_bytes)
        return -1;
    std::array<int, 2> sockets{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
        std::abort();
    shared::UniqueFd own{sockets[0]};
    const shared::UniqueFd daemons{sockets[1]};
    fuzz::Input input(bytes, size);
    const bool opens = input.below(8) != 0;
    std::array<std::size_t, 4> messages{};
    for (auto& message : messages)
        message = input.below(fuzz::message_count);
    if (opens)
        send(daemons.get(), reply_to_open());
    send(daemons.get(), input.rest());
    ::shutdown(daemons.get(), SHUT_WR);
    detail::LockOrderListener warnings;
    warnings.set([](const LockOrderWarning&) {});
    try {
        detail::Connection connection(
            std::move(own), {.client_name = "fuzz", .timeout = std::chrono::seconds(5), .lock_order = &warnings});
        for (const auto number : messages)
            fuzz::with_message(number, [&]<class M>(std::type_identity<M>) {
                try {
                    connection.call(M{});
                } catch (const Error&) {
                }
            });
    } catch (const Error&) {
    }
    return 0;
}
