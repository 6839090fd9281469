#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"

namespace steward::proto::rwlock {

struct Open {
    static constexpr std::string_view method = "rwlock.open";
    static constexpr std::string_view purpose =
        "Opens a readers-writer lock by name and makes it where it does not exist.";

    proto::Open open;

    static constexpr auto fields() { return fields_of(Field{&Open::open, "open", "name and how to open it"}); }
    using Result = Opened;
};

struct Acquire {
    static constexpr std::string_view method = "rwlock.acquire";
    static constexpr std::string_view purpose =
        "Takes the lock for the agent alone; waits in line while anybody holds it.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;
    bool by_word = false;
    std::uint32_t bell = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Acquire::object, "object", "id of the rwlock"},
            Field{&Acquire::thread, "thread", "number of the thread that will own it"},
            Field{&Acquire::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
            Field{&Acquire::where, "where", "line of source that acquires it, for `steward show`"},
            Field{&Acquire::by_word, "by_word", "the client takes the lock by its word where it is offered there"},
            Field{&Acquire::bell, "bell", "of the session: the client listens to it while it waits; 0: to none"});
    }

    struct Result {
        bool acquired = false;
        std::uint64_t token = 0;
        std::optional<Abandonment> abandoned;
        bool offered = false;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::acquired, "acquired", "false: the time is over, or see `offered`"},
                Field{&Result::token, "token", "fencing token of this acquisition"},
                Field{&Result::abandoned, "abandoned", "who died holding it before; told once; nil: nobody"},
                Field{&Result::offered, "offered", "it is the agent's if it takes it by its word; if not, ask again"});
        }
    };
};

struct Release {
    static constexpr std::string_view method = "rwlock.release";
    static constexpr std::string_view purpose = "Gives the exclusive hold back.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Release::object, "object", "id of the rwlock"},
                         Field{&Release::thread, "thread", "number of the thread that owns it; another is not_owner"});
    }
    using Result = Nothing;
};

struct AcquireShared {
    static constexpr std::string_view method = "rwlock.acquire_shared";
    static constexpr std::string_view purpose =
        "Takes the lock beside other readers; waits in line while somebody holds it alone, and behind those who "
        "came before.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(
            Field{&AcquireShared::object, "object", "id of the rwlock"},
            Field{&AcquireShared::thread, "thread", "number of the thread that will hold it"},
            Field{&AcquireShared::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
            Field{&AcquireShared::where, "where", "line of source that acquires it, for `steward show`"});
    }

    struct Result {
        bool acquired = false;
        std::optional<Abandonment> abandoned;

        static constexpr auto fields() {
            return fields_of(Field{&Result::acquired, "acquired", "false: the time is over"},
                             Field{&Result::abandoned, "abandoned",
                                   "who died holding it alone, where no writer has come since; nil: nobody"});
        }
    };
};

struct ReleaseShared {
    static constexpr std::string_view method = "rwlock.release_shared";
    static constexpr std::string_view purpose = "Gives a reader's hold back.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&ReleaseShared::object, "object", "id of the rwlock"},
            Field{&ReleaseShared::thread, "thread", "number of the thread that holds it; another is not_owner"});
    }
    using Result = Nothing;
};

struct Holding {
    static constexpr std::string_view method = "rwlock.holding";
    static constexpr std::string_view purpose = "Tells how the lock is held, and whether by this agent.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Holding::object, "object", "id of the rwlock"},
                         Field{&Holding::thread, "thread", "number of the thread that asks"});
    }

    struct Result {
        bool locked = false;
        std::uint64_t readers = 0;
        std::optional<std::uint64_t> token;
        bool shared = false;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::locked, "locked", "whether somebody holds it alone"},
                Field{&Result::readers, "readers", "holds of readers"},
                Field{&Result::token, "token", "fencing token where the agent holds it alone; nil: it does not"},
                Field{&Result::shared, "shared", "whether the agent holds it as a reader"});
        }
    };
};

using Messages = MessageList<Open, Acquire, Release, AcquireShared, ReleaseShared, Holding>;

}  // namespace steward::proto::rwlock
