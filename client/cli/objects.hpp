#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/daemon.hpp"
#include "client/cli/json.hpp"
#include "proto/object.hpp"

namespace steward::cli {

/// The object of a name or, where none is called so, of a number as in "#4711". Throws Failure(not_found).
proto::ObjectInfo find_object(Daemon& daemon, std::string_view name);

/// The same, of this type. Throws Failure(refused) where it has another.
proto::ObjectInfo find_object(Daemon& daemon, std::string_view name, proto::ObjectType type);

/// The same, or nothing where there is no object of the name. Throws Failure(not_found) for a number that none has.
std::optional<proto::ObjectInfo> try_find_object(Daemon& daemon, std::string_view name);

/// All objects that the user may read whose names begin with a prefix, by name.
std::vector<proto::ObjectInfo> list_objects(Daemon& daemon, std::string_view prefix,
                                            std::optional<proto::ObjectType> type);

/// The same, and behind them those without a name, by number.
std::vector<proto::ObjectInfo> list_objects_and_nameless(Daemon& daemon, std::optional<proto::ObjectType> type);

/// An object as `--json` shows it: its description with `id`, `name` null where it has none, `mode` as a string
/// ("0660") and `holder`, who alone holds a lock, or null; who does so has its `token`.
Json object_json(const proto::ObjectInfo& object);

/// "cache/rebuild", or "#4711" where it has none.
std::string name_of(const proto::ObjectInfo& object);

/// "lock 'cache/rebuild'", "rlock #4711".
std::string title(const proto::ObjectInfo& object);

/// "pid 4711 make -j4 (thread 1)".
std::string agent_text(const proto::AgentInfo& agent);

/// Who holds the object, for messages: "held by pid 4711 (make -j4) since 3m12s"; permits may have several holders.
std::string holders_text(const proto::ObjectInfo& object);

}  // namespace steward::cli
