#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/cli/daemon.hpp"
#include "client/cli/json.hpp"
#include "proto/object.hpp"

namespace steward::cli {

/// The object of a name. Throws Failure(not_found).
proto::ObjectInfo find_object(Daemon& daemon, std::string_view name);

/// The same, or nothing where there is none.
std::optional<proto::ObjectInfo> try_find_object(Daemon& daemon, std::string_view name);

/// All objects that the user may read whose names begin with a prefix, by name.
std::vector<proto::ObjectInfo> list_objects(Daemon& daemon, std::string_view prefix,
                                            std::optional<proto::ObjectType> type);

/// An object as `--json` shows it: its description with `mode` as a string ("0660") and `holder`, who alone holds a
/// lock, or null.
Json object_json(const proto::ObjectInfo& object);

/// "lock 'cache/rebuild'".
std::string title(const proto::ObjectInfo& object);

/// Who holds the object, for messages: "held by pid 4711 (make -j4) since 3m12s"; permits may have several holders.
std::string holders_text(const proto::ObjectInfo& object);

}  // namespace steward::cli
