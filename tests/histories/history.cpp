#include "tests/histories/history.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "proto/envelope.hpp"
#include "tests/histories/models/keyed.hpp"

namespace steward::tests::histories {
namespace {

bool is_pending(const Call& call) {
    return call.outcome == Outcome::open || call.outcome == Outcome::lost;
}

bool only_looks(Verb verb) {
    switch (verb) {
        case Verb::broken:
        case Verb::contains:
        case Verb::copy:
        case Verb::count:
        case Verb::held_by_me:
        case Verb::is_set:
        case Verb::join:
        case Verb::locked:
        case Verb::n_waiting:
        case Verb::readers:
        case Verb::shared_by_me:
        case Verb::size:
        case Verb::token:
        case Verb::value: return true;
        default: return false;
    }
}

bool may_wait(Verb verb) {
    switch (verb) {
        case Verb::acquire:
        case Verb::acquire_shared:
        case Verb::get:
        case Verb::put:
        case Verb::take:
        case Verb::wait: return true;
        default: return false;
    }
}

Nanoseconds end_of(const Call& call) {
    return is_pending(call) ? never : call.returned;
}

/// Whether somebody else may wait for the object during a call, whoever waits until `end`.
bool somebody_waits_during(const History& history, const Call& call,
                           const std::function<Nanoseconds(const Call&)>& end) {
    return call.client != history.settler && std::ranges::any_of(history.calls, [&](const Call& other) {
               return &other != &call && may_wait(other.verb) && other.called <= end_of(call) &&
                      end(other) >= call.called;
           });
}

Operation part_of(const Call& call, Part part, std::int64_t wait) {
    Operation operation{.call = call, .part = part, .wait = wait, .called = call.called, .returned = end_of(call)};
    if (operation.pending())
        operation.call.returned = 0;  // it may happen later, too
    return operation;
}

/// The parts of a call that waits inside. One that may not have returned may have left in any way.
void add_parts(std::vector<Operation>& operations, const Call& call, Waits waits, std::int64_t wait) {
    if (waits == Waits::with_a_lock && call.outcome == Outcome::refused) {
        operations.push_back(part_of(call, Part::whole, wait));
        return;
    }
    std::vector parts{Part::begin};
    if (waits == Waits::with_a_lock && (call.outcome == Outcome::nothing || is_pending(call)))
        parts.push_back(Part::expire);
    if (waits == Waits::with_a_lock || !is_pending(call))
        parts.push_back(Part::end);
    if (waits == Waits::with_a_lock && is_pending(call))
        parts.push_back(Part::leave);
    if (is_pending(call))
        parts.push_back(Part::leave_openly);
    for (const auto part : parts)
        operations.push_back(part_of(call, part, wait));
}

/// How often the connection of a client was lost, or its daemon, while it waited for the reply.
std::ptrdiff_t losses_during(const History& history, const Call& call) {
    auto end = end_of(call);
    for (const auto& [client, since] : history.deaths)
        if (client == call.client)
            end = std::min(end, since);
    return std::ranges::count_if(history.losses, [&](const Loss& loss) {
        return (!loss.of || *loss.of == call.client) && call.called <= loss.at && loss.at <= end;
    });
}

/// Of a daemon that was stopped, away or busy: the library gives no call up sooner, and no daemon calls one late.
bool may_have_been_given_up(const Call& call) {
    return call.outcome == Outcome::nothing &&
           call.returned - call.called >= static_cast<Nanoseconds>(proto::most_delay_ns);
}

/// By then a daemon has heard that a call was given up. 0: that is not known.
Nanoseconds withdrawn_by(const History& history, const Call& call) {
    const auto answers = history.answers.find(call.client);
    if (answers == history.answers.end())
        return 0;
    const auto next = std::ranges::lower_bound(answers->second, call.returned, {}, &Answer::asked);
    return next == answers->second.end() ? 0 : next->came;
}

/// Of a call of which it is not known whether it happened; not behind that time, where there is one.
void add_parts_that_may_be(std::vector<Operation>& operations, Call call, Waits waits, std::int64_t wait,
                           Nanoseconds until) {
    const auto first = static_cast<std::ptrdiff_t>(operations.size());
    call.outcome = Outcome::lost;
    add_parts(operations, call, waits, wait);
    std::for_each(operations.begin() + first, operations.end(),
                  [&](Operation& operation) { operation.call.returned = until; });
}

/// Of one that was refused, or whose time was over, while its connection was lost nothing is recorded: it asks again,
/// and may wait once more.
void add_lost_attempts(std::vector<Operation>& operations, const History& history, const Call& call, Waits waits,
                       std::int64_t wait) {
    for (auto attempt = losses_during(history, call); attempt > 0; --attempt)
        add_parts_that_may_be(operations, call, waits, wait, is_pending(call) ? 0 : call.returned);
}

/// A wait at a barrier. One that was given up ends when a daemon hears of it, or finds its time over, but never passes.
void add_party(std::vector<Operation>& operations, const History& history, const Call& call, std::int64_t wait) {
    const auto first = static_cast<std::ptrdiff_t>(operations.size());
    if (may_have_been_given_up(call))
        add_parts_that_may_be(operations, call, Waits::among_parties, wait, withdrawn_by(history, call));
    else
        add_parts(operations, call, Waits::among_parties, wait);
    std::for_each(operations.begin() + first, operations.end(),
                  [&](Operation& operation) { operation.given_up = may_have_been_given_up(call); });
    add_lost_attempts(operations, history, call, Waits::among_parties, wait);
}

/// What no client does by itself, in whatever state the object is.
bool is_carried_out_by_a_daemon(Verb verb) {
    switch (verb) {
        case Verb::append:
        case Verb::done:
        case Verb::give_back:
        case Verb::increment:
        case Verb::insert:
        case Verb::pop:
        case Verb::pop_item:
        case Verb::put:
        case Verb::remove_value:
        case Verb::reverse:
        case Verb::set_default:
        case Verb::set_slice:
        case Verb::sort:
        case Verb::take:
        case Verb::task_done:
        case Verb::update: return true;
        default: return false;
    }
}

/// Until then a daemon may have taken a client for one who waits. Who was woken by whoever released a lock tells the
/// daemon with what he sends next.
Nanoseconds waits_until(const History& history, const Call& call) {
    const auto heard = withdrawn_by(history, call);
    return is_pending(call) || heard == 0 ? never : heard;
}

/// Whether, during a call, an object may have been kept for somebody else who is served already.
bool is_kept_for_another(const History& history, const Call& call) {
    return somebody_waits_during(history, call, [&](const Call& other) { return waits_until(history, other); });
}

/// Of one that was given up, and may have been granted before that was heard of, which is later than its return.
void add_withdrawal(std::vector<Operation>& operations, const History& history, Call call, std::int64_t wait) {
    call.returned = withdrawn_by(history, call);
    call.outcome = Outcome::lost;
    for (const auto part : {Part::lend, Part::undo})
        operations.push_back({.call = call, .part = part, .wait = wait, .called = call.called});
}

void add_deaths(std::vector<Operation>& operations, const History& history) {
    std::set<Client> clients;
    for (const auto& call : history.calls)
        clients.insert(call.client);
    for (const auto& [client, since] : history.deaths)
        if (clients.contains(client))
            operations.push_back({.call = {.client = client}, .part = Part::death, .called = since});
    if (history.burial != never)
        operations.push_back({.part = Part::burial, .called = history.burial, .returned = history.burial});
}

}  // namespace

Answers answers_in(const std::vector<Call>& calls) {
    Answers answers;
    for (const auto& call : calls)
        if (call.outcome == Outcome::done && is_carried_out_by_a_daemon(call.verb))
            answers[call.client].push_back({.asked = call.called, .came = call.returned});
    return answers;
}

std::vector<Operation> operations_of(const History& history, Waits waits, Deaths deaths) {
    std::vector<Operation> operations;
    std::int64_t wait = 0;
    for (const auto& call : history.calls) {
        ++wait;
        if (is_pending(call) && only_looks(call.verb))
            continue;
        if (call.verb == Verb::wait && waits != Waits::in_one_moment) {
            if (waits == Waits::among_parties)
                add_party(operations, history, call, wait);
            else
                add_parts(operations, call, waits, wait);
            continue;
        }
        operations.push_back(part_of(call, Part::whole, wait));
        if (call.outcome == Outcome::nothing || call.verb == Verb::locked)
            operations.back().contended = somebody_waits_during(history, call, end_of);
        if (call.outcome == Outcome::nothing)
            operations.back().kept = is_kept_for_another(history, call);
        if (may_have_been_given_up(call)) {
            operations.back().given_up = true;
            if (may_wait(call.verb) && call.verb != Verb::put)  // a put is given up only where it has not happened
                add_withdrawal(operations, history, call, wait);
        }
    }
    if (deaths == Deaths::free_what_was_held)
        add_deaths(operations, history);
    return operations;
}

std::vector<History> by_key(const History& history) {
    if (!std::ranges::all_of(history.calls, is_about_one_key, &Call::verb))
        return {history};
    std::map<std::int64_t, History> by_key;
    for (const auto& call : history.calls) {
        auto& part = by_key[call.arguments[0]];
        part.settler = history.settler;
        part.calls.push_back(call);
    }
    std::vector<History> parts;
    for (auto& [key, part] : by_key)
        parts.push_back(std::move(part));
    return parts;
}

}  // namespace steward::tests::histories
