#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/message.hpp"
#include "proto/object.hpp"

namespace steward::proto::object {

/// What acquire_all wants of one object.
struct Part {
    std::uint64_t object = 0;
    std::uint64_t permits = 1;
    bool shared = false;

    static constexpr auto fields() {
        return fields_of(Field{&Part::object, "object", "id of a lock, rlock, rwlock, semaphore or bounded semaphore"},
                         Field{&Part::permits, "permits", "of a semaphore: how many, 1 or more"},
                         Field{&Part::shared, "shared", "of an rwlock: as a reader"});
    }
};

struct PartGrant {
    std::uint64_t token = 0;
    std::optional<Abandonment> abandoned;

    static constexpr auto fields() {
        return fields_of(
            Field{&PartGrant::token, "token", "fencing token where it is a lock"},
            Field{&PartGrant::abandoned, "abandoned", "who died holding it before; told once; nil: nobody"});
    }
};

struct WaitAny {
    static constexpr std::string_view method = "object.wait_any";
    static constexpr std::string_view purpose =
        "Waits for any of several objects of one user and takes the first that it can get: a lock, a permit, an "
        "event that is set, a queue that has an item, a process that has ended.";

    std::vector<std::uint64_t> objects;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&WaitAny::objects, "objects", "ids; each at most once"},
                         Field{&WaitAny::thread, "thread", "number of the thread that waits"},
                         Field{&WaitAny::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&WaitAny::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        std::optional<std::uint32_t> index;
        std::uint64_t token = 0;
        std::optional<Abandonment> abandoned;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::index, "index", "which of the objects, counted from 0; nil: the time is over"},
                Field{&Result::token, "token", "fencing token where it is a lock"},
                Field{&Result::abandoned, "abandoned", "who died holding the lock before; told once; nil: nobody"});
        }
    };
};

struct AcquireAll {
    static constexpr std::string_view method = "object.acquire_all";
    static constexpr std::string_view purpose =
        "Takes locks and permits of several objects of one user all at once or none; holds none of them while it "
        "waits, in the order of arrival in each line.";

    std::vector<Part> parts;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&AcquireAll::parts, "parts", "what it wants; each object at most once"},
                         Field{&AcquireAll::thread, "thread", "number of the thread that will hold them"},
                         Field{&AcquireAll::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&AcquireAll::where, "where", "line of source that acquires it, for `steward show`"});
    }

    struct Result {
        bool acquired = false;
        std::vector<PartGrant> grants;

        static constexpr auto fields() {
            return fields_of(Field{&Result::acquired, "acquired", "false: the time is over"},
                             Field{&Result::grants, "grants", "for each part, in the order of the request"});
        }
    };
};

struct ReleaseAll {
    static constexpr std::string_view method = "object.release_all";
    static constexpr std::string_view purpose =
        "Gives back what acquire_all took, in one step; nothing is given back where the agent does not hold it all.";

    std::vector<Part> parts;
    std::uint32_t thread = 0;

    static constexpr auto fields() {
        return fields_of(Field{&ReleaseAll::parts, "parts", "as they were acquired"},
                         Field{&ReleaseAll::thread, "thread", "number of the thread that holds them"});
    }
    using Result = Nothing;
};

using SeveralMessages = MessageList<WaitAny, AcquireAll, ReleaseAll>;

}  // namespace steward::proto::object
