#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tests/histories/models/value.hpp"

namespace steward::tests::histories {

struct ListModel {
    struct State {
        std::vector<std::int64_t> items;

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(items); }
    };

    static State initial() { return {}; }

    static bool step(State& list, const Operation& operation) {
        const auto& [first, second, third] = operation.call.arguments;
        auto& items = list.items;
        switch (operation.call.verb) {
            case Verb::append: items.push_back(first); return operation.returns(0);
            case Verb::insert:  // before an index, or at the end
                items.insert(items.begin() + std::min(first, std::ssize(items)), second);
                return operation.returns(0);
            case Verb::pop: return pop(items, operation);
            case Verb::remove_value: {
                const auto found = std::ranges::find(items, first);
                if (found == items.end() || operation.was_refused(errc::no_such_value))
                    return found == items.end() && operation.was_refused(errc::no_such_value);
                items.erase(found);
                return operation.returns(0);
            }
            case Verb::get:
            case Verb::set:
            case Verb::compare_exchange: return at_index(items, operation);
            case Verb::count: return operation.returns(std::ranges::count(items, first));
            case Verb::reverse: std::ranges::reverse(items); return operation.returns(0);
            case Verb::sort: std::ranges::sort(items); return operation.returns(0);
            case Verb::clear: items.clear(); return operation.returns(0);
            case Verb::size: return operation.returns(std::ssize(items));
            case Verb::copy: return operation.returns_all(items);
            default: return false;
        }
    }

  private:
    using Items = std::vector<std::int64_t>;

    /// The first where the argument is 0, else the last.
    static bool pop(Items& items, const Operation& operation) {
        if (items.empty() || operation.was_refused(errc::empty))
            return items.empty() && operation.was_refused(errc::empty);
        const auto place = operation.call.arguments[0] == 0 ? items.begin() : items.end() - 1;
        const auto item = *place;
        items.erase(place);
        return operation.returns(item);
    }

    static bool at_index(Items& items, const Operation& operation) {
        const auto& [index, first, second] = operation.call.arguments;
        const bool is_there = index < std::ssize(items);
        if (!is_there || operation.was_refused(errc::index_out_of_range))
            return !is_there && operation.was_refused(errc::index_out_of_range);
        auto& item = items[static_cast<std::size_t>(index)];
        if (operation.call.verb == Verb::compare_exchange)
            return compare_exchange(item, operation, first, second);
        if (operation.call.verb == Verb::get)
            return operation.returns(item);
        item = first;
        return operation.returns(0);
    }
};

}  // namespace steward::tests::histories
