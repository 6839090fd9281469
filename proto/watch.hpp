#pragma once

#include <cstdint>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object_type.hpp"
#include "proto/packed.hpp"

namespace steward::proto {

/// A change that a watch saw, as a notification carries it. Without an object: only the number of those that were lost.
struct Change {
    static constexpr std::string_view method = "watch.changed";

    std::uint32_t watch = 0;
    std::uint64_t lost = 0;
    std::uint64_t object = 0;
    ObjectType type = ObjectType::lock;
    std::string_view name;
    std::string_view what;
    Packed key = packed_nil;
    std::uint64_t version = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Change::watch, "watch", "number of the watch"},
            Field{&Change::lost, "lost", "changes before this one that were lost, since the client did not read"},
            Field{&Change::object, "object", "id of the object; 0: no change, only losses"},
            Field{&Change::type, "type", "number of its type"},
            Field{&Change::name, "name", "its name; empty: it has none"},
            Field{&Change::what, "what",
                  "the verb of the request that changed it; or created, removed, abandoned, broken"},
            Field{&Change::key, "key", "key or index that the request named; nil: none"},
            Field{&Change::version, "version", "of the object after the change"});
    }
};

namespace watch {

struct Open {
    static constexpr std::string_view method = "watch.open";
    static constexpr std::string_view purpose =
        "Begins to tell of changes, by notifications watch.changed in the order of their happening: of one object, or "
        "of all whose names begin so and that the caller may read. What a client does not read in time is lost and "
        "counted.";

    std::uint64_t object = 0;
    std::string_view prefix;
    std::uint32_t buffer_bytes = 1 << 20;

    static constexpr auto fields() {
        return fields_of(Field{&Open::object, "object", "id of the object; 0: those of the prefix"},
                         Field{&Open::prefix, "prefix", "names that begin so; empty: all"},
                         Field{&Open::buffer_bytes, "buffer_bytes",
                               "how many bytes may be on their way before changes are lost, at most 4 MiB"});
    }

    struct Result {
        std::uint32_t watch = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::watch, "watch", "number of the watch, within the session"});
        }
    };
};

struct Close {
    static constexpr std::string_view method = "watch.close";
    static constexpr std::string_view purpose = "Ends a watch.";

    std::uint32_t watch = 0;

    static constexpr auto fields() { return fields_of(Field{&Close::watch, "watch", "number of the watch"}); }

    struct Result {
        bool closed = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::closed, "closed", "false where the session has no such watch"});
        }
    };
};

using Messages = MessageList<Open, Close>;

}  // namespace watch
}  // namespace steward::proto
