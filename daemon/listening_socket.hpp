#pragma once

#include <filesystem>
#include <stdexcept>

#include "shared/unique_fd.hpp"

namespace steward::daemon {

/// Another daemon serves the socket.
class AlreadyServed : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The right to serve a socket path and to use the memory beside it: a lock on the file `SOCKET.lock`, which the
/// kernel gives back when the process ends, however it ends. Two daemons that start at once cannot both have it.
class SocketClaim {
  public:
    /// Makes the folder where it is missing. Throws AlreadyServed, std::system_error.
    explicit SocketClaim(std::filesystem::path socket);
    SocketClaim(const SocketClaim&) = delete;
    SocketClaim& operator=(const SocketClaim&) = delete;

    /// A listening socket; a stale socket file is replaced, one that somebody still serves never is. Throws
    /// AlreadyServed, std::system_error.
    shared::UniqueFd listen(unsigned mode);

    /// Removes the socket file, where listen() made one.
    void remove_socket();

    /// Removes the lock's file and the folder, if it is empty then (private daemons).
    void remove_traces();

  private:
    std::filesystem::path socket_;
    std::filesystem::path lock_path_;
    shared::UniqueFd lock_;
    bool listening_ = false;
};

}  // namespace steward::daemon
