#pragma once

#include "proto/daemon.hpp"
#include "proto/dump.hpp"
#include "proto/object.hpp"
#include "proto/objects/array.hpp"
#include "proto/objects/barrier.hpp"
#include "proto/objects/bounded_semaphore.hpp"
#include "proto/objects/condition.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/event.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/namespace.hpp"
#include "proto/objects/process.hpp"
#include "proto/objects/queue.hpp"
#include "proto/objects/rlock.hpp"
#include "proto/objects/rwlock.hpp"
#include "proto/objects/semaphore.hpp"
#include "proto/objects/set.hpp"
#include "proto/objects/value.hpp"
#include "proto/session.hpp"
#include "proto/several.hpp"
#include "proto/transaction.hpp"
#include "proto/watch.hpp"

namespace steward::proto {

using DaemonMessages = MessageList<daemon::Status, daemon::Reload>;
using SessionMessages = MessageList<session::Open, session::Close, session::Cancel, session::EndThread, session::Place,
                                    session::Bell, session::List>;
using ObjectMessages =
    MessageList<object::Find, object::Info, object::Statistics, object::List, object::Use, object::Drop, object::Share,
                object::Notify, object::Held, object::Remove, object::Break>;

/// Those that change nothing but the memory of a container: lists, dicts and their like.
using ContainerMessages = decltype(list::Messages{} + dict::Messages{} + value::Messages{} + set::Messages{} +
                                   name_space::Messages{} + array::Messages{});

/// Every request that there is, in the order of PROTOCOL.md's table. Dispatch derives from it.
using Messages =
    decltype(DaemonMessages{} + SessionMessages{} + ObjectMessages{} + object::SeveralMessages{} +
             transaction::Messages{} + lock::Messages{} + rlock::Messages{} + rwlock::Messages{} +
             semaphore::Messages{} + bounded_semaphore::Messages{} + condition::Messages{} + event::Messages{} +
             barrier::Messages{} + queue::Messages{} + list::Messages{} + dict::Messages{} + value::Messages{} +
             name_space::Messages{} + array::Messages{} + set::Messages{} + process::Messages{} + watch::Messages{} +
             dump::Messages{} + restore::Messages{});

}  // namespace steward::proto
