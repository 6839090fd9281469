#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"

namespace steward::proto::lock {

struct Open {
    static constexpr std::string_view method = "lock.open";
    static constexpr std::string_view purpose = "Opens a lock by name and makes it where it does not exist.";

    proto::Open open;
    bool transferable = false;
    bool fair = false;

    static constexpr auto fields() {
        return fields_of(Field{&Open::open, "open", "name and how to open it"},
                         Field{&Open::transferable, "transferable", "anyone may release it; must match what exists"},
                         Field{&Open::fair, "fair", "nobody slips in before those who wait; must match what exists"});
    }
    using Result = Opened;
};

struct Acquire {
    static constexpr std::string_view method = "lock.acquire";
    static constexpr std::string_view purpose =
        "Takes the lock; waits in line while another holds it. An agent that holds it and would wait without a "
        "time-out is refused with deadlock.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;
    bool by_word = false;
    std::uint32_t bell = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Acquire::object, "object", "id of the lock"},
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
    static constexpr std::string_view method = "lock.release";
    static constexpr std::string_view purpose = "Gives the lock back; the first in line gets it.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Release::object, "object", "id of the lock"},
            Field{&Release::thread, "thread",
                  "number of the thread that owns it; another is not_owner unless the lock is transferable"});
    }
    using Result = Nothing;
};

struct Holding {
    static constexpr std::string_view method = "lock.holding";
    static constexpr std::string_view purpose = "Tells whether the lock is held, and whether by this agent.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Holding::object, "object", "id of the lock"},
                         Field{&Holding::thread, "thread", "number of the thread that asks"});
    }

    struct Result {
        bool locked = false;
        std::optional<std::uint64_t> token;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::locked, "locked", "whether anybody holds it"},
                Field{&Result::token, "token", "fencing token where the agent holds it; nil: it does not"});
        }
    };
};

using Messages = MessageList<Open, Acquire, Release, Holding>;

}  // namespace steward::proto::lock
