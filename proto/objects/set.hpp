#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "proto/message.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"
#include "proto/results.hpp"

namespace steward::proto::set {

struct Open {
    static constexpr std::string_view method = "set.open";
    static constexpr std::string_view purpose = "Opens a set by name and makes it where it does not exist.";

    proto::Open open;
    std::vector<Packed> initial;

    static constexpr auto fields() {
        return fields_of(Field{&Open::open, "open", "name and how to open it"},
                         Field{&Open::initial, "initial", "its values at first; count only where it is made"});
    }
    using Result = Opened;
};

struct Add {
    static constexpr std::string_view method = "set.add";
    static constexpr std::string_view purpose = "Adds a value; one that is there stays as it is.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Add::object, "object", "id of the set"},
            Field{&Add::value, "value", "a scalar or an array of them; 1, 1.0 and true are the same value"});
    }

    struct Result {
        bool added = false;

        static constexpr auto fields() { return fields_of(Field{&Result::added, "added", "whether it is new"}); }
    };
};

struct Discard {
    static constexpr std::string_view method = "set.discard";
    static constexpr std::string_view purpose = "Removes a value if it is there.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Discard::object, "object", "id of the set"},
                         ComparedField{&Discard::value, "value",
                                       "a scalar or an array of them; 1, 1.0 and true are the same value"});
    }

    struct Result {
        bool discarded = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::discarded, "discarded", "whether it was there"});
        }
    };
};

struct Remove {
    static constexpr std::string_view method = "set.remove";
    static constexpr std::string_view purpose = "Removes a value; one that is not there: no_such_key.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Remove::object, "object", "id of the set"},
            ComparedField{&Remove::value, "value", "a scalar or an array of them; 1, 1.0 and true are the same value"});
    }
    using Result = Nothing;
};

struct Pop {
    static constexpr std::string_view method = "set.pop";
    static constexpr std::string_view purpose =
        "Removes the value that was added first and returns it; nothing left: empty.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Pop::object, "object", "id of the set"}); }
    using Result = ValueResult;
};

struct Update {
    static constexpr std::string_view method = "set.update";
    static constexpr std::string_view purpose = "Adds several values, all or none.";

    std::uint64_t object = 0;
    std::vector<Packed> values;

    static constexpr auto fields() {
        return fields_of(Field{&Update::object, "object", "id of the set"},
                         Field{&Update::values, "values", "added in order"});
    }
    using Result = Nothing;
};

struct Copy {
    static constexpr std::string_view method = "set.copy";
    static constexpr std::string_view purpose = "Returns all values, in the order in which they were added.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Copy::object, "object", "id of the set"}); }
    using Result = ValuesResult;
};

struct Clear {
    static constexpr std::string_view method = "set.clear";
    static constexpr std::string_view purpose = "Removes all values.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Clear::object, "object", "id of the set"}); }
    using Result = Nothing;
};

struct Contains {
    static constexpr std::string_view method = "set.contains";
    static constexpr std::string_view purpose = "Tells whether a value is there.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Contains::object, "object", "id of the set"},
                         ComparedField{&Contains::value, "value",
                                       "a scalar or an array of them; 1, 1.0 and true are the same value"});
    }

    struct Result {
        bool contains = false;

        static constexpr auto fields() { return fields_of(Field{&Result::contains, "contains", "whether it is"}); }
    };
};

struct Len {
    static constexpr std::string_view method = "set.len";
    static constexpr std::string_view purpose = "Counts the values.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Len::object, "object", "id of the set"}); }

    struct Result {
        std::uint64_t len = 0;

        static constexpr auto fields() { return fields_of(Field{&Result::len, "len", "how many"}); }
    };
};

using Messages = MessageList<Open, Add, Discard, Remove, Pop, Update, Copy, Clear, Contains, Len>;

}  // namespace steward::proto::set
