#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/message.hpp"
#include "proto/object.hpp"
#include "proto/packed.hpp"
#include "proto/results.hpp"

namespace steward::proto::name_space {

struct Open {
    static constexpr std::string_view method = "namespace.open";
    static constexpr std::string_view purpose = "Opens a namespace by name and makes it where it does not exist.";

    proto::Open open;
    std::vector<std::pair<std::string_view, Packed>> initial;

    static constexpr auto fields() {
        return fields_of(
            Field{&Open::open, "open", "name and how to open it"},
            Field{&Open::initial, "initial", "attributes and their values at first; count only where it is made"});
    }
    using Result = Opened;
};

struct Get {
    static constexpr std::string_view method = "namespace.get";
    static constexpr std::string_view purpose = "Reads an attribute; one that does not exist: no_such_key.";

    std::uint64_t object = 0;
    std::string_view attribute;

    static constexpr auto fields() {
        return fields_of(Field{&Get::object, "object", "id of the namespace"},
                         Field{&Get::attribute, "attribute", "its name; one that begins with _ is invalid_argument"});
    }
    using Result = ValueResult;
};

struct Set {
    static constexpr std::string_view method = "namespace.set";
    static constexpr std::string_view purpose = "Sets an attribute.";

    std::uint64_t object = 0;
    std::string_view attribute;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Set::object, "object", "id of the namespace"},
                         Field{&Set::attribute, "attribute", "its name; one that begins with _ is invalid_argument"},
                         Field{&Set::value, "value", "a MessagePack value"});
    }
    using Result = Nothing;
};

struct Erase {
    static constexpr std::string_view method = "namespace.erase";
    static constexpr std::string_view purpose = "Removes an attribute; one that does not exist: no_such_key.";

    std::uint64_t object = 0;
    std::string_view attribute;

    static constexpr auto fields() {
        return fields_of(Field{&Erase::object, "object", "id of the namespace"},
                         Field{&Erase::attribute, "attribute", "its name; one that begins with _ is invalid_argument"});
    }
    using Result = Nothing;
};

struct Contains {
    static constexpr std::string_view method = "namespace.contains";
    static constexpr std::string_view purpose = "Tells whether an attribute exists.";

    std::uint64_t object = 0;
    std::string_view attribute;

    static constexpr auto fields() {
        return fields_of(
            Field{&Contains::object, "object", "id of the namespace"},
            Field{&Contains::attribute, "attribute", "its name; one that begins with _ is invalid_argument"});
    }

    struct Result {
        bool contains = false;

        static constexpr auto fields() { return fields_of(Field{&Result::contains, "contains", "whether it does"}); }
    };
};

struct Names {
    static constexpr std::string_view method = "namespace.names";
    static constexpr std::string_view purpose =
        "Returns the names of all attributes, in the order in which they were first set.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Names::object, "object", "id of the namespace"}); }

    struct Result {
        std::vector<std::string_view> names;

        static constexpr auto fields() { return fields_of(Field{&Result::names, "names", "in order"}); }
    };
};

struct Copy {
    static constexpr std::string_view method = "namespace.copy";
    static constexpr std::string_view purpose =
        "Returns all attributes with their values, in the order in which they were first set.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Copy::object, "object", "id of the namespace"}); }

    struct Result {
        std::vector<std::pair<std::string_view, Packed>> attributes;

        static constexpr auto fields() {
            return fields_of(Field{&Result::attributes, "attributes", "pairs of name and value, in order"});
        }
    };
};

struct CompareExchange {
    static constexpr std::string_view method = "namespace.compare_exchange";
    static constexpr std::string_view purpose =
        "Sets an attribute where it equals the expected value; one that does not exist: no_such_key.";

    std::uint64_t object = 0;
    std::string_view attribute;
    Packed expected = packed_nil;
    Packed desired = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&CompareExchange::object, "object", "id of the namespace"},
            Field{&CompareExchange::attribute, "attribute", "its name; one that begins with _ is invalid_argument"},
            ComparedField{&CompareExchange::expected, "expected", "compared as Python compares: 1 equals 1.0"},
            Field{&CompareExchange::desired, "desired", "its value from now on where they are equal"});
    }
    using Result = ExchangeResult;
};

using Messages = MessageList<Open, Get, Set, Erase, Contains, Names, Copy, CompareExchange>;

}  // namespace steward::proto::name_space
