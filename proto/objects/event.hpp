#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"

namespace steward::proto::event {

struct Open {
    static constexpr std::string_view method = "event.open";
    static constexpr std::string_view purpose = "Opens an event by name and makes it, clear, where it does not exist.";

    proto::Open open;
    bool auto_reset = false;

    static constexpr auto fields() {
        return fields_of(
            Field{&Open::open, "open", "name and how to open it"},
            Field{&Open::auto_reset, "auto_reset", "the first waiter that goes on clears it; must match what exists"});
    }
    using Result = Opened;
};

struct Set {
    static constexpr std::string_view method = "event.set";
    static constexpr std::string_view purpose =
        "Sets the event: all who wait for it go on, or one where it is auto_reset.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Set::object, "object", "id of the event"}); }
    using Result = Nothing;
};

struct Clear {
    static constexpr std::string_view method = "event.clear";
    static constexpr std::string_view purpose = "Clears the event: who waits from now on waits for the next set.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Clear::object, "object", "id of the event"}); }
    using Result = Nothing;
};

struct IsSet {
    static constexpr std::string_view method = "event.is_set";
    static constexpr std::string_view purpose = "Tells whether the event is set.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&IsSet::object, "object", "id of the event"}); }

    struct Result {
        bool set = false;

        static constexpr auto fields() { return fields_of(Field{&Result::set, "set", "whether it is set"}); }
    };
};

struct Wait {
    static constexpr std::string_view method = "event.wait";
    static constexpr std::string_view purpose = "Waits until the event is set.";

    std::uint64_t object = 0;
    std::uint32_t thread = 0;
    std::optional<std::int64_t> timeout_ns;
    std::string_view where;

    static constexpr auto fields() {
        return fields_of(Field{&Wait::object, "object", "id of the event"},
                         Field{&Wait::thread, "thread", "number of the thread that waits"},
                         Field{&Wait::timeout_ns, "timeout_ns", "nanoseconds to wait, 0: do not; nil: for ever"},
                         Field{&Wait::where, "where", "line of source that waits, for `steward show`"});
    }

    struct Result {
        bool set = false;

        static constexpr auto fields() { return fields_of(Field{&Result::set, "set", "false: the time is over"}); }
    };
};

using Messages = MessageList<Open, Set, Clear, IsSet, Wait>;

}  // namespace steward::proto::event
