#pragma once

#include "daemon/call.hpp"
#include "proto/object.hpp"

namespace steward::daemon {

/// Requests about objects of whatever type.
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
