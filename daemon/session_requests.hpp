#pragma once

#include "daemon/call.hpp"
#include "proto/session.hpp"

namespace steward::daemon {

/// Requests about sessions.
proto::session::Open::Result handle(Call&, const proto::session::Open&);
proto::session::Close::Result handle(Call&, const proto::session::Close&);
proto::session::Cancel::Result handle(Call&, const proto::session::Cancel&);
proto::session::EndThread::Result handle(Call&, const proto::session::EndThread&);
proto::session::Place::Result handle(Call&, const proto::session::Place&);
proto::session::Bell::Result handle(Call&, const proto::session::Bell&);
proto::session::List::Result handle(Call&, const proto::session::List&);

}  // namespace steward::daemon
