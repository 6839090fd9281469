#pragma once

#include "tests/histories/history.hpp"
#include "tests/histories/models/ownership.hpp"

namespace steward::tests::histories {

struct RLockModel {
    static constexpr auto deaths = Deaths::free_what_was_held;

    struct State {
        Owned owned;
        std::int64_t count = 0;

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(owned.hash(), count); }
    };

    static State initial() { return {}; }

    static bool step(State& lock, const Operation& operation) {
        const auto& call = operation.call;
        if (operation.part == Part::death) {
            lock.count = 0;
            return lock.owned.die(call.client);
        }
        if (operation.part == Part::burial)
            return lock.owned.owner == 0;
        if (operation.part == Part::lend)
            return acquire(lock, operation) && lend(lock.owned.lent, operation);
        if (operation.part == Part::undo)
            return undo(lock.owned.lent, operation) && lock.owned.owner == call.client && release(lock, operation);
        switch (call.verb) {
            case Verb::acquire: return acquire(lock, operation);
            case Verb::release: return release(lock, operation);
            case Verb::token:
                return owns_or_is_refused(operation, lock.owned.owner) &&
                       lock.owned.sees_token(operation, lock.owned.token);
            case Verb::locked:
                return operation.returns(lock.owned.owner != 0) || (operation.contended && operation.returns(true));
            case Verb::count: return operation.returns(lock.owned.owner == call.client ? lock.count : 0);
            default: return false;
        }
    }

  private:
    /// What was granted to a call that was given up is an offer that its thread has not taken, and will not.
    static bool owns_knowingly(const State& lock, Client client) {
        return lock.owned.owner == client && lock.count != static_cast<std::int64_t>(lock.owned.lent.size());
    }

    static bool acquire(State& lock, const Operation& operation) {
        if (operation.did(Outcome::nothing))
            return owns_knowingly(lock, operation.call.client) ? operation.given_up
                                                               : may_go_without_lock(operation, lock.owned.owner == 0);
        if (lock.owned.owner == operation.call.client) {
            if (operation.did(Outcome::done) && operation.call.told)
                return false;
            return operation.returns(++lock.count) && lock.owned.sees_token(operation, lock.owned.token);
        }
        lock.count = 1;
        return lock.owned.acquire(operation, true) && operation.returns(1);
    }

    static bool release(State& lock, const Operation& operation) {
        if (!owns_or_is_refused(operation, lock.owned.owner))
            return false;
        if (operation.did(Outcome::refused))
            return true;
        if (--lock.count == 0)
            lock.owned.owner = 0;
        return operation.returns(lock.count);
    }
};

}  // namespace steward::tests::histories
