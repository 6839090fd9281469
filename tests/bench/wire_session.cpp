#include "tests/bench/wire_session.hpp"

#include <stdexcept>

#include "proto/session.hpp"
#include "tests/bench/unix_socket.hpp"

namespace steward::bench {

WireSession::WireSession(const std::filesystem::path& socket) : socket_(connect_to(socket)) {
    call_many(1, [](std::size_t) { return proto::session::Open{.client_name = "steward_bench", .capabilities = {}}; });
}

void WireSession::exchange(std::size_t replies) {
    send_all(socket_.get(), outgoing_);
    outgoing_.clear();
    for (; replies > 0; --replies)
        take_reply();
}

void WireSession::take_reply() {
    constexpr std::size_t room_bytes = 16'384;
    auto frame = frames_.next();
    for (; !frame; frame = frames_.next())
        frames_.received(receive(socket_.get(), frames_.room(room_bytes)));
    if (proto::kind_of(*frame) != proto::EnvelopeKind::response)
        throw std::runtime_error("the daemon ends a connection");
    if (const auto response = proto::decode_response(*frame); response.refused)
        throw std::runtime_error("the daemon refuses a request: " + std::string(response.detail));
}

std::string packed(std::string_view text) {
    std::string bytes;
    proto::Writer(bytes).string(text);
    return bytes;
}

}  // namespace steward::bench
