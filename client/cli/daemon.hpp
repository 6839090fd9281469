#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <steward/manager.hpp>

#include "client/src/client.hpp"
#include "proto/message.hpp"

namespace steward::cli {

/// The thread that a command is to the daemon: the only one of its session that holds or waits.
inline constexpr std::uint32_t main_thread = 1;

/// The daemon that a command asks; connected by the first request. After that any thread may use it.
class Daemon {
  public:
    /// `socket`: path; empty: where the client library looks.
    explicit Daemon(std::string socket) : socket_(std::move(socket)) {}

    /// Sends a request and waits for the reply, which lends its views: `daemon.call(message)->value`. Throws
    /// steward::Error.
    template <proto::Message M>
    detail::Reply<M> call(const M& message) {
        return manager().client()->call(message);
    }

    /// The number of this command's session.
    std::uint32_t session() { return connection().session(); }

    /// Watches the object of that name or, where there is none, all whose names begin so.
    Watch watch(const std::string& subject);

    /// The path at which it listens.
    std::string socket();

    /// For what is not said by a request.
    Manager& manager();

  private:
    detail::Connection& connection() { return manager().client()->connection(); }

    std::string socket_;
    std::optional<Manager> manager_;
};

}  // namespace steward::cli
