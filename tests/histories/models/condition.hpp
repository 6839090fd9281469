#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "tests/histories/history.hpp"
#include "tests/histories/models/ownership.hpp"

namespace steward::tests::histories {

/// With a lock of its own. A wait begins with giving that up and ends with having it back; between them it is notified
/// or its time is over.
struct ConditionModel {
    static constexpr auto deaths = Deaths::free_what_was_held;

    struct State {
        Client owner = 0;
        std::vector<std::int64_t> waiting;   ///< in the order of arrival
        std::vector<std::int64_t> notified;  ///< and not back yet
        std::vector<std::int64_t> expired;   ///< likewise
        std::vector<std::int64_t> lent;      ///< calls for its lock that were given up and got it

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(owner, waiting, notified, expired, lent); }

        std::int64_t notify(std::size_t count) {
            const auto woken = std::min(count, waiting.size());
            const auto last = waiting.begin() + static_cast<std::ptrdiff_t>(woken);
            notified.insert(notified.end(), waiting.begin(), last);
            std::ranges::sort(notified);
            waiting.erase(waiting.begin(), last);
            return static_cast<std::int64_t>(woken);
        }
    };

    static State initial() { return {}; }

    static bool step(State& condition, const Operation& operation) {
        const auto& call = operation.call;
        if (operation.part == Part::death)
            return let_go(condition, call.client);
        if (operation.part == Part::burial)
            return condition.owner == 0;
        if (operation.part == Part::undo)
            return undo(condition.lent, operation) && let_go(condition, call.client);
        if (operation.part == Part::lend)
            lend(condition.lent, operation);
        switch (call.verb) {
            case Verb::acquire:
                if (operation.did(Outcome::nothing))
                    return may_go_without_lock(operation, condition.owner == 0);
                return take(condition, call.client);
            case Verb::release:
                return owns_or_is_refused(operation, condition.owner) &&
                       (condition.owner != call.client || let_go(condition, call.client));
            case Verb::held_by_me: return operation.returns(condition.owner == call.client);
            case Verb::notify:
                if (!owns_or_is_refused(operation, condition.owner))
                    return false;
                return operation.did(Outcome::refused) ||
                       operation.returns(condition.notify(static_cast<std::size_t>(call.arguments[0])));
            case Verb::wait: return wait(condition, operation);
            default: return false;
        }
    }

  private:
    static bool take(State& condition, Client client) {
        if (condition.owner != 0)
            return false;
        condition.owner = client;
        return true;
    }

    static bool let_go(State& condition, Client client) {
        if (condition.owner != client)
            return false;
        condition.owner = 0;
        return true;
    }

    static bool wait(State& condition, const Operation& operation) {
        switch (operation.part) {
            case Part::begin:
                condition.waiting.push_back(operation.wait);
                return let_go(condition, operation.call.client);
            case Part::expire:
                condition.expired.push_back(operation.wait);
                std::ranges::sort(condition.expired);
                return std::erase(condition.waiting, operation.wait) != 0;
            case Part::end: return go_on(condition, operation);
            case Part::leave: return leave(condition, operation.wait, false);
            case Part::leave_openly: return leave(condition, operation.wait, true);
            case Part::whole:  // of one that does not hold the lock
                return operation.was_refused(errc::not_owner) && condition.owner != operation.call.client;
            default: return false;
        }
    }

    static bool go_on(State& condition, const Operation& operation) {
        const bool may_be_notified = operation.pending() || operation.did(Outcome::done);
        const bool may_be_expired = operation.pending() || operation.did(Outcome::nothing);
        const bool came_back = (may_be_notified && std::erase(condition.notified, operation.wait) != 0) ||
                               (may_be_expired && std::erase(condition.expired, operation.wait) != 0);
        return came_back && take(condition, operation.call.client);
    }

    /// One that was notified and does not come back has not used the notification up.
    static bool leave(State& condition, std::int64_t wait, bool passes_it_on) {
        if (std::erase(condition.waiting, wait) != 0 || std::erase(condition.expired, wait) != 0)
            return !passes_it_on;
        if (std::erase(condition.notified, wait) == 0)
            return false;
        return !passes_it_on || condition.notify(1) == 1;
    }
};

}  // namespace steward::tests::histories
