#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "tests/histories/operation.hpp"
#include "tests/histories/state_hash.hpp"

namespace steward::tests::histories {

/// A wait begins and ends at moments of their own. Between them it waits, has passed with an index, or was refused.
struct BarrierModel {
    std::size_t parties = 3;

    using Wait = std::int64_t;

    /// One that does not return: it need not be told from others, nor remembered how it ended.
    static constexpr Wait lost = 0;

    /// One whose client has gone on without it: it breaks the barrier and lets nobody through.
    static constexpr Wait given_up = -1;

    struct State {
        std::size_t parties = 0;
        bool broken = false;
        std::vector<Wait> waiting;                                  ///< in the order of arrival
        std::vector<std::pair<std::int64_t, std::int64_t>> passed;  ///< wait and index
        std::vector<Wait> refused;

        bool operator==(const State&) const = default;
        std::uint64_t hash() const { return hash_of(broken, waiting, passed, refused); }

        void refuse_all() {
            std::ranges::copy_if(waiting, std::back_inserter(refused), [](Wait wait) { return wait > lost; });
            std::ranges::sort(refused);
            waiting.clear();
        }
    };

    /// Those that do not return, or were lost, differ in nothing but their times.
    static bool are_alike(const Operation& one, const Operation& other) {
        return one.call.verb == Verb::wait && other.call.verb == Verb::wait && one.part == other.part &&
               one.given_up == other.given_up;
    }

    State initial() const { return {parties, false, {}, {}, {}}; }

    static bool step(State& barrier, const Operation& operation) {
        switch (operation.call.verb) {
            case Verb::wait: return wait(barrier, operation);
            case Verb::abort:
            case Verb::reset:
                barrier.refuse_all();
                barrier.broken = operation.call.verb == Verb::abort;
                return operation.returns(0);
            case Verb::broken: return operation.returns(barrier.broken);
            case Verb::n_waiting: return operation.returns(static_cast<std::int64_t>(barrier.waiting.size()));
            default: return false;
        }
    }

  private:
    static bool wait(State& barrier, const Operation& operation) {
        switch (operation.part) {
            case Part::begin: return arrive(barrier, who(operation));
            case Part::end: return go_on(barrier, operation);
            case Part::leave_openly: return give_up(barrier, who(operation));
            default: return false;
        }
    }

    static Wait who(const Operation& operation) {
        return !operation.pending() ? operation.wait : operation.given_up ? given_up : lost;
    }

    static bool arrive(State& barrier, Wait wait) {
        barrier.waiting.push_back(wait);
        if (barrier.broken) {
            barrier.refuse_all();
        } else if (barrier.waiting.size() == barrier.parties) {
            if (std::ranges::find(barrier.waiting, given_up) != barrier.waiting.end())
                return false;
            for (std::size_t index = 0; index < barrier.parties; ++index)
                if (barrier.waiting[index] != lost)
                    barrier.passed.emplace_back(barrier.waiting[index], static_cast<std::int64_t>(index));
            std::ranges::sort(barrier.passed);
            barrier.waiting.clear();
        }
        return true;
    }

    static bool go_on(State& barrier, const Operation& operation) {
        if (operation.did(Outcome::nothing))
            return give_up(barrier, operation.wait);
        if (operation.was_refused(errc::broken_barrier))
            return std::erase(barrier.refused, operation.wait) != 0;
        return operation.did(Outcome::done) &&
               std::erase(barrier.passed, std::pair(operation.wait, operation.call.result)) != 0;
    }

    static bool give_up(State& barrier, Wait wait) {
        if (std::erase(barrier.waiting, wait) == 0)
            return false;
        barrier.refuse_all();
        barrier.broken = true;
        return true;
    }
};

}  // namespace steward::tests::histories
