#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "proto/message.hpp"

namespace steward::detail {

/// The requests that change nothing, by their whole names: `queue.get` takes, where `dict.get` looks. One of these
/// whose reply was lost with the connection is made again; of all others nobody knows whether they were carried out.
inline constexpr std::array repeatable_methods = std::to_array<std::string_view>(
    {"array.get",         "array.get_slice", "array.len",          "barrier.status", "bounded_semaphore.value",
     "condition.status",  "daemon.status",   "dict.contains",      "dict.get",       "dict.items",
     "dict.keys",         "dict.len",        "dict.values",        "event.is_set",   "list.contains",
     "list.copy",         "list.count",      "list.get",           "list.get_slice", "list.index",
     "list.len",          "lock.holding",    "namespace.contains", "namespace.copy", "namespace.get",
     "namespace.names",   "object.find",     "object.info",        "object.list",    "object.share",
     "object.statistics", "process.status",  "queue.status",       "rlock.holding",  "rwlock.holding",
     "semaphore.value",   "session.list",    "session.place",      "set.contains",   "set.copy",
     "set.len",           "value.get"});

template <proto::Message M>
inline constexpr bool is_repeatable = std::ranges::find(repeatable_methods, M::method) != repeatable_methods.end();

}  // namespace steward::detail
