#pragma once

#include <tuple>

#include "proto/daemon.hpp"
#include "proto/object.hpp"
#include "proto/objects/array.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/event.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/namespace.hpp"
#include "proto/objects/semaphore.hpp"
#include "proto/objects/set.hpp"
#include "proto/objects/value.hpp"
#include "proto/session.hpp"

namespace steward::proto {

using DaemonMessages = std::tuple<daemon::Status>;
using SessionMessages = std::tuple<session::Open, session::Close, session::Cancel, session::List>;
using ObjectMessages = std::tuple<object::Find, object::Info, object::List, object::Remove, object::Break>;

/// Every request that there is, in the order of PROTOCOL.md's table. Dispatch derives from it.
using Messages = decltype(std::tuple_cat(
    DaemonMessages{}, SessionMessages{}, ObjectMessages{}, lock::Messages{}, semaphore::Messages{}, event::Messages{},
    list::Messages{}, dict::Messages{}, value::Messages{}, name_space::Messages{}, array::Messages{}, set::Messages{}));

}  // namespace steward::proto
