#pragma once

#include "daemon/call.hpp"
#include "proto/transaction.hpp"

namespace steward::daemon {

/// Several operations on containers as one change.
void handle(Call&, const proto::transaction::Commit&);

}  // namespace steward::daemon
