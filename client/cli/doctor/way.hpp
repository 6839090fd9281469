#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

#include <steward/manager.hpp>

#include "client/cli/doctor/finding.hpp"
#include "proto/daemon.hpp"

// The way to the daemon: its socket, and whether somebody answers there.
namespace steward::cli::doctor {

/// What is at the path of the socket.
struct Socket {
    Finding finding;
    std::filesystem::path path;  ///< empty: none was found
    bool accepts = false;
    pid_t listener = 0;  ///< who accepts; 0: it is of another namespace of processes
};

/// `given`: a path, or empty: where the client library looks. Waits for nothing.
Socket look_at_socket(const std::string& given);

/// The daemon behind a socket that accepts.
struct Session {
    Finding finding;
    std::optional<Manager> manager;  ///< none: it does not answer
    proto::daemon::Status::Result status;
};

/// Waits for a second at most.
Session open_session(const Socket&);

/// Its status, where that comes within a second; an empty version where it does not.
proto::daemon::Status::Result status_of(const Manager&);

/// Of a daemon that answers, beside this command.
Finding judge(const proto::daemon::Status::Result&);

/// What to do where the daemon refuses what it should not.
std::string advice_for(const Error&);

}  // namespace steward::cli::doctor
