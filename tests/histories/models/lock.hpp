#pragma once

#include "tests/histories/history.hpp"
#include "tests/histories/models/ownership.hpp"

namespace steward::tests::histories {

struct LockModel {
    using State = Owned;
    static constexpr auto deaths = Deaths::free_what_was_held;

    static State initial() { return {}; }

    static bool step(State& lock, const Operation& operation) {
        const auto& call = operation.call;
        if (operation.part == Part::death)
            return lock.die(call.client);
        if (operation.part == Part::burial)
            return lock.owner == 0;
        if (operation.part == Part::undo)
            return undo(lock.lent, operation) && lock.release(call.client);
        switch (call.verb) {
            case Verb::acquire:
                if (operation.part == Part::lend)
                    return lock.acquire(operation, true) && lend(lock.lent, operation);
                if (operation.did(Outcome::nothing))
                    return may_go_without_lock(operation, lock.owner == 0);
                if (operation.was_refused(errc::deadlock))
                    return lock.owner == call.client;
                return lock.acquire(operation, true);
            case Verb::release:
                if (!owns_or_is_refused(operation, lock.owner))
                    return false;
                return lock.owner != call.client || lock.release(call.client);
            case Verb::token:
                return owns_or_is_refused(operation, lock.owner) && lock.sees_token(operation, lock.token);
            case Verb::locked:  // a lock that is offered is locked
                return operation.returns(lock.owner != 0) || (operation.contended && operation.returns(true));
            case Verb::held_by_me: return operation.returns(lock.owner == call.client);
            default: return false;
        }
    }
};

}  // namespace steward::tests::histories
