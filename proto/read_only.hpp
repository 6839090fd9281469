#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "proto/message.hpp"

namespace steward::proto {

/// The requests that change nothing in memory, by their whole names: `queue.get` takes, where `dict.get` looks. Nothing
/// has to be recorded of them, so that they can be made again.
inline constexpr std::array read_only_methods = std::to_array<std::string_view>(
    {"array.get",        "array.get_slice", "array.len",          "barrier.status",    "bounded_semaphore.value",
     "condition.status", "daemon.status",   "dict.contains",      "dict.get",          "dict.items",
     "dict.keys",        "dict.len",        "dict.values",        "event.is_set",      "list.contains",
     "list.copy",        "list.count",      "list.get",           "list.get_slice",    "list.index",
     "list.len",         "lock.holding",    "namespace.contains", "namespace.copy",    "namespace.get",
     "namespace.names",  "object.drop",     "object.find",        "object.held",       "object.info",
     "object.list",      "object.notify",   "object.share",       "object.statistics", "object.use",
     "process.status",   "queue.status",    "rlock.holding",      "rwlock.holding",    "semaphore.value",
     "session.bell",     "session.list",    "session.place",      "set.contains",      "set.copy",
     "set.len",          "value.get"});

template <Message M>
inline constexpr bool is_read_only = std::ranges::find(read_only_methods, M::method) != read_only_methods.end();

}  // namespace steward::proto
