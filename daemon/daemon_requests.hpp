#pragma once

#include "daemon/call.hpp"
#include "proto/daemon.hpp"

namespace steward::daemon {

/// Requests about the daemon.
proto::daemon::Status::Result handle(Call&, const proto::daemon::Status&);
proto::daemon::Reload::Result handle(Call&, const proto::daemon::Reload&);

}  // namespace steward::daemon
