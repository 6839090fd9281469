#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"

namespace steward::proto::bounded_semaphore {

struct Open {
    static constexpr std::string_view method = "bounded_semaphore.open";
    static constexpr std::string_view purpose =
        "Opens a bounded semaphore by name and makes it where it does not exist.";

    proto::Open open;
    std::int64_t permits = 1;
    bool recover = true;

    static constexpr auto fields() {
        return fields_of(
            Field{&Open::open, "open", "name and how to open it"},
            Field{&Open::permits, "permits", "free permits at first, and never more; must match what exists"},
            Field{&Open::recover, "recover",
                  "permits that a process held when it died return; must match what exists"});
    }
    using Result = Opened;
};

struct Acquire {
    static constexpr std::string_view method = "bounded_semaphore.acquire";
    static constexpr std::string_view purpose = "Takes a permit; waits in line while there is none.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Acquire::object, "object", "id of the bounded semaphore"},
                         Field{&Acquire::thread, "thread", "number of the thread that will hold it"},
                         Field{&Acquire::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Acquire::where, "where", "line of source that acquires it, for `steward show`"});
    }

    struct Result {
        bool acquired = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::acquired, "acquired", "false: the time is over"});
        }
    };
};

struct Release {
    static constexpr std::string_view method = "bounded_semaphore.release";
    static constexpr std::string_view purpose =
        "Gives permits back; more than there were at first is semaphore_overflow.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::int64_t permits = 1;

    static constexpr auto fields() {
        return fields_of(Field{&Release::object, "object", "id of the bounded semaphore"},
                         Field{&Release::thread, "thread", "number of the thread that gives them back"},
                         Field{&Release::permits, "permits", "how many"});
    }
    using Result = Nothing;
};

struct Value {
    static constexpr std::string_view method = "bounded_semaphore.value";
    static constexpr std::string_view purpose = "Tells how many permits are free, and whether they return.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Value::object, "object", "id of the bounded semaphore"}); }

    struct Result {
        std::int64_t permits = 0;
        std::int64_t bound = 0;
        bool recover = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::permits, "permits", "free permits"},
                             Field{&Result::bound, "bound", "permits in all"},
                             Field{&Result::recover, "recover", "as it was made with"});
        }
    };
};

using Messages = MessageList<Open, Acquire, Release, Value>;

}  // namespace steward::proto::bounded_semaphore
