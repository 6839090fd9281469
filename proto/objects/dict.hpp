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

namespace steward::proto::dict {

struct Open {
    static constexpr std::string_view method = "dict.open";
    static constexpr std::string_view purpose = "Opens a dict by name and makes it where it does not exist.";

    proto::Open open;
    std::vector<std::pair<Packed, Packed>> initial;

    static constexpr auto fields() {
        return fields_of(Field{&Open::open, "open", "name and how to open it"},
                         Field{&Open::initial, "initial", "its items at first; count only where it is made"});
    }
    using Result = Opened;
};

struct Get {
    static constexpr std::string_view method = "dict.get";
    static constexpr std::string_view purpose = "Reads the value of a key.";

    std::uint64_t object = 0;
    Packed key = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Get::object, "object", "id of the dict"},
            ComparedField{&Get::key, "key", "a scalar or an array of keys; 1, 1.0 and true are the same key"});
    }

    struct Result {
        bool found = false;
        Packed value = packed_nil;
        std::uint64_t version = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::found, "found", "whether the key exists"},
                             Field{&Result::value, "value", "a MessagePack value"},
                             Field{&Result::version, "version", "version of the entry; 0 where it does not exist"});
        }
    };
};

struct Set {
    static constexpr std::string_view method = "dict.set";
    static constexpr std::string_view purpose = "Sets the value of a key.";

    std::uint64_t object = 0;
    Packed key = packed_nil;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&Set::object, "object", "id of the dict"},
                         Field{&Set::key, "key", "a scalar or an array of keys; 1, 1.0 and true are the same key"},
                         Field{&Set::value, "value", "a MessagePack value"});
    }
    using Result = Nothing;
};

struct Erase {
    static constexpr std::string_view method = "dict.erase";
    static constexpr std::string_view purpose = "Removes a key.";

    std::uint64_t object = 0;
    Packed key = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Erase::object, "object", "id of the dict"},
            ComparedField{&Erase::key, "key", "a scalar or an array of keys; 1, 1.0 and true are the same key"});
    }

    struct Result {
        bool erased = false;

        static constexpr auto fields() { return fields_of(Field{&Result::erased, "erased", "whether it was there"}); }
    };
};

struct Pop {
    static constexpr std::string_view method = "dict.pop";
    static constexpr std::string_view purpose = "Removes a key and returns its value.";

    std::uint64_t object = 0;
    Packed key = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Pop::object, "object", "id of the dict"},
            ComparedField{&Pop::key, "key", "a scalar or an array of keys; 1, 1.0 and true are the same key"});
    }

    struct Result {
        bool found = false;
        Packed value = packed_nil;

        static constexpr auto fields() {
            return fields_of(Field{&Result::found, "found", "whether the key exists"},
                             Field{&Result::value, "value", "a MessagePack value"});
        }
    };
};

struct PopItem {
    static constexpr std::string_view method = "dict.popitem";
    static constexpr std::string_view purpose =
        "Removes the pair that was inserted last and returns it; nothing left: empty.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&PopItem::object, "object", "id of the dict"}); }

    struct Result {
        Packed key = packed_nil;
        Packed value = packed_nil;

        static constexpr auto fields() {
            return fields_of(Field{&Result::key, "key", "its key"}, Field{&Result::value, "value", "its value"});
        }
    };
};

struct SetDefault {
    static constexpr std::string_view method = "dict.setdefault";
    static constexpr std::string_view purpose = "Reads the value of a key and sets it first where it does not exist.";

    std::uint64_t object = 0;
    Packed key = packed_nil;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&SetDefault::object, "object", "id of the dict"},
            Field{&SetDefault::key, "key", "a scalar or an array of keys; 1, 1.0 and true are the same key"},
            Field{&SetDefault::value, "value", "a MessagePack value"});
    }
    using Result = ValueResult;
};

struct Update {
    static constexpr std::string_view method = "dict.update";
    static constexpr std::string_view purpose = "Sets the values of several keys, all or none.";

    std::uint64_t object = 0;
    std::vector<std::pair<Packed, Packed>> items;

    static constexpr auto fields() {
        return fields_of(Field{&Update::object, "object", "id of the dict"},
                         Field{&Update::items, "items", "pairs of key and value, in order"});
    }
    using Result = Nothing;
};

struct Keys {
    static constexpr std::string_view method = "dict.keys";
    static constexpr std::string_view purpose = "Returns all keys, in the order of their insertion.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Keys::object, "object", "id of the dict"}); }

    struct Result {
        std::vector<Packed> keys;

        static constexpr auto fields() { return fields_of(Field{&Result::keys, "keys", "in order"}); }
    };
};

struct Values {
    static constexpr std::string_view method = "dict.values";
    static constexpr std::string_view purpose = "Returns all values, in the order of their keys' insertion.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Values::object, "object", "id of the dict"}); }
    using Result = ValuesResult;
};

struct Items {
    static constexpr std::string_view method = "dict.items";
    static constexpr std::string_view purpose = "Returns all pairs, in the order of their insertion.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Items::object, "object", "id of the dict"}); }

    struct Result {
        std::vector<std::pair<Packed, Packed>> items;

        static constexpr auto fields() {
            return fields_of(Field{&Result::items, "items", "pairs of key and value, in order"});
        }
    };
};

struct Clear {
    static constexpr std::string_view method = "dict.clear";
    static constexpr std::string_view purpose = "Removes all keys.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Clear::object, "object", "id of the dict"}); }
    using Result = Nothing;
};

struct Contains {
    static constexpr std::string_view method = "dict.contains";
    static constexpr std::string_view purpose = "Tells whether a key exists.";

    std::uint64_t object = 0;
    Packed key = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Contains::object, "object", "id of the dict"},
            ComparedField{&Contains::key, "key", "a scalar or an array of keys; 1, 1.0 and true are the same key"});
    }

    struct Result {
        bool contains = false;

        static constexpr auto fields() { return fields_of(Field{&Result::contains, "contains", "whether it does"}); }
    };
};

struct Len {
    static constexpr std::string_view method = "dict.len";
    static constexpr std::string_view purpose = "Counts the keys.";

    std::uint64_t object = 0;

    static constexpr auto fields() { return fields_of(Field{&Len::object, "object", "id of the dict"}); }

    struct Result {
        std::uint64_t len = 0;

        static constexpr auto fields() { return fields_of(Field{&Result::len, "len", "how many"}); }
    };
};

struct Increment {
    static constexpr std::string_view method = "dict.increment";
    static constexpr std::string_view purpose = "Adds to the number of a key; one that does not exist counts as 0.";

    std::uint64_t object = 0;
    Packed key = packed_nil;
    Packed by = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&Increment::object, "object", "id of the dict"},
            Field{&Increment::key, "key", "a scalar or an array of keys; 1, 1.0 and true are the same key"},
            Field{&Increment::by, "by", "number to add; may be negative"});
    }
    using Result = ValueResult;
};

struct CompareExchange {
    static constexpr std::string_view method = "dict.compare_exchange";
    static constexpr std::string_view purpose = "Sets the value of a key where it exists and equals the expected one.";

    std::uint64_t object = 0;
    Packed key = packed_nil;
    Packed expected = packed_nil;
    Packed desired = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&CompareExchange::object, "object", "id of the dict"},
            ComparedField{&CompareExchange::key, "key",
                          "a scalar or an array of keys; 1, 1.0 and true are the same key"},
            ComparedField{&CompareExchange::expected, "expected", "compared as Python compares: 1 equals 1.0"},
            Field{&CompareExchange::desired, "desired", "its value from now on where they are equal"});
    }

    struct Result {
        bool exchanged = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::exchanged, "exchanged", "whether it was replaced"});
        }
    };
};

struct SetIfVersion {
    static constexpr std::string_view method = "dict.set_if_version";
    static constexpr std::string_view purpose =
        "Sets the value of a key where its entry is still of the version that was read.";

    std::uint64_t object = 0;
    Packed key = packed_nil;
    std::uint64_t version = 0;
    Packed value = packed_nil;

    static constexpr auto fields() {
        return fields_of(
            Field{&SetIfVersion::object, "object", "id of the dict"},
            Field{&SetIfVersion::key, "key", "a scalar or an array of keys; 1, 1.0 and true are the same key"},
            Field{&SetIfVersion::version, "version", "as dict.get told it; 0: the key must not exist"},
            Field{&SetIfVersion::value, "value", "a MessagePack value"});
    }

    struct Result {
        bool set = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::set, "set", "false: it was changed meanwhile"});
        }
    };
};

using Messages = MessageList<Open, Get, Set, Erase, Pop, PopItem, SetDefault, Update, Keys, Values, Items, Clear,
                             Contains, Len, Increment, CompareExchange, SetIfVersion>;

}  // namespace steward::proto::dict
