#pragma once

#include "tests/histories/models/keyed.hpp"

namespace steward::tests::histories {

struct SetModel {
    using State = Entries;

    static State initial() { return {}; }

    static bool step(State& set, const Operation& operation) {
        const auto key = operation.call.arguments[0];
        switch (operation.call.verb) {
            case Verb::append: {  // add
                const bool is_new = !set.contains(key);
                set.set(key, 0);
                return operation.returns(is_new);
            }
            case Verb::erase: return operation.returns(set.erase(key));  // discard
            case Verb::remove_value:
                return set.erase(key) ? operation.returns(0) : operation.was_refused(errc::no_such_key);
            case Verb::contains: return operation.returns(set.contains(key));
            case Verb::pop_item: {
                if (set.pairs.empty())
                    return operation.returns_nothing();
                const auto first = set.pairs.front().first;
                set.erase(first);
                return operation.returns(first);
            }
            case Verb::update:
                set.set(key, 0);
                set.set(key + 1, 0);
                return operation.returns(0);
            case Verb::size: return operation.returns(std::ssize(set.pairs));
            case Verb::clear: set.pairs.clear(); return operation.returns(0);
            case Verb::copy: return operation.returns_all(set.keys());
            default: return false;
        }
    }
};

}  // namespace steward::tests::histories
