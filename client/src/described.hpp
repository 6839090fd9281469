#pragma once

#include <optional>

#include <steward/deadlock.hpp>
#include <steward/lock_order.hpp>
#include <steward/object.hpp>

#include "proto/deadlock.hpp"
#include "proto/lock_order.hpp"
#include "proto/object.hpp"
#include "proto/session.hpp"

namespace steward::detail {

/// What the daemon tells of objects, agents and sessions, in the public types.
ObjectInfo described(proto::ObjectInfo&& info);
AgentInfo described(proto::AgentInfo&& agent);
ObjectStatistics described(proto::object::Statistics::Result&&);
SessionInfo described(proto::SessionInfo&& session);
DeadlockStep described(proto::DeadlockStep&& step);
LockOrderWarning described(proto::LockOrder&& warning);
std::optional<Abandonment> described(const std::optional<proto::Abandonment>& abandonment);

}  // namespace steward::detail
