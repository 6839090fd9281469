#pragma once

#include "tests/histories/operation.hpp"
#include "tests/histories/state_hash.hpp"

namespace steward::tests::histories {

/// Expects, finds and desires: what compare_exchange of all types does. `result` is whether it exchanged; the first of
/// the values that were seen is what it found, where its type tells.
inline bool compare_exchange(std::int64_t& stored, const Operation& operation, std::int64_t expected,
                             std::int64_t desired) {
    const bool equal = stored == expected;
    if (!operation.returns(equal))
        return false;
    if (!operation.pending() && operation.call.kept != 0 && operation.call.values[0] != stored)
        return false;
    if (equal)
        stored = desired;
    return true;
}

struct ValueModel {
    struct State {
        std::int64_t value = 0;

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(value); }
    };

    static State initial() { return {}; }

    static bool step(State& state, const Operation& operation) {
        const auto& arguments = operation.call.arguments;
        auto& value = state.value;
        switch (operation.call.verb) {
            case Verb::get: return operation.returns(value);
            case Verb::set: value = arguments[0]; return operation.returns(0);
            case Verb::compare_exchange: return compare_exchange(value, operation, arguments[0], arguments[1]);
            case Verb::fetch_add: {
                const auto before = value;
                value += arguments[0];
                return operation.returns(before);
            }
            default: return false;
        }
    }
};

}  // namespace steward::tests::histories
