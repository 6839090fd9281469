#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tests/histories/models/value.hpp"

namespace steward::tests::histories {

struct ArrayModel {
    std::size_t length = 4;

    struct State {
        std::vector<std::int64_t> elements;

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(elements); }
    };

    State initial() const { return {std::vector<std::int64_t>(length)}; }

    /// The first argument is an index of those there are.
    static bool step(State& array, const Operation& operation) {
        const auto& [index, first, second] = operation.call.arguments;
        auto& element = array.elements.at(static_cast<std::size_t>(index));
        switch (operation.call.verb) {
            case Verb::get: return operation.returns(element);
            case Verb::set: element = first; return operation.returns(0);
            case Verb::compare_exchange: return compare_exchange(element, operation, first, second);
            case Verb::fetch_add: {
                const auto before = element;
                element += first;
                return operation.returns(before);
            }
            case Verb::fill: std::ranges::fill(array.elements, first); return operation.returns(0);
            case Verb::set_slice:  // the two from the index on
                array.elements.at(static_cast<std::size_t>(index) + 1) = second;
                element = first;
                return operation.returns(0);
            case Verb::copy: return operation.returns_all(array.elements);
            default: return false;
        }
    }
};

}  // namespace steward::tests::histories
