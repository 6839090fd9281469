#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/message.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"
#include "proto/results.hpp"

namespace steward::proto::array {

struct Open {
    static constexpr std::string_view method = "array.open";
    static constexpr std::string_view purpose =
        "Opens an array of numbers by name and makes it where it does not exist. Length and typecode must match what "
        "exists, else wrong_options.";

    proto::Open open;
    std::uint64_t length = 0;
    std::string_view typecode = "d";
    std::vector<Packed> initial;

    static constexpr auto fields() {
        return fields_of(
            Field{&Open::open, "open", "name and how to open it"},
            Field{&Open::length, "length", "how many elements; never changes"},
            Field{&Open::typecode, "typecode",
                  "as in Python's module array: b B h H i I q Q are integers of 8, 16, 32, 64 bits, a capital without "
                  "sign; f d floats of 32, 64 bits"},
            Field{&Open::initial, "initial",
                  "as many elements, or none for zeros; count only where it is made, another number is "
                  "invalid_argument"});
    }
    using Result = Opened;
};

struct Get {
    static constexpr std::string_view method = "array.get";
    static constexpr std::string_view purpose = "Reads the element at a position.";

    std::uint64_t object = 0;
    std::int64_t index = 0;

    static constexpr auto fields() {
        return fields_of(Field{&Get::object, "object", "id of the array"},
                         Field{&Get::index, "index", "position; negative counts from the end"});
    }
    using Result = ValueResult;
};

struct Set {
    static constexpr std::string_view method = "array.set";
    static constexpr std::string_view purpose = "Replaces the element at a position.";

    std::uint64_t object = 0;
    std::int64_t index = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Set::object, "object", "id of the array"},
                         Field{&Set::index, "index", "position; negative counts from the end"},
                         Field{&Set::value, "value", "a number of the array's kind that fits"});
    }
    using Result = Nothing;
};

struct GetSlice {
    static constexpr std::string_view method = "array.get_slice";
    static constexpr std::string_view purpose = "Reads a slice, by default all elements.";

    std::uint64_t object = 0;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;

    static constexpr auto fields() {
        return fields_of(
            Field{&GetSlice::object, "object", "id of the array"},
            Field{&GetSlice::start, "start", "first position, as in Python; nil: from the end where the step begins"},
            Field{&GetSlice::stop, "stop", "position behind the last, as in Python; nil: to the other end"},
            Field{&GetSlice::step, "step", "distance, may be negative; 0 is invalid_argument"});
    }
    using Result = ValuesResult;
};

struct SetSlice {
    static constexpr std::string_view method = "array.set_slice";
    static constexpr std::string_view purpose =
        "Replaces the elements of a slice by as many others, all or none; another number of them: invalid_argument.";

    std::uint64_t object = 0;
    std::optional<std::int64_t> start;
    std::optional<std::int64_t> stop;
    std::int64_t step = 1;
    std::vector<Packed> values;

    static constexpr auto fields() {
        return fields_of(
            Field{&SetSlice::object, "object", "id of the array"},
            Field{&SetSlice::start, "start", "first position, as in Python; nil: from the end where the step begins"},
            Field{&SetSlice::stop, "stop", "position behind the last, as in Python; nil: to the other end"},
            Field{&SetSlice::step, "step", "distance, may be negative; 0 is invalid_argument"},
            Field{&SetSlice::values, "values", "in order"});
    }
    using Result = Nothing;
};

struct Fill {
    static constexpr std::string_view method = "array.fill";
    static constexpr std::string_view purpose = "Replaces every element by the same one.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Fill::object, "object", "id of the array"},
                         Field{&Fill::value, "value", "a number of the array's kind that fits"});
    }
    using Result = Nothing;
};

struct Len {
    static constexpr std::string_view method = "array.len";
    static constexpr std::string_view purpose = "Tells the length and the typecode, which never change.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Len::object, "object", "id of the array"}); }

    struct Result {
        std::uint64_t len = 0;
        std::string_view typecode;

        static constexpr auto fields() {
            return fields_of(Field{&Result::len, "len", "how many elements"},
                             Field{&Result::typecode, "typecode", "as it was made with"});
        }
    };
};

struct FetchAdd {
    static constexpr std::string_view method = "array.fetch_add";
    static constexpr std::string_view purpose =
        "Adds to the element at a position; a sum that does not fit it: out_of_range.";

    std::uint64_t object = 0;
    std::int64_t index = 0;
    Packed by = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&FetchAdd::object, "object", "id of the array"},
                         Field{&FetchAdd::index, "index", "position; negative counts from the end"},
                         Field{&FetchAdd::by, "by", "number to add; may be negative"});
    }

    struct Result {
        Packed before = packed_nil;

        static constexpr auto fields() { return fields_of(Field{&Result::before, "before", "the number before"}); }
    };
};

struct CompareExchange {
    static constexpr std::string_view method = "array.compare_exchange";
    static constexpr std::string_view purpose =
        "Replaces the element at a position where it equals the expected value.";

    std::uint64_t object = 0;
    std::int64_t index = 0;
    Packed expected = packed_nil;
    Packed desired = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&CompareExchange::object, "object", "id of the array"},
            Field{&CompareExchange::index, "index", "position; negative counts from the end"},
            ComparedField{&CompareExchange::expected, "expected", "compared as Python compares: 1 equals 1.0"},
            Field{&CompareExchange::desired, "desired", "a number of the array's kind that fits"});
    }
    using Result = ExchangeResult;
};

using Messages = MessageList<Open, Get, Set, GetSlice, SetSlice, Fill, Len, FetchAdd, CompareExchange>;

}  // namespace steward::proto::array
