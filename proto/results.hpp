#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "proto/message.hpp"
#include "proto/packed.hpp"

namespace steward::proto {

/// Results that several methods have in common.

struct ValueResult {
    Packed value = packed_nil;

    static constexpr auto fields() { return fields_of(Field{&ValueResult::value, "value", "a MessagePack value"}); }
};

struct ValuesResult {
    std::vector<Packed> values;

    static constexpr auto fields() { return fields_of(Field{&ValuesResult::values, "values", "in order"}); }
};

/// Of a compare-and-set.
struct ExchangeResult {
    bool exchanged = false;
    Packed current = packed_nil;

    static constexpr auto fields() {
        return fields_of(Field{&ExchangeResult::exchanged, "exchanged", "whether it was replaced"},
                         Field{&ExchangeResult::current, "current", "what stood there before"});
    }
};

}  // namespace steward::proto
