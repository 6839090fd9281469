#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/histories/operation.hpp"
#include "tests/histories/state_hash.hpp"

namespace steward::tests::histories {

/// What a type of objects promises, one operation after another: changes the state as the operation does. False: it
/// cannot have happened in this state, or not with what it returned; the state is anything then.
template <class M>
concept Model = requires(const M& model, typename M::State& state, const Operation& operation) {
    { model.initial() } -> std::same_as<typename M::State>;
    { M::step(state, operation) } -> std::same_as<bool>;
    { std::as_const(state).hash() } -> std::same_as<std::uint64_t>;
    { state == state } -> std::convertible_to<bool>;
};

enum class Verdict : std::uint8_t {
    linearizable,
    violated,
    undecided  ///< the search took too many steps
};

struct Finding {
    Verdict verdict = Verdict::linearizable;
    std::uint64_t steps = 0;
    std::vector<std::size_t> order;  ///< the longest that was found, of operations by their index
    std::size_t stuck_at = 0;        ///< the operation that returned before any order had it
};

inline constexpr std::uint64_t most_steps = 20'000'000;

/// Looks for an order of operations that keeps the order of those that do not overlap and in which each is what the
/// model says. Those that are pending may be in it or not.
///
/// Wing and Gong's search (Testing and Verifying Concurrent Objects, JPDC 1993) over a list of calls and returns, with
/// Lowe's memory of what was tried (Testing for linearizability, CCPE 2017): the same operations done and the same
/// state reached need no second look.
template <Model M>
class Search {
  public:
    Search(const M& model, const std::vector<Operation>& operations)
        : operations_(operations),
          state_(model.initial()),
          links_(2 * operations.size() + 2),
          is_done_(operations.size()),
          chosen_((operations.size() + 63) / 64),
          ends_with_(operations.size(), operations.size()) {
        link_events();
        find_ends();
    }

    Finding run(std::uint64_t limit = most_steps) {
        Finding finding;
        auto event = links_[completed].next;
        while (open_returns_ != 0) {
            if (++finding.steps > limit) {
                finding.verdict = Verdict::undecided;
                return finding;
            }
            if (is_return(event)) {
                event = begin_with_pending(event);
            } else if (may_be_next(event)) {
                event = try_now(event) ? links_[completed].next : links_[event].next;
            } else {
                note_longest(finding);
                if (done_.empty()) {
                    finding.verdict = Verdict::violated;
                    return finding;
                }
                event = take_back();
            }
        }
        return finding;
    }

  private:
    /// Events are numbered: the heads of two lists, then the call and the return of each operation. In one list are
    /// those of what was completed, in the other the calls that are pending. Those are tried only where nothing else
    /// can come next: most of them are not needed, and what was done in vain costs a search of all that follows.
    using Event = std::uint32_t;
    static constexpr Event completed = 0;
    static constexpr Event pending = 1;
    static constexpr Event none = completed;

    struct Links {
        Event previous = none;
        Event next = none;
    };

    struct Done {
        std::size_t operation;
        typename M::State before;
        Nanoseconds latest_before;
    };

    /// Which operations that were completed are done, as a sum of random numbers of theirs (with 128 bits two sums are
    /// never equal by chance), and the state.
    struct Configuration {
        std::uint64_t first = 0;
        std::uint64_t second = 0;
        typename M::State state;
        bool operator==(const Configuration&) const = default;
    };
    struct HashOfConfiguration {
        std::size_t operator()(const Configuration& each) const { return each.first ^ each.state.hash(); }
    };

    /// Which of the pending ones are done.
    using Chosen = std::vector<std::uint64_t>;

    static bool is_part_of(const Chosen& fewer, const Chosen& more) {
        return std::ranges::equal(fewer, more, [](auto left, auto right) { return (left & ~right) == 0; });
    }

    static Event call_of(std::size_t operation) { return static_cast<Event>(2 * operation + 2); }
    static Event return_of(std::size_t operation) { return static_cast<Event>(2 * operation + 3); }
    static bool is_call(Event event) { return event > pending && event % 2 == 0; }
    static bool is_return(Event event) { return event > pending && event % 2 == 1; }
    static std::size_t operation_of(Event event) { return event / 2 - 1; }

    Nanoseconds time_of(Event event) const {
        const auto& operation = operations_[operation_of(event)];
        return is_call(event) ? operation.called : operation.returned;
    }

    /// Where a call and a return are at the same time, they overlap. What is pending has no return.
    void link_events() {
        std::vector<Event> events;
        for (std::size_t i = 0; i < operations_.size(); ++i) {
            events.push_back(call_of(i));
            if (operations_[i].pending())
                continue;
            events.push_back(return_of(i));
            ++open_returns_;
        }
        std::ranges::stable_sort(events, [&](Event left, Event right) {
            return std::pair(time_of(left), !is_call(left)) < std::pair(time_of(right), !is_call(right));
        });
        std::array last{completed, pending};
        for (const auto event : events) {
            auto& before = last.at(operations_[operation_of(event)].pending() ? pending : completed);
            links_[before].next = event;
            links_[event].previous = before;
            before = event;
        }
    }

    /// All that was completed and could come next has been tried, up to the first return.
    Event begin_with_pending(Event first_return) {
        first_return_ = first_return;
        return links_[pending].next;
    }

    bool may_be_next(Event event) const {
        if (event == none)
            return false;
        const auto& operation = operations_[operation_of(event)];
        return !operation.pending() || operation.called <= time_of(first_return_);
    }

    /// Of what may only have happened before its call returned, unlike what did not return at all.
    bool is_too_late(const Operation& operation) const {
        return operation.pending() && operation.call.returned != 0 && latest_ > operation.call.returned;
    }

    void note_longest(Finding& finding) const {
        if (!finding.order.empty() && done_.size() < finding.order.size())
            return;
        finding.stuck_at = operation_of(first_return_);
        finding.order.clear();
        for (const auto& done : done_)
            finding.order.push_back(done.operation);
    }

    /// What did not return before its client died does not happen any more once it is dead for the object.
    void find_ends() {
        for (std::size_t death = 0; death < operations_.size(); ++death)
            if (operations_[death].part == Part::death)
                for (std::size_t i = 0; i < operations_.size(); ++i)
                    if (operations_[i].pending() && operations_[i].call.client == operations_[death].call.client)
                        ends_with_[i] = death;
    }
    /// Of pending operations that come to the same, the one is tried that may not happen later, unless it began so late
    /// that others could not happen behind it: the rest can do in its place what it could, and longer.
    bool is_kept_for_later(std::size_t operation) const {
        if constexpr (requires { M::are_alike(operations_[0], operations_[0]); }) {
            if (!operations_[operation].pending())
                return false;
            for (Event event = links_[pending].next; event != none && may_be_next(event); event = links_[event].next) {
                const auto other = operation_of(event);
                if (other != operation && M::are_alike(operations_[other], operations_[operation]) &&
                    !is_too_late(operations_[other]) && !has_ended(other) && goes_first(other, operation))
                    return true;
            }
        }
        return false;
    }
    bool goes_first(std::size_t one, std::size_t other) const {
        const auto last_moment = [&](std::size_t operation) {
            const auto returned = operations_[operation].call.returned;
            return std::pair(returned == 0 ? never : returned, operation);
        };
        return operations_[one].called <= std::max(latest_, operations_[other].called) &&
               last_moment(one) < last_moment(other);
    }

    bool has_ended(std::size_t operation) const {
        return ends_with_[operation] < operations_.size() && is_done_[ends_with_[operation]];
    }

    bool try_now(Event event) {
        const auto operation = operation_of(event);
        if (has_ended(operation) || is_too_late(operations_[operation]) || is_kept_for_later(operation))
            return false;
        auto next = state_;
        if (!M::step(next, operations_[operation]))
            return false;
        done_.push_back({operation, std::exchange(state_, std::move(next)), latest_});
        latest_ = std::max(latest_, operations_[operation].called);
        is_done_[operation] = true;
        unlink(event);
        if (operations_[operation].pending()) {
            chosen_[operation / 64] ^= bit_of(operation);
        } else {
            unlink(return_of(operation));
            --open_returns_;
            first_ += scrambled(2 * operation);
            second_ += scrambled(2 * operation + 1);
        }
        if (is_worth_a_look())
            return true;
        take_back();
        return false;
    }

    static std::uint64_t bit_of(std::size_t operation) { return std::uint64_t{1} << (operation % 64); }

    /// Not where all this was reached before with fewer of the pending ones, and so with more to choose from.
    bool is_worth_a_look() {
        auto& tried = tried_[{first_, second_, state_}];
        if (std::ranges::any_of(tried, [&](const Chosen& fewer) { return is_part_of(fewer, chosen_); }))
            return false;
        tried.push_back(chosen_);
        return true;
    }

    /// The last that was done. Returns what to try in its place.
    Event take_back() {
        const auto operation = done_.back().operation;
        state_ = std::move(done_.back().before);
        latest_ = done_.back().latest_before;
        done_.pop_back();
        is_done_[operation] = false;
        if (operations_[operation].pending()) {
            chosen_[operation / 64] ^= bit_of(operation);
        } else {
            first_ -= scrambled(2 * operation);
            second_ -= scrambled(2 * operation + 1);
            relink(return_of(operation));
            ++open_returns_;
        }
        relink(call_of(operation));
        for (first_return_ = links_[completed].next; !is_return(first_return_);)
            first_return_ = links_[first_return_].next;
        return links_[call_of(operation)].next;
    }

    void unlink(Event event) {
        links_[links_[event].previous].next = links_[event].next;
        if (links_[event].next != none)
            links_[links_[event].next].previous = links_[event].previous;
    }
    void relink(Event event) {
        links_[links_[event].previous].next = event;
        if (links_[event].next != none)
            links_[links_[event].next].previous = event;
    }

    const std::vector<Operation>& operations_;
    typename M::State state_;
    std::vector<Links> links_;
    std::vector<bool> is_done_;
    Chosen chosen_;
    std::vector<std::size_t> ends_with_;  ///< the death of its client; their number: it does not end
    std::size_t open_returns_ = 0;
    Event first_return_ = none;
    Nanoseconds latest_ = 0;  ///< of the calls that are done
    std::uint64_t first_ = 0;
    std::uint64_t second_ = 0;
    std::vector<Done> done_;
    std::unordered_map<Configuration, std::vector<Chosen>, HashOfConfiguration> tried_;
};

template <Model M>
Finding check(const M& model, const std::vector<Operation>& operations, std::uint64_t limit = most_steps) {
    return Search<M>(model, operations).run(limit);
}

}  // namespace steward::tests::histories
