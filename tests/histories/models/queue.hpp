#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "tests/histories/history.hpp"
#include "tests/histories/models/ownership.hpp"

namespace steward::tests::histories {

/// No item is put twice, so that an item is known by its value.
struct QueueModel {
    static constexpr auto deaths = Deaths::free_what_was_held;

    std::size_t max_size = 4;

    struct State {
        std::size_t max_size = 0;
        std::vector<std::int64_t> items;                     ///< the next one first
        std::vector<std::pair<std::int64_t, Client>> taken;  ///< the last one last
        std::int64_t unfinished = 0;
        std::vector<std::pair<std::int64_t, std::int64_t>> lent;  ///< call that was given up, and the item that it got

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(items, taken, unfinished, lent); }

        bool full() const { return items.size() >= max_size; }
        void put_first(std::int64_t item) { items.insert(items.begin(), item); }
    };

    State initial() const { return {max_size, {}, {}, 0, {}}; }

    static bool step(State& queue, const Operation& operation) {
        const auto& call = operation.call;
        if (operation.part == Part::death)
            return die(queue, call.client);
        if (operation.part == Part::burial)
            return queue.taken.empty();
        if (operation.part == Part::undo)
            return undo(queue, operation);
        if (operation.part == Part::lend && !queue.items.empty())
            queue.lent.emplace_back(operation.wait, queue.items.front());
        switch (call.verb) {
            case Verb::put:
                if (operation.did(Outcome::nothing))
                    return may_go_without(operation, !queue.full());
                queue.items.push_back(call.arguments[0]);
                ++queue.unfinished;
                return queue.items.size() <= queue.max_size && operation.returns(0);
            case Verb::get:
            case Verb::take: return get(queue, operation);
            case Verb::done:
            case Verb::give_back: return end_with(queue, operation);
            case Verb::task_done:
                if (operation.was_refused(errc::invalid_argument))
                    return queue.unfinished == 0;
                return --queue.unfinished >= 0 && operation.returns(0);
            case Verb::join:
                return operation.did(Outcome::nothing) ? queue.unfinished != 0 || operation.given_up
                                                       : queue.unfinished == 0 && operation.returns(0);
            case Verb::size: return operation.returns(static_cast<std::int64_t>(queue.items.size()));
            default: return false;
        }
    }

  private:
    static bool get(State& queue, const Operation& operation) {
        if (operation.did(Outcome::nothing))
            return may_go_without(operation, !queue.items.empty());
        if (queue.items.empty() || !operation.returns(queue.items.front()))
            return false;
        if (operation.call.verb == Verb::take)
            queue.taken.emplace_back(queue.items.front(), operation.call.client);
        queue.items.erase(queue.items.begin());
        return true;
    }

    static bool undo(State& queue, const Operation& operation) {
        const auto lent = std::ranges::find(queue.lent, operation.wait, &std::pair<std::int64_t, std::int64_t>::first);
        if (lent == queue.lent.end())
            return false;
        const auto item = lent->second;
        queue.lent.erase(lent);
        queue.put_first(item);
        return operation.call.verb == Verb::get ||
               std::erase(queue.taken, std::pair(item, operation.call.client)) != 0;  // which it may have died with
    }

    static bool end_with(State& queue, const Operation& operation) {
        const auto item = operation.call.arguments[0];
        const bool was_taken = std::erase(queue.taken, std::pair(item, operation.call.client)) != 0;
        if (operation.was_refused(errc::no_such_value))
            return !was_taken;
        if (!was_taken || !operation.returns(0))
            return false;
        if (operation.call.verb == Verb::done)
            --queue.unfinished;
        else
            queue.put_first(item);
        return true;
    }

    /// Last taken, first returned.
    static bool die(State& queue, Client client) {
        const auto before = queue.taken.size();
        for (auto taken = queue.taken.rbegin(); taken != queue.taken.rend(); ++taken)
            if (taken->second == client)
                queue.put_first(taken->first);
        std::erase_if(queue.taken, [=](const auto& taken) { return taken.second == client; });
        return queue.taken.size() != before;
    }
};

}  // namespace steward::tests::histories
