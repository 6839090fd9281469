#pragma once

#include "daemon/call.hpp"
#include "proto/daemon.hpp"
#include "proto/object.hpp"
#include "proto/session.hpp"

namespace steward::daemon {

/// Requests about the daemon, its sessions, and objects of whatever type.
proto::daemon::Status::Result handle(Call&, const proto::daemon::Status&);
proto::daemon::Reload::Result handle(Call&, const proto::daemon::Reload&);

proto::session::Open::Result handle(Call&, const proto::session::Open&);
proto::session::Close::Result handle(Call&, const proto::session::Close&);
proto::session::Cancel::Result handle(Call&, const proto::session::Cancel&);
proto::session::EndThread::Result handle(Call&, const proto::session::EndThread&);
proto::session::Place::Result handle(Call&, const proto::session::Place&);
proto::session::Bell::Result handle(Call&, const proto::session::Bell&);
proto::session::List::Result handle(Call&, const proto::session::List&);

proto::object::Find::Result handle(Call&, const proto::object::Find&);
proto::object::Info::Result handle(Call&, const proto::object::Info&);
proto::object::Statistics::Result handle(Call&, const proto::object::Statistics&);
proto::object::List::Result handle(Call&, const proto::object::List&);
proto::object::Use::Result handle(Call&, const proto::object::Use&);
proto::object::Drop::Result handle(Call&, const proto::object::Drop&);
proto::object::Share::Result handle(Call&, const proto::object::Share&);
proto::object::Notify::Result handle(Call&, const proto::object::Notify&);
proto::object::Held::Result handle(Call&, const proto::object::Held&);
proto::object::Remove::Result handle(Call&, const proto::object::Remove&);
proto::object::Break::Result handle(Call&, const proto::object::Break&);

}  // namespace steward::daemon
