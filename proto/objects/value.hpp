#pragma once

#include <cstdint>
#include <string_view>

#include "proto/message.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"
#include "proto/results.hpp"

namespace steward::proto::value {

struct Open {
    static constexpr std::string_view method = "value.open";
    static constexpr std::string_view purpose = "Opens a value by name and makes it where it does not exist.";

    proto::Open open;
    Packed initial = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Open::open, "open", "name and how to open it"},
                         Field{&Open::initial, "initial", "what it holds at first; counts only where it is made"});
    }
    using Result = Opened;
};

struct Get {
    static constexpr std::string_view method = "value.get";
    static constexpr std::string_view purpose = "Reads the value.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Get::object, "object", "id of the value"}); }
    using Result = ValueResult;
};

struct Set {
    static constexpr std::string_view method = "value.set";
    static constexpr std::string_view purpose = "Replaces the value.";

    std::uint64_t object = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Set::object, "object", "id of the value"},
                         Field{&Set::value, "value", "what it holds from now on"});
    }
    using Result = Nothing;
};

struct CompareExchange {
    static constexpr std::string_view method = "value.compare_exchange";
    static constexpr std::string_view purpose = "Replaces the value where it equals the expected one.";

    std::uint64_t object = 0;
    Packed expected = packed_nil;
    Packed desired = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&CompareExchange::object, "object", "id of the value"},
            ComparedField{&CompareExchange::expected, "expected", "compared as Python compares: 1 equals 1.0"},
            Field{&CompareExchange::desired, "desired", "what it holds from now on where they are equal"});
    }
    using Result = ExchangeResult;
};

struct FetchAdd {
    static constexpr std::string_view method = "value.fetch_add";
    static constexpr std::string_view purpose = "Adds to a number.";

    std::uint64_t object = 0;
    Packed by = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&FetchAdd::object, "object", "id of the value"},
                         Field{&FetchAdd::by, "by", "number to add; may be negative"});
    }

    struct Result {
        Packed before = packed_nil;

        static constexpr auto fields() { return fields_of(Field{&Result::before, "before", "the number before"}); }
    };
};

using Messages = MessageList<Open, Get, Set, CompareExchange, FetchAdd>;

}  // namespace steward::proto::value
