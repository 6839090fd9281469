#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"

namespace steward::proto::queue {

struct Open {
    static constexpr std::string_view method = "queue.open";
    static constexpr std::string_view purpose = "Opens a queue by name and makes it where it does not exist.";

    proto::Open open;
    std::int64_t max_size = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Open::open, "open", "name and how to open it"},
                         Field{&Open::max_size, "max_size",
                               "items it holds at most, 0 or less: any number; must match what exists"});
    }
    using Result = Opened;
};

struct Put {
    static constexpr std::string_view method = "queue.put";
    static constexpr std::string_view purpose = "Adds an item at the end; waits in line while the queue is full.";

    std::uint64_t object = 0;
    Packed value = packed_nil;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Put::object, "object", "id of the queue"},
                         Field{&Put::value, "value", "a MessagePack value"},
                         Field{&Put::thread, "thread", "number of the thread that puts it"},
                         Field{&Put::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Put::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        bool put = false;

        static constexpr auto fields() { return fields_of(Field{&Result::put, "put", "false: the time is over"}); }
    };
};

struct Get {
    static constexpr std::string_view method = "queue.get";
    static constexpr std::string_view purpose = "Takes the first item; waits in line while the queue is empty.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Get::object, "object", "id of the queue"},
                         Field{&Get::thread, "thread", "number of the thread that gets it"},
                         Field{&Get::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Get::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        bool found = false;
        Packed value = packed_nil;

        static constexpr auto fields() {
            return fields_of(Field{&Result::found, "found", "false: the time is over"},
                             Field{&Result::value, "value", "a MessagePack value"});
        }
    };
};

struct Take {
    static constexpr std::string_view method = "queue.take";
    static constexpr std::string_view purpose =
        "Takes the first item until the agent says queue.done or queue.give_back; one whose taker dies returns to "
        "the head. Waits in line while the queue is empty.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Take::object, "object", "id of the queue"},
                         Field{&Take::thread, "thread", "number of the thread that takes it"},
                         Field{&Take::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Take::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        bool found = false;
        Packed value = packed_nil;
        std::uint64_t item = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::found, "found", "false: the time is over"},
                             Field{&Result::value, "value", "a MessagePack value"},
                             Field{&Result::item, "item", "number of the item, for queue.done"});
        }
    };
};

struct Done {
    static constexpr std::string_view method = "queue.done";
    static constexpr std::string_view purpose =
        "An item that was taken is done with: it does not return, and counts as task_done.";

    std::uint64_t object = 0;
    std::uint64_t item = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Done::object, "object", "id of the queue"},
            Field{&Done::item, "item", "number of the item; one that the session has not taken is no_such_value"});
    }
    using Result = Nothing;
};

struct GiveBack {
    static constexpr std::string_view method = "queue.give_back";
    static constexpr std::string_view purpose = "An item that was taken returns to the head of the queue.";

    std::uint64_t object = 0;
    std::uint64_t item = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&GiveBack::object, "object", "id of the queue"},
            Field{&GiveBack::item, "item", "number of the item; one that the session has not taken is no_such_value"});
    }
    using Result = Nothing;
};

struct TaskDone {
    static constexpr std::string_view method = "queue.task_done";
    static constexpr std::string_view purpose =
        "One item that was got is done with; more than were put is invalid_argument.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&TaskDone::object, "object", "id of the queue"}); }
    using Result = Nothing;
};

struct Join {
    static constexpr std::string_view method = "queue.join";
    static constexpr std::string_view purpose = "Waits until every item that was put is done with.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Join::object, "object", "id of the queue"},
                         Field{&Join::thread, "thread", "number of the thread that waits"},
                         Field{&Join::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Join::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        bool joined = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::joined, "joined", "false: the time is over"});
        }
    };
};

struct Status {
    static constexpr std::string_view method = "queue.status";
    static constexpr std::string_view purpose = "Tells how many items it holds.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Status::object, "object", "id of the queue"}); }

    struct Result {
        std::uint64_t size = 0;
        std::int64_t max_size = 0;
        std::uint64_t taken = 0;
        std::uint64_t unfinished = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::size, "size", "items that wait to be got"},
                             Field{&Result::max_size, "max_size", "items it holds at most; 0: any number"},
                             Field{&Result::taken, "taken", "items that are taken and not done"},
                             Field{&Result::unfinished, "unfinished", "items put and not done with"});
        }
    };
};

using Messages = MessageList<Open, Put, Get, Take, Done, GiveBack, TaskDone, Join, Status>;

}  // namespace steward::proto::queue
