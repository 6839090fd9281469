#include "tests/support/raw_client.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "proto/session.hpp"
#include "tests/support/child_process.hpp"

namespace steward::tests {
namespace {

constexpr std::size_t room_bytes = 65'536;

shared::UniqueFd connect_to(const std::string& socket) {
    shared::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
    if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error(errno, std::generic_category(), socket);
    return fd;
}

}  // namespace

RawClient::RawClient(const std::string& socket, Begin begin) : fd_(connect_to(socket)) {
    if (begin == Begin::with_session)
        session_ = call(proto::session::Open{.client_name = "raw", .capabilities = {}}).session;
}

bool RawClient::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::size_t RawClient::send_some(std::string_view bytes) const {
    const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

bool RawClient::receive() {
    if (!becomes_readable(fd_.get()))
        throw std::runtime_error("the daemon sends nothing");
    const auto room = frames_.room(room_bytes);
    const auto size = ::recv(fd_.get(), room.data(), room.size(), 0);
    if (size <= 0)
        return false;
    frames_.received(static_cast<std::size_t>(size));
    return true;
}

std::optional<std::string> RawClient::next_frame() {
    for (;;) {
        if (const auto frame = frames_.next())
            return std::string(*frame);
        if (!receive())
            return std::nullopt;
    }
}

std::string RawClient::response_to(std::uint64_t id) {
    while (!responses_.contains(id)) {
        auto frame = next_frame();
        if (!frame)
            throw std::runtime_error("the daemon closed the connection");
        if (proto::kind_of(*frame) != proto::EnvelopeKind::response)
            continue;
        const auto answered = proto::decode_response(*frame).id;
        responses_.emplace(answered, std::move(*frame));
    }
    return std::move(responses_.extract(id).mapped());
}

proto::Packed RawClient::await_result(std::uint64_t id) {
    last_response_ = response_to(id);
    const auto response = proto::decode_response(last_response_);
    if (response.refused)
        throw proto::Refusal(response.code, std::string(response.detail));
    return response.result;
}

std::optional<proto::Errc> RawClient::refusal_of(std::uint64_t id) {
    last_response_ = response_to(id);
    const auto response = proto::decode_response(last_response_);
    return response.refused ? std::optional(response.code) : std::nullopt;
}

bool RawClient::has_response(std::uint64_t id) {
    while (!responses_.contains(id) && becomes_readable(fd_.get(), std::chrono::milliseconds(0))) {
        if (!receive())
            break;
        while (const auto frame = frames_.next())
            if (proto::kind_of(*frame) == proto::EnvelopeKind::response)
                responses_.emplace(proto::decode_response(*frame).id, *frame);
    }
    return responses_.contains(id);
}

std::optional<Closing> RawClient::read_to_end() {
    std::optional<Closing> closing;
    while (const auto frame = next_frame()) {
        if (proto::kind_of(*frame) != proto::EnvelopeKind::notification)
            continue;
        const auto notification = proto::decode_notification(*frame);
        proto::Reader params(notification.params.bytes);
        params.array();
        closing.emplace();
        closing->code = static_cast<proto::Errc>(params.unsigned_integer());
        closing->detail = params.string();
    }
    return closing;
}

}  // namespace steward::tests
