#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "client/src/connection.hpp"
#include "proto/envelope.hpp"
#include "proto/frame_buffer.hpp"
#include "proto/session.hpp"
#include "shared/unique_fd.hpp"
#include "tests/support/background.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {

/// The daemon's end of a connection, in the hands of a test.
class FakeDaemon {
  public:
    struct Request {
        std::uint64_t id;
        std::string method;
        std::string params;
    };

    FakeDaemon() {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
            throw std::system_error(errno, std::generic_category(), "socketpair");
        socket_ = shared::UniqueFd(ends[0]);
        client_end_ = shared::UniqueFd(ends[1]);
    }

    /// With a client that has connected by itself.
    explicit FakeDaemon(shared::UniqueFd socket) : socket_(std::move(socket)) {}

    shared::UniqueFd client_end() { return std::move(client_end_); }

    /// A Connection to this daemon, with its session open.
    std::unique_ptr<detail::Connection> connect() {
        auto opening = in_background([this] {
            return std::make_unique<detail::Connection>(
                client_end(), detail::Connection::Options{.client_name = "test", .timeout = watchdog, .uses = uses_});
        });
        answer(next(), proto::session::Open::Result{.daemon_version = "fake", .session = 7, .capabilities = {}});
        auto connection = opening.get();
        connection_ = connection.get();
        return connection;
    }

    /// The next request, or notification, which has no number; blocks until it is there.
    Request next() {
        for (;;) {
            if (const auto frame = frames_.next()) {
                if (proto::kind_of(*frame) == proto::EnvelopeKind::notification) {
                    const auto notice = proto::decode_notification(*frame);
                    return {0, std::string(notice.method), std::string(notice.params.bytes)};
                }
                const auto request = proto::decode_request(*frame);
                return {request.id, std::string(request.method), std::string(request.params.bytes)};
            }
            const auto room = frames_.room(65536);
            const auto received = recv(socket_.get(), room.data(), room.size(), 0);
            if (received <= 0)
                throw std::runtime_error("the client has hung up");
            frames_.received(static_cast<std::size_t>(received));
        }
    }

    /// Whether the client has sent more.
    bool more_is_there() const {
        pollfd polled{socket_.get(), POLLIN, 0};
        return frames_.in_mid_frame() || poll(&polled, 1, 0) > 0;
    }

    template <class Result>
    void answer(const Request& request, const Result& result) {
        send(encoded(request, result));
    }

    template <class Result>
    static std::string encoded(const Request& request, const Result& result) {
        std::string out;
        proto::encode_result(out, request.id, result);
        return out;
    }

    void refuse(const Request& request, proto::Errc code, std::string_view detail, std::string_view data = {}) {
        std::string out;
        proto::encode_refusal(out, request.id, code, detail, data);
        send(out);
    }

    void announce_closing(proto::Errc code, std::string_view detail) {
        std::string out;
        proto::encode_closing(out, code, detail);
        send(out);
    }

    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0)
                throw std::system_error(errno, std::generic_category(), "send");
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    void hang_up() { socket_ = shared::UniqueFd(); }

    int socket() const { return socket_.get(); }

  private:
    static std::shared_ptr<detail::Uses> began(std::shared_ptr<detail::Uses> uses) {
        uses->begin_session();
        return uses;
    }

    shared::UniqueFd socket_;
    shared::UniqueFd client_end_;
    proto::FrameBuffer frames_;
    detail::Connection* connection_ = nullptr;
    std::shared_ptr<detail::Uses> uses_ = began(std::make_shared<detail::Uses>(
        [this](std::uint64_t object, std::uint64_t receipts) { connection_->drop(object, receipts); }));
};

}  // namespace steward::tests
