#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"

namespace steward::proto::barrier {

struct Open {
    static constexpr std::string_view method = "barrier.open";
    static constexpr std::string_view purpose = "Opens a barrier by name and makes it where it does not exist.";

    proto::Open open;
    std::int64_t parties = 1;

    static constexpr auto fields() {
        return fields_of(Field{&Open::open, "open", "name and how to open it"},
                         Field{&Open::parties, "parties", "how many go through together; must match what exists"});
    }
    using Result = Opened;
};

struct Wait {
    static constexpr std::string_view method = "barrier.wait";
    static constexpr std::string_view purpose =
        "Waits until all parties are there. One whose time is over breaks the barrier, as one that dies does: the "
        "others get broken_barrier.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Wait::object, "object", "id of the barrier"},
                         Field{&Wait::thread, "thread", "number of the thread that waits"},
                         Field{&Wait::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Wait::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        bool passed = false;
        std::uint64_t index = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::passed, "passed", "false: the time is over, and the barrier is broken"},
                             Field{&Result::index, "index", "0 for the first that came, parties - 1 for the last"});
        }
    };
};

struct Abort {
    static constexpr std::string_view method = "barrier.abort";
    static constexpr std::string_view purpose =
        "Breaks the barrier: who waits and who comes gets broken_barrier, until it is reset.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Abort::object, "object", "id of the barrier"}); }
    using Result = Nothing;
};

struct Reset {
    static constexpr std::string_view method = "barrier.reset";
    static constexpr std::string_view purpose = "Makes the barrier as new; who waits gets broken_barrier.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Reset::object, "object", "id of the barrier"}); }
    using Result = Nothing;
};

struct Status {
    static constexpr std::string_view method = "barrier.status";
    static constexpr std::string_view purpose = "Tells how many wait, and whether it is broken.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Status::object, "object", "id of the barrier"}); }

    struct Result {
        std::int64_t parties = 0;
        std::uint64_t n_waiting = 0;
        bool broken = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::parties, "parties", "how many go through together"},
                             Field{&Result::n_waiting, "n_waiting", "how many wait"},
                             Field{&Result::broken, "broken", "whether it is broken"});
        }
    };
};

using Messages = MessageList<Open, Wait, Abort, Reset, Status>;

}  // namespace steward::proto::barrier
