#pragma once

#include <vector>

#include "client/cli/daemon.hpp"
#include "proto/session.hpp"

namespace steward::cli {

/// All sessions, by number.
std::vector<proto::SessionInfo> list_sessions(Daemon& daemon);

}  // namespace steward::cli
