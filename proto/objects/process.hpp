#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"

namespace steward::proto::process {

struct Open {
    static constexpr std::string_view method = "process.open";
    static constexpr std::string_view purpose =
        "Opens a process, so that its end can be waited for; it is kept as long as a session has it open. A pid "
        "that no process has is no_such_object.";

    std::int32_t pid = 0;

    static constexpr auto fields() { return fields_of(Field{&Open::pid, "pid", "process id, as the daemon sees it"}); }
    using Result = Opened;
};

struct Wait {
    static constexpr std::string_view method = "process.wait";
    static constexpr std::string_view purpose = "Waits until the process has ended.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Wait::object, "object", "id of the process"},
                         Field{&Wait::thread, "thread", "number of the thread that waits"},
                         Field{&Wait::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Wait::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        bool ended = false;

        static constexpr auto fields() { return fields_of(Field{&Result::ended, "ended", "false: the time is over"}); }
    };
};

struct Status {
    static constexpr std::string_view method = "process.status";
    static constexpr std::string_view purpose = "Tells which process it is, and whether that has ended.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Status::object, "object", "id of the process"}); }

    struct Result {
        std::int32_t pid = 0;
        bool ended = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::pid, "pid", "process id, which another may have once it has ended"},
                             Field{&Result::ended, "ended", "whether it has"});
        }
    };
};

using Messages = MessageList<Open, Wait, Status>;

}  // namespace steward::proto::process
