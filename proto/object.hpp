#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/message.hpp"
#include "proto/object_type.hpp"

namespace steward::proto {

/// What to do where an object of the name exists, or does not.
enum class OpenMode : std::uint8_t { open_or_create = 0, create_only = 1, open_only = 2 };

/// How every type is opened by name. Mode and ephemeral count only where the object is made.
struct Open {
    std::string_view name;
    OpenMode open_mode = OpenMode::open_or_create;
    std::uint16_t mode = 0600;
    bool ephemeral = false;

    static constexpr auto fields() {
        return fields_of(
            Field{&Open::name, "name",
                  "1 to 255 bytes of UTF-8 without control characters; empty: a new object without a name"},
            Field{&Open::open_mode, "open_mode", "0 open or create, 1 create only, 2 open only"},
            Field{&Open::mode, "mode", "permission bits for owner, group and others, as of a file"},
            Field{&Open::ephemeral, "ephemeral",
                  "removed when no session and no other object uses it; always so without a name"});
    }
};

struct Opened {
    std::uint64_t object = 0;
    bool created = false;
    std::uint32_t word = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Opened::object, "object", "id of the object; never used again for another"},
            Field{&Opened::created, "created", "whether this request made it"},
            Field{&Opened::word, "word", "line of its word in the words that the session shares; 0: ask the daemon"});
    }
};

/// Who died holding a lock.
struct Abandonment {
    std::int32_t pid = 0;
    std::uint32_t uid = 0;
    std::string command;
    std::int64_t when_ns = 0;
    std::int64_t held_for_ns = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Abandonment::pid, "pid", "process id of the dead holder"},
                         Field{&Abandonment::uid, "uid", "its user"},
                         Field{&Abandonment::command, "command", "its command"},
                         Field{&Abandonment::when_ns, "when_ns", "when it was noticed, nanoseconds since 1970"},
                         Field{&Abandonment::held_for_ns, "held_for_ns", "how long it had held, nanoseconds"});
    }
};

/// One that holds an object or waits for it.
struct AgentInfo {
    std::uint32_t session = 0;
    std::uint32_t thread = 0;
    std::int32_t pid = 0;
    std::uint32_t uid = 0;
    std::string command;
    std::int64_t since_ms = 0;
    std::uint64_t amount = 1;
    std::optional<std::int64_t> timeout_ms;
    std::string where;
    std::string unit;

    static constexpr auto fields() {
        return fields_of(
            Field{&AgentInfo::session, "session", "number of the session"},
            Field{&AgentInfo::thread, "thread", "number of the thread within the session"},
            Field{&AgentInfo::pid, "pid", "process id"}, Field{&AgentInfo::uid, "uid", "user id"},
            Field{&AgentInfo::command, "command", "command line"},
            Field{&AgentInfo::since_ms, "since_ms", "age of the hold or wait, milliseconds"},
            Field{&AgentInfo::amount, "amount", "permits held or wanted"},
            Field{&AgentInfo::timeout_ms, "timeout_ms", "of a waiter: time left, milliseconds; nil: no time-out"},
            Field{&AgentInfo::where, "where", "line of source that acquired it or waits for it; may be empty"},
            Field{&AgentInfo::unit, "unit", "systemd unit or cgroup of the process; empty: unknown"});
    }
};

struct ObjectInfo {
    std::uint64_t object = 0;
    std::string name;
    ObjectType type = ObjectType::lock;
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    std::uint16_t mode = 0;
    bool ephemeral = false;
    std::string state;
    std::uint64_t count = 0;
    std::optional<std::uint64_t> token;
    std::vector<AgentInfo> holders;
    std::vector<AgentInfo> waiters;
    std::optional<Abandonment> abandoned;
    std::uint64_t operations = 0;
    std::uint64_t waits = 0;
    std::uint64_t version = 0;
    std::uint32_t references = 0;
    std::uint32_t users = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&ObjectInfo::object, "object", "id of the object"}, Field{&ObjectInfo::name, "name", "its name"},
            Field{&ObjectInfo::type, "type", "number of its type"},
            Field{&ObjectInfo::owner, "owner", "user id of its owner"}, Field{&ObjectInfo::group, "group", "group id"},
            Field{&ObjectInfo::mode, "mode", "permission bits"},
            Field{&ObjectInfo::ephemeral, "ephemeral", "goes with its last session"},
            Field{&ObjectInfo::state, "state", "its state in a word or two"},
            Field{&ObjectInfo::count, "count", "permits free, items held, 1 where held or set"},
            Field{&ObjectInfo::token, "token", "fencing token of the last acquisition; nil where there is none"},
            Field{&ObjectInfo::holders, "holders", "who holds it"},
            Field{&ObjectInfo::waiters, "waiters", "who waits for it, first come first"},
            Field{&ObjectInfo::abandoned, "abandoned", "who died holding it last; nil: nobody"},
            Field{&ObjectInfo::operations, "operations", "requests answered, since it was made"},
            Field{&ObjectInfo::waits, "waits", "requests that had to wait, since it was made"},
            Field{&ObjectInfo::version, "version", "grows with every change"},
            Field{&ObjectInfo::references, "references", "how often other objects refer to it"},
            Field{&ObjectInfo::users, "users", "sessions that use it, where it goes with the last of them"});
    }
};

namespace object {

struct Find {
    static constexpr std::string_view method = "object.find";
    static constexpr std::string_view purpose = "Describes the object of a name, with its holders and waiters.";

    std::string_view name;

    static constexpr auto fields() { return fields_of(Field{&Find::name, "name", "name of the object"}); }
    using Result = ObjectInfo;
};

struct Info {
    static constexpr std::string_view method = "object.info";
    static constexpr std::string_view purpose = "Describes an object, with its holders and waiters.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Info::object, "object", "id of the object"}); }
    using Result = ObjectInfo;
};

struct Statistics {
    static constexpr std::string_view method = "object.statistics";
    static constexpr std::string_view purpose =
        "Tells how often an object was acquired, waited for and held, and how long.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Statistics::object, "object", "id of the object"}); }

    struct Result {
        std::uint64_t acquisitions = 0;
        std::uint64_t operations = 0;
        std::uint64_t waiting = 0;
        std::uint64_t waited = 0;
        std::uint64_t wait_total_ns = 0;
        std::uint64_t wait_longest_ns = 0;
        std::uint64_t hold_total_ns = 0;
        std::uint64_t hold_longest_ns = 0;
        std::vector<std::uint64_t> waits;
        std::vector<std::uint64_t> holds;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::acquisitions, "acquisitions", "of a lock or permits, since it was made"},
                Field{&Result::operations, "operations", "changes by requests, since it was made"},
                Field{&Result::waiting, "waiting", "requests that wait now"},
                Field{&Result::waited, "waited", "requests that had to wait, since it was made"},
                Field{&Result::wait_total_ns, "wait_total_ns", "how long those waited that got it, nanoseconds"},
                Field{&Result::wait_longest_ns, "wait_longest_ns", "the longest of these waits, nanoseconds"},
                Field{&Result::hold_total_ns, "hold_total_ns",
                      "how long a lock was held, since somebody had to wait first; nanoseconds; estimated where it was "
                      "held by its word"},
                Field{&Result::hold_longest_ns, "hold_longest_ns", "the longest of these holds, nanoseconds"},
                Field{&Result::waits, "waits",
                      "how many waited so long: element i less than 2^i nanoseconds and not less than half of it"},
                Field{&Result::holds, "holds",
                      "the same of holds, since somebody had to wait first; those by the word are sampled, 1 in 64"});
        }
    };
};

struct List {
    static constexpr std::string_view method = "object.list";
    static constexpr std::string_view purpose =
        "Lists the objects that the caller may read, a page at a time and in no order.";

    std::string_view prefix;
    std::optional<ObjectType> type;
    std::uint64_t cursor = 0;
    std::uint32_t limit = 1000;
    bool nameless = false;

    static constexpr auto fields() {
        return fields_of(Field{&List::prefix, "prefix", "only names that begin so"},
                         Field{&List::type, "type", "only this type; nil: all"},
                         Field{&List::cursor, "cursor", "0, then what the page before said"},
                         Field{&List::limit, "limit", "objects to look at for this page, at most 1000"},
                         Field{&List::nameless, "nameless", "those without a name too, where the prefix is empty"});
    }

    struct Result {
        std::vector<ObjectInfo> objects;
        std::uint64_t cursor = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::objects, "objects", "this page; may be empty before the end"},
                             Field{&Result::cursor, "cursor", "where the next page begins; 0 at the end"});
        }
    };
};

struct Remove {
    static constexpr std::string_view method = "object.remove";
    static constexpr std::string_view purpose =
        "Removes an object; those who wait for it are told. For its owner and root.";

    std::string_view name;
    std::uint64_t id = 0;  ///< not called `object`: what becomes of it is no ordinary change

    static constexpr auto fields() {
        return fields_of(Field{&Remove::name, "name", "name of the object; empty: the object of the id"},
                         Field{&Remove::id, "object", "id of an object, where the name is empty"});
    }

    struct Result {
        bool removed = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::removed, "removed", "false where there was none"});
        }
    };
};

struct Use {
    static constexpr std::string_view method = "object.use";
    static constexpr std::string_view purpose =
        "The session uses an object that it knows by its id, as a forked child does, and gets one receipt for it.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Use::object, "object", "id of the object"}); }

    struct Result {
        ObjectType type = ObjectType::lock;

        static constexpr auto fields() { return fields_of(Field{&Result::type, "type", "number of its type"}); }
    };
};

struct Drop {
    static constexpr std::string_view method = "object.drop";
    static constexpr std::string_view purpose =
        "The session gives back receipts for an object; with the last of them it no longer uses the object.";

    std::uint64_t object = 0;
    std::uint64_t receipts = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Drop::object, "object", "id of the object; one that is gone is no error"},
                         Field{&Drop::receipts, "receipts", "how many; more than it has count as all"});
    }
    using Result = Nothing;
    static constexpr bool one_way = true;
};

struct Share {
    static constexpr std::string_view method = "object.share";
    static constexpr std::string_view purpose =
        "The session would use the object's word without asking, as after opening it: for an object that it was told of.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Share::object, "object", "id of the object"}); }

    struct Result {
        std::uint32_t word = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::word, "word", "line of its word; 0: ask the daemon"});
        }
    };
};

struct Notify {
    static constexpr std::string_view method = "object.notify";
    static constexpr std::string_view purpose =
        "Something was given back by the object's word while somebody waits for it: the daemon passes it on.";

    std::uint64_t object = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Notify::object, "object", "id of the object; one that is gone is no error"});
    }
    using Result = Nothing;
    static constexpr bool one_way = true;
};

struct Held {
    static constexpr std::string_view method = "object.held";
    static constexpr std::string_view purpose =
        "For how long an object was held by its word, which the daemon does not see: a sample, for its statistics.";

    std::uint64_t object = 0;
    std::uint64_t held_ns = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Held::object, "object", "id of the object; one that is gone is no error"},
                         Field{&Held::held_ns, "held_ns", "nanoseconds"});
    }
    using Result = Nothing;
    static constexpr bool one_way = true;
};

struct Break {
    static constexpr std::string_view method = "object.break";
    static constexpr std::string_view purpose =
        "Takes a lock or permits from those who hold them and passes them on. For its owner and root.";

    std::string_view name;
    std::uint64_t id = 0;  ///< not called `object`: what becomes of it is no ordinary change

    static constexpr auto fields() {
        return fields_of(Field{&Break::name, "name", "name of the object; empty: the object of the id"},
                         Field{&Break::id, "object", "id of an object, where the name is empty"});
    }

    struct Result {
        std::vector<AgentInfo> holders;

        static constexpr auto fields() {
            return fields_of(Field{&Result::holders, "holders", "from whom it was taken"});
        }
    };
};

}  // namespace object
}  // namespace steward::proto
