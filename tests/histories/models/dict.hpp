#pragma once

#include "tests/histories/models/keyed.hpp"

namespace steward::tests::histories {

struct DictModel {
    using State = Entries;

    static State initial() { return {}; }

    static bool step(State& dict, const Operation& operation) {
        const auto& [key, first, second] = operation.call.arguments;
        switch (operation.call.verb) {
            case Verb::get: {
                const auto* value = dict.find(key);
                return value == nullptr ? operation.returns_nothing() : operation.returns(*value);
            }
            case Verb::set: dict.set(key, first); return operation.returns(0);
            case Verb::contains: return operation.returns(dict.contains(key));
            case Verb::erase: return operation.returns(dict.erase(key));
            case Verb::pop: return pop(dict, operation, key);
            case Verb::set_default:
                if (!dict.contains(key))
                    dict.set(key, first);
                return operation.returns(*dict.find(key));
            case Verb::increment:
                dict.set(key, (dict.contains(key) ? *dict.find(key) : 0) + first);
                return operation.returns(*dict.find(key));
            case Verb::compare_exchange: {
                auto* value = dict.find(key);
                return value == nullptr ? operation.returns(false) : compare_exchange(*value, operation, first, second);
            }
            case Verb::pop_item: return pop_item(dict, operation);
            case Verb::update:  // of a key and the next one, in this order
                dict.set(key, first);
                dict.set(key + 1, second);
                return operation.returns(0);
            case Verb::size: return operation.returns(std::ssize(dict.pairs));
            case Verb::clear: dict.pairs.clear(); return operation.returns(0);
            case Verb::copy: return operation.returns_all(dict.flat());
            default: return false;
        }
    }

  private:
    static bool pop(State& dict, const Operation& operation, std::int64_t key) {
        const auto* value = dict.find(key);
        const bool fits = value == nullptr ? operation.returns_nothing() : operation.returns(*value);
        dict.erase(key);
        return fits;
    }

    static bool pop_item(State& dict, const Operation& operation) {
        if (dict.pairs.empty())
            return operation.returns_nothing();
        const auto [key, value] = dict.pairs.back();
        dict.pairs.pop_back();
        return operation.returns(key) && (operation.pending() || operation.call.values[0] == value);
    }
};

}  // namespace steward::tests::histories
