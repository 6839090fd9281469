#pragma once

#include "tests/histories/models/ownership.hpp"

namespace steward::tests::histories {

struct EventModel {
    bool resets_itself = false;

    struct State {
        bool set = false;
        bool resets_itself = false;
        std::vector<std::int64_t> lent;  ///< waits that were given up and saw it set

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(set, lent); }
    };

    State initial() const { return {false, resets_itself, {}}; }

    static bool step(State& event, const Operation& operation) {
        if (operation.part == Part::undo) {
            event.set = event.set || event.resets_itself;
            return undo(event.lent, operation);
        }
        if (operation.part == Part::lend)
            lend(event.lent, operation);
        switch (operation.call.verb) {
            case Verb::set: event.set = true; return operation.returns(0);
            case Verb::clear: event.set = false; return operation.returns(0);
            case Verb::is_set: return operation.returns(event.set);
            case Verb::wait:
                if (operation.did(Outcome::nothing))
                    return may_go_without(operation, event.set);
                if (!event.set || !operation.returns(0))
                    return false;
                event.set = !event.resets_itself;
                return true;
            default: return false;
        }
    }
};

}  // namespace steward::tests::histories
