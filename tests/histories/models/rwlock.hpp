#pragma once

#include <algorithm>
#include <vector>

#include "tests/histories/history.hpp"
#include "tests/histories/models/ownership.hpp"

namespace steward::tests::histories {

struct RWLockModel {
    static constexpr auto deaths = Deaths::free_what_was_held;

    struct State {
        Owned owned;
        std::vector<Client> readers;  ///< in order of their numbers

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(owned.hash(), readers); }

        bool is_reader(Client client) const { return std::ranges::binary_search(readers, client); }
        bool is_free() const { return owned.owner == 0 && readers.empty(); }
    };

    static State initial() { return {}; }

    static bool step(State& lock, const Operation& operation) {
        const auto& call = operation.call;
        if (operation.part == Part::death)
            return std::erase(lock.readers, call.client) != 0 || lock.owned.die(call.client);
        if (operation.part == Part::burial)
            return lock.is_free();
        if (operation.part == Part::undo)
            return undo(lock.owned.lent, operation) &&
                   (std::erase(lock.readers, call.client) != 0 || lock.owned.release(call.client));
        if (operation.part == Part::lend)
            lend(lock.owned.lent, operation);
        switch (call.verb) {
            case Verb::acquire:
                if (operation.did(Outcome::nothing))
                    return may_go_without_lock(operation, lock.is_free());
                return lock.readers.empty() && lock.owned.acquire(operation, true);
            case Verb::acquire_shared: return acquire_shared(lock, operation);
            case Verb::release:
                if (!owns_or_is_refused(operation, lock.owned.owner))
                    return false;
                return lock.owned.owner != call.client || lock.owned.release(call.client);
            case Verb::release_shared:
                if (operation.was_refused(errc::not_owner))
                    return !lock.is_reader(call.client);
                return std::erase(lock.readers, call.client) != 0 && operation.returns(0);
            case Verb::token:
                return owns_or_is_refused(operation, lock.owned.owner) &&
                       lock.owned.sees_token(operation, lock.owned.token);
            case Verb::locked:  // a lock that is offered is locked
                return operation.returns(lock.owned.owner != 0) || (operation.contended && operation.returns(true));
            case Verb::readers: return operation.returns(static_cast<std::int64_t>(lock.readers.size()));
            case Verb::held_by_me: return operation.returns(lock.owned.owner == call.client);
            case Verb::shared_by_me: return operation.returns(lock.is_reader(call.client));
            default: return false;
        }
    }

  private:
    static bool acquire_shared(State& lock, const Operation& operation) {
        if (operation.did(Outcome::nothing))
            return may_go_without_lock(operation, lock.owned.owner == 0);
        if (lock.owned.owner != 0 || !operation.returns(0))
            return false;
        if (!operation.pending() && operation.call.told != lock.owned.news)
            return false;
        lock.readers.insert(std::ranges::upper_bound(lock.readers, operation.call.client), operation.call.client);
        return true;
    }
};

}  // namespace steward::tests::histories
