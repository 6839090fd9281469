#pragma once

#include <algorithm>
#include <map>

#include "tests/histories/history.hpp"
#include "tests/histories/models/ownership.hpp"

namespace steward::tests::histories {

/// Semaphores of both kinds. With `recovers` permits belong to whoever took them, and return when he dies.
struct SemaphoreModel {
    static constexpr auto deaths = Deaths::free_what_was_held;

    std::int64_t permits = 1;
    std::int64_t bound = never;
    bool recovers = false;

    struct State {
        std::int64_t free = 0;
        std::int64_t bound = 0;
        bool recovers = false;
        std::map<Client, std::int64_t> held;
        std::vector<std::int64_t> lent;  ///< calls that were given up and got a permit

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(free, held, lent); }
    };

    State initial() const { return {permits, bound, recovers, {}, {}}; }

    static bool step(State& semaphore, const Operation& operation) {
        const auto& call = operation.call;
        if (operation.part == Part::death)
            return die(semaphore, call.client);
        if (operation.part == Part::burial)
            return semaphore.held.empty();
        if (operation.part == Part::undo)
            return undo(semaphore, operation);
        if (operation.part == Part::lend)
            lend(semaphore.lent, operation);
        switch (call.verb) {
            case Verb::acquire:
                if (operation.did(Outcome::nothing))
                    return may_go_without(operation, semaphore.free > 0);
                if (semaphore.free == 0)
                    return false;
                --semaphore.free;
                if (semaphore.recovers)
                    ++semaphore.held[call.client];
                return operation.returns(0);
            case Verb::release: return release(semaphore, operation);
            case Verb::value: return operation.returns(semaphore.free);
            default: return false;
        }
    }

  private:
    static bool release(State& semaphore, const Operation& operation) {
        const auto given = operation.call.arguments[0];
        const bool fits = given <= semaphore.bound - semaphore.free;
        if (operation.was_refused(errc::semaphore_overflow))
            return !fits;
        if (!fits || !operation.returns(0))
            return false;
        semaphore.free += given;
        take_from(semaphore, operation.call.client, given);
        return true;
    }

    static std::int64_t take_from(State& semaphore, Client client, std::int64_t most) {
        const auto found = semaphore.held.find(client);
        if (found == semaphore.held.end())
            return 0;
        const auto taken = std::min(most, found->second);
        found->second -= taken;
        if (found->second == 0)
            semaphore.held.erase(found);
        return taken;
    }

    static bool undo(State& semaphore, const Operation& operation) {
        if (!histories::undo(semaphore.lent, operation) || semaphore.free == semaphore.bound)
            return false;
        ++semaphore.free;
        return !semaphore.recovers || take_from(semaphore, operation.call.client, 1) == 1;
    }

    static bool die(State& semaphore, Client client) {
        const auto held = take_from(semaphore, client, never);
        semaphore.free += std::min(held, semaphore.bound - semaphore.free);
        return held != 0;
    }
};

}  // namespace steward::tests::histories
