#pragma once

#include "tests/histories/models/keyed.hpp"

namespace steward::tests::histories {

/// The attributes are numbered.
struct NamespaceModel {
    using State = Entries;

    static State initial() { return {}; }

    static bool step(State& attributes, const Operation& operation) {
        const auto& [key, first, second] = operation.call.arguments;
        auto* const value = attributes.find(key);
        const auto is_refused = [&] { return operation.was_refused(errc::no_such_key); };
        switch (operation.call.verb) {
            case Verb::get: return value == nullptr ? is_refused() : operation.returns(*value);
            case Verb::set: attributes.set(key, first); return operation.returns(0);
            case Verb::erase: return attributes.erase(key) ? operation.returns(0) : is_refused();
            case Verb::contains: return operation.returns(value != nullptr);
            case Verb::compare_exchange:
                return value == nullptr ? is_refused() : compare_exchange(*value, operation, first, second);
            case Verb::copy: {  // in the order of the names
                auto sorted = attributes;
                std::ranges::sort(sorted.pairs);
                return operation.returns_all(sorted.flat());
            }
            default: return false;
        }
    }
};

}  // namespace steward::tests::histories
