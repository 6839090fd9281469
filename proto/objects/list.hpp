#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/message.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"
#include "proto/results.hpp"

namespace steward::proto::list {

struct Open {
    static constexpr std::string_view method = "list.open";
    static constexpr std::string_view purpose = "Opens a list by name and makes it where it does not exist.";

    proto::Open open;
    std::vector<Packed> initial;

    static constexpr auto fields() {
        return fields_of(Field{&Open::open, "open", "name and how to open it"},
                         Field{&Open::initial, "initial", "its items at first; count only where it is made"});
    }
    using Result = Opened;
};

struct Append {
    static constexpr std::string_view method = "list.append";
    static constexpr std::string_view purpose = "Adds an item at the end.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Append::object, "object", "id of the list"},
                         Field{&Append::value, "value", "a MessagePack value"});
    }
    using Result = Nothing;
};

struct Extend {
    static constexpr std::string_view method = "list.extend";
    static constexpr std::string_view purpose = "Adds items at the end, in order.";

    std::uint64_t object = 0;
    std::vector<Packed> values;

    static constexpr auto fields() {
        return fields_of(Field{&Extend::object, "object", "id of the list"},
                         Field{&Extend::values, "values", "in order"});
    }
    using Result = Nothing;
};

struct Insert {
    static constexpr std::string_view method = "list.insert";
    static constexpr std::string_view purpose = "Inserts an item before a position; one beyond an end means that end.";

    std::uint64_t object = 0;
    std::int64_t index = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Insert::object, "object", "id of the list"},
                         Field{&Insert::index, "index", "position; negative counts from the end"},
                         Field{&Insert::value, "value", "a MessagePack value"});
    }
    using Result = Nothing;
};

struct Pop {
    static constexpr std::string_view method = "list.pop";
    static constexpr std::string_view purpose = "Removes the item at a position and returns it; nothing left: empty.";

    std::uint64_t object = 0;
    std::int64_t index = -1;

    static constexpr auto fields() {
        return fields_of(Field{&Pop::object, "object", "id of the list"},
                         Field{&Pop::index, "index", "position; negative counts from the end"});
    }
    using Result = ValueResult;
};

struct Remove {
    static constexpr std::string_view method = "list.remove";
    static constexpr std::string_view purpose = "Removes the first item that equals the value; none: no_such_value.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Remove::object, "object", "id of the list"},
                         ComparedField{&Remove::value, "value", "a MessagePack value"});
    }
    using Result = Nothing;
};

struct Index {
    static constexpr std::string_view method = "list.index";
    static constexpr std::string_view purpose = "Finds the first item that equals the value; none: no_such_value.";

    std::uint64_t object = 0;
    Packed value = packed_nil;
    std::int64_t start = 0;
    std::optional<std::int64_t> stop;

    static constexpr auto fields() {
        return fields_of(Field{&Index::object, "object", "id of the list"},
                         ComparedField{&Index::value, "value", "a MessagePack value"},
                         Field{&Index::start, "start", "first position to look at, as in Python"},
                         Field{&Index::stop, "stop", "position behind the last to look at; nil: the end"});
    }

    struct Result {
        std::uint64_t index = 0;

        static constexpr auto fields() { return fields_of(Field{&Result::index, "index", "its position"}); }
    };
};

struct Count {
    static constexpr std::string_view method = "list.count";
    static constexpr std::string_view purpose = "Counts the items that equal the value.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Count::object, "object", "id of the list"},
                         ComparedField{&Count::value, "value", "a MessagePack value"});
    }

    struct Result {
        std::uint64_t count = 0;

        static constexpr auto fields() { return fields_of(Field{&Result::count, "count", "how many"}); }
    };
};

struct Reverse {
    static constexpr std::string_view method = "list.reverse";
    static constexpr std::string_view purpose = "Reverses the order of the items.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Reverse::object, "object", "id of the list"}); }
    using Result = Nothing;
};

struct Sort {
    static constexpr std::string_view method = "list.sort";
    static constexpr std::string_view purpose =
        "Sorts the items, stable; values without an order among them: type_mismatch, nothing changed.";

    std::uint64_t object = 0;
    bool reverse = false;

    static constexpr auto fields() {
        return fields_of(Field{&Sort::object, "object", "id of the list"},
                         Field{&Sort::reverse, "reverse", "the largest first"});
    }
    using Result = Nothing;
};

struct Clear {
    static constexpr std::string_view method = "list.clear";
    static constexpr std::string_view purpose = "Removes all items.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Clear::object, "object", "id of the list"}); }
    using Result = Nothing;
};

struct Copy {
    static constexpr std::string_view method = "list.copy";
    static constexpr std::string_view purpose = "Returns all items.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Copy::object, "object", "id of the list"}); }
    using Result = ValuesResult;
};

struct Get {
    static constexpr std::string_view method = "list.get";
    static constexpr std::string_view purpose = "Reads the item at a position.";

    std::uint64_t object = 0;
    std::int64_t index = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Get::object, "object", "id of the list"},
                         Field{&Get::index, "index", "position; negative counts from the end"});
    }
    using Result = ValueResult;
};

struct Set {
    static constexpr std::string_view method = "list.set";
    static constexpr std::string_view purpose = "Replaces the item at a position.";

    std::uint64_t object = 0;
    std::int64_t index = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Set::object, "object", "id of the list"},
                         Field{&Set::index, "index", "position; negative counts from the end"},
                         Field{&Set::value, "value", "a MessagePack value"});
    }
    using Result = Nothing;
};

struct Erase {
    static constexpr std::string_view method = "list.erase";
    static constexpr std::string_view purpose = "Removes the item at a position.";

    std::uint64_t object = 0;
    std::int64_t index = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Erase::object, "object", "id of the list"},
                         Field{&Erase::index, "index", "position; negative counts from the end"});
    }
    using Result = Nothing;
};

struct GetSlice {
    static constexpr std::string_view method = "list.get_slice";
    static constexpr std::string_view purpose = "Reads a slice.";

    std::uint64_t object = 0;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;

    static constexpr auto fields() {
        return fields_of(
            Field{&GetSlice::object, "object", "id of the list"},
            Field{&GetSlice::start, "start", "first position, as in Python; nil: from the end where the step begins"},
            Field{&GetSlice::stop, "stop", "position behind the last, as in Python; nil: to the other end"},
            Field{&GetSlice::step, "step", "distance, may be negative; 0 is invalid_argument"});
    }
    using Result = ValuesResult;
};

struct SetSlice {
    static constexpr std::string_view method = "list.set_slice";
    static constexpr std::string_view purpose = "Replaces a slice; with a step other than 1 by as many items.";

    std::uint64_t object = 0;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;
    std::vector<Packed> values;

    static constexpr auto fields() {
        return fields_of(
            Field{&SetSlice::object, "object", "id of the list"},
            Field{&SetSlice::start, "start", "first position, as in Python; nil: from the end where the step begins"},
            Field{&SetSlice::stop, "stop", "position behind the last, as in Python; nil: to the other end"},
            Field{&SetSlice::step, "step", "distance, may be negative; 0 is invalid_argument"},
            Field{&SetSlice::values, "values", "in order"});
    }
    using Result = Nothing;
};

struct EraseSlice {
    static constexpr std::string_view method = "list.erase_slice";
    static constexpr std::string_view purpose = "Removes a slice.";

    std::uint64_t object = 0;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;

    static constexpr auto fields() {
        return fields_of(
            Field{&EraseSlice::object, "object", "id of the list"},
            Field{&EraseSlice::start, "start", "first position, as in Python; nil: from the end where the step begins"},
            Field{&EraseSlice::stop, "stop", "position behind the last, as in Python; nil: to the other end"},
            Field{&EraseSlice::step, "step", "distance, may be negative; 0 is invalid_argument"});
    }
    using Result = Nothing;
};

struct Contains {
    static constexpr std::string_view method = "list.contains";
    static constexpr std::string_view purpose = "Tells whether an item equals the value.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Contains::object, "object", "id of the list"},
                         ComparedField{&Contains::value, "value", "a MessagePack value"});
    }

    struct Result {
        bool contains = false;

        static constexpr auto fields() { return fields_of(Field{&Result::contains, "contains", "whether one does"}); }
    };
};

struct Len {
    static constexpr std::string_view method = "list.len";
    static constexpr std::string_view purpose = "Counts the items.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Len::object, "object", "id of the list"}); }

    struct Result {
        std::uint64_t len = 0;

        static constexpr auto fields() { return fields_of(Field{&Result::len, "len", "how many"}); }
    };
};

struct Repeat {
    static constexpr std::string_view method = "list.repeat";
    static constexpr std::string_view purpose = "Repeats the items in place, as `*=` in Python.";

    std::uint64_t object = 0;
    std::int64_t times = 1;

    static constexpr auto fields() {
        return fields_of(Field{&Repeat::object, "object", "id of the list"},
                         Field{&Repeat::times, "times", "how often they stand there afterwards; 0 and less: none"});
    }
    using Result = Nothing;
};

struct CompareExchange {
    static constexpr std::string_view method = "list.compare_exchange";
    static constexpr std::string_view purpose = "Replaces the item at a position where it equals the expected value.";

    std::uint64_t object = 0;
    std::int64_t index = 0;
    Packed expected = packed_nil;
    Packed desired = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&CompareExchange::object, "object", "id of the list"},
            Field{&CompareExchange::index, "index", "position; negative counts from the end"},
            ComparedField{&CompareExchange::expected, "expected", "compared as Python compares: 1 equals 1.0"},
            Field{&CompareExchange::desired, "desired", "what stands there from now on where they are equal"});
    }
    using Result = ExchangeResult;
};

using Messages = MessageList<Open, Append, Extend, Insert, Pop, Remove, Index, Count, Reverse, Sort, Clear, Copy, Get,
                             Set, Erase, GetSlice, SetSlice, EraseSlice, Contains, Len, Repeat, CompareExchange>;

}  // namespace steward::proto::list
