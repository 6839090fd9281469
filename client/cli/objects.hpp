#pragma once

#include <cstdint>
#include <initializer_list>
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

/// The types that a command can do something with.
using Types = std::initializer_list<proto::ObjectType>;

/// The same, of one of these types. Throws Failure(refused) where it has another.
proto::ObjectInfo find_object(Daemon& daemon, std::string_view name, Types types);

/// The same, or nothing where there is no object of the name. Throws Failure(not_found) for a number that none has.
std::optional<proto::ObjectInfo> try_find_object(Daemon& daemon, std::string_view name);

struct OpenedObject {
    std::uint64_t object = 0;
    proto::ObjectType type = proto::ObjectType::lock;
};

/// The object of a name or number, of one of these types and with any options, to a command that makes it, by this
/// request for the first of the types, where there is none. Throws what find_object() does.
template <proto::Message Open>
OpenedObject open_or_find(Daemon& daemon, const Open& request, Types types) {
    const auto name = request.open.name;
    if (!name.starts_with('#') || !try_find_object(daemon, name)) {
        try {
            return {.object = daemon.call(request)->object, .type = *types.begin()};
        } catch (const Error& error) {
            if (error.code() != errc::wrong_type && error.code() != errc::wrong_options)
                throw;
        }
    }
    const auto object = find_object(daemon, name, types);
    return {.object = object.object, .type = object.type};
}

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
