#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"

namespace steward::proto::condition {

struct Open {
    static constexpr std::string_view method = "condition.open";
    static constexpr std::string_view purpose = "Opens a condition by name and makes it where it does not exist.";

    proto::Open open;
    std::optional<std::uint64_t> lock;

    static constexpr auto fields() {
        return fields_of(
            Field{&Open::open, "open", "name and how to open it"},
            Field{&Open::lock, "lock",
                  "id of its lock or rlock, of the same user; must match what exists; nil: an rlock of its own"});
    }

    struct Result {
        std::uint64_t object = 0;
        bool created = false;
        std::uint64_t lock = 0;
        ObjectType lock_type = ObjectType::rlock;
        std::uint32_t lock_word = 0;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::object, "object", "id of the condition; never used again for another"},
                Field{&Result::created, "created", "whether this request made it"},
                Field{&Result::lock, "lock", "id of its lock"},
                Field{&Result::lock_type, "lock_type", "number of the lock's type: lock or rlock"},
                Field{&Result::lock_word, "lock_word", "line of the lock's word, as of an object that is opened"});
        }
    };
};

struct Wait {
    static constexpr std::string_view method = "condition.wait";
    static constexpr std::string_view purpose =
        "Gives the lock up, however often the agent holds it, waits until it is notified, and takes the lock back "
        "with its count; also when the time is over. An agent that does not hold the lock is not_owner.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Wait::object, "object", "id of the condition"},
                         Field{&Wait::thread, "thread", "number of the thread that holds the lock"},
                         Field{&Wait::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Wait::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        bool notified = false;
        std::uint64_t token = 0;
        std::optional<Abandonment> abandoned;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::notified, "notified", "false: the time was over first"},
                Field{&Result::token, "token", "fencing token of the lock's new acquisition"},
                Field{&Result::abandoned, "abandoned", "who died holding the lock meanwhile; told once; nil: nobody"});
        }
    };
};

struct Notify {
    static constexpr std::string_view method = "condition.notify";
    static constexpr std::string_view purpose =
        "Wakes the first of those who wait; each goes on when it has the lock back. Who does not hold the lock is "
        "not_owner.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::uint64_t count = 1;

    static constexpr auto fields() {
        return fields_of(Field{&Notify::object, "object", "id of the condition"},
                         Field{&Notify::thread, "thread", "number of the thread that holds the lock"},
                         Field{&Notify::count, "count", "how many to wake at most"});
    }

    struct Result {
        std::uint64_t woken = 0;

        static constexpr auto fields() { return fields_of(Field{&Result::woken, "woken", "how many were woken"}); }
    };
};

struct NotifyAll {
    static constexpr std::string_view method = "condition.notify_all";
    static constexpr std::string_view purpose = "Wakes all who wait. Who does not hold the lock is not_owner.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;

    static constexpr auto fields() {
        return fields_of(Field{&NotifyAll::object, "object", "id of the condition"},
                         Field{&NotifyAll::thread, "thread", "number of the thread that holds the lock"});
    }

    struct Result {
        std::uint64_t woken = 0;

        static constexpr auto fields() { return fields_of(Field{&Result::woken, "woken", "how many were woken"}); }
    };
};

struct Status {
    static constexpr std::string_view method = "condition.status";
    static constexpr std::string_view purpose = "Tells which lock it uses.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Status::object, "object", "id of the condition"}); }

    struct Result {
        std::optional<std::uint64_t> lock;
        ObjectType lock_type = ObjectType::rlock;
        bool own = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::lock, "lock", "id of its lock; nil: that was removed"},
                             Field{&Result::lock_type, "lock_type", "number of the lock's type: lock or rlock"},
                             Field{&Result::own, "own", "whether it is an rlock of its own, without a name"});
        }
    };
};

using Messages = MessageList<Open, Wait, Notify, NotifyAll, Status>;

}  // namespace steward::proto::condition
