#include "daemon/permits.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "daemon/call.hpp"
#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/retrying.hpp"
#include "proto/errors.hpp"
#include "shared/holdings.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
using shared::SemaphoreWord;

constexpr std::uint32_t recover_option = 1;

/// What a semaphore keeps in its header; the free permits are its word.
struct PermitsState {
    shared::HoldingsState holdings;
    shared::Field<std::uint64_t> bound;
};
static_assert(offsetof(PermitsState, holdings) == 0);  // see shared::contents_of

PermitsState& state_of(const Object& object) {
    return object.header->state_as<PermitsState>();
}

shared::Holdings holdings_of(const Object& object) {
    return {object.heap(), state_of(object).holdings};
}

std::uint64_t checked(std::int64_t permits) {
    if (permits < 0)
        throw Refusal(Errc::invalid_argument, "a semaphore has 0 permits or more, not " + std::to_string(permits));
    if (static_cast<std::uint64_t>(permits) > SemaphoreWord::most_permits)
        throw Refusal(Errc::semaphore_overflow, "a semaphore has at most " +
                                                    std::to_string(SemaphoreWord::most_permits) + " permits, not " +
                                                    std::to_string(permits));
    return static_cast<std::uint64_t>(permits);
}

/// Takes up to `most` permits from what a session's agents hold, `first` before the others.
void take_from_session(shared::Mutation& mutation, const Object& object, shared::Agent first, std::uint64_t most) {
    auto holdings = holdings_of(object);
    std::uint64_t taken = 0;
    const auto take = [&](shared::Offset<shared::Holder> holder) {
        const auto holding = holdings.get(holder);
        const auto count = std::min(holding.count, most - taken);
        if (count > 0 && holdings.take(mutation, holding.agent, count))
            taken += count;
    };
    if (const auto own = holdings.find(first))
        take(own);
    for (auto holder = holdings.first(); holder && taken < most;) {
        const auto next = holdings.next(holder);
        if (holdings.get(holder).agent.session == first.session)
            take(holder);
        holder = next;
    }
}

/// A Mutation for each agent, so that however many there are, none needs more of the undo log than there always is: a
/// session ends also where memory is full.
void take_back_from(const Object& object, shared::Agent agent) {
    retrying([&] {
        shared::Mutation mutation(object.heap());
        mutation.change(*object.header);
        auto holdings = holdings_of(object);
        const auto count = holdings.get(holdings.find(agent)).count;
        const auto word = object.word();
        const auto missing =
            Permits::bound_of(object) - std::min(SemaphoreWord::permits(word), Permits::bound_of(object));
        if (holdings.take(mutation, agent, count))
            object.change_word(mutation, word, word + std::min(count, missing));
    });
}

void add_permits(shared::Mutation& mutation, const Object& object, shared::Agent agent, std::uint64_t given) {
    const auto word = object.word();
    const auto free = SemaphoreWord::permits(word);
    const auto bound = Permits::bound_of(object);
    if (free > bound || given > bound - free)
        throw Refusal(Errc::semaphore_overflow, object.called() + " has " + std::to_string(free) +
                                                    " free permits and can have " + std::to_string(bound) + "; " +
                                                    std::to_string(given) + " more do not fit");
    if (Permits::recovers(object))
        take_from_session(mutation, object, agent, given);
    object.change_word(mutation, word, word + given);  // model: give_for
}

Registry::Initialize beginning_with(std::uint64_t permits, std::uint64_t bound) {
    return [permits, bound](shared::Mutation& mutation, const Object& object) {
        mutation.store(state_of(object).bound, bound);
        object.word_line().bound.store(bound);
        object.set_word(mutation, permits);
    };
}

}  // namespace

bool Permits::recovers(const Object& object) {
    return (object.options() & recover_option) != 0;
}

std::uint64_t Permits::free_permits_of(const Object& object) {
    return SemaphoreWord::permits(object.word());
}

std::uint64_t Permits::acquisitions(const Object& object) const {
    return ObjectClass::acquisitions(object) + SemaphoreWord::taken(object.word());
}

std::uint64_t Permits::bound_of(const Object& object) {
    return state_of(object).bound.load();
}

proto::Opened Permits::open(Call& call, const proto::Open& open, const Options& options) {
    const auto permits = checked(options.permits);
    const auto bound = options.bounded ? permits : SemaphoreWord::most_permits;
    const std::array fixed{
        FixedOption{"recover", options.recover ? 1 : 0,
                    [](const Object& object) -> std::int64_t { return recovers(object) ? 1 : 0; }},
        FixedOption{"permits", options.permits,
                    [](const Object& object) { return static_cast<std::int64_t>(bound_of(object)); }},
    };
    return call.daemon.registry.open(call, open,
                                     {.type = options.type,
                                      .options = options.recover ? recover_option : 0,
                                      .fixed = std::span(fixed).first(options.bounded ? 2 : 1)},
                                     beginning_with(permits, bound));
}

std::uint64_t Permits::permits_without_holders(const Object& object) {
    auto permits = free_permits_of(object);
    if (!recovers(object))
        return permits;
    const auto holdings = holdings_of(object);
    for (auto holder = holdings.first(); holder; holder = holdings.next(holder))
        permits += holdings.get(holder).count;
    return std::min(permits, bound_of(object));
}

Object Permits::restore_as(const Restore& restore, proto::ObjectType type, const Former& former) {
    if (former.bound > SemaphoreWord::most_permits || former.permits > former.bound)
        throw Refusal(Errc::semaphore_overflow, "a semaphore of " + std::to_string(former.bound) +
                                                    " permits cannot have " + std::to_string(former.permits) +
                                                    " free ones");
    return restore.make({.type = type, .options = former.recover ? recover_option : 0},
                        beginning_with(former.permits, former.bound));
}

bool Permits::ready_for(const Object& object, const Claim& claim) const {
    return free_permits_of(object) >= claim.amount;
}

Grant Permits::grant(shared::Mutation& mutation, const Object& object, const Claim& claim, std::uint64_t now_ns) const {
    if (recovers(object))
        holdings_of(object).add(mutation, claim.agent, claim.amount, now_ns, claim.place);
    const auto word = object.word();
    if (SemaphoreWord::permits(word) < claim.amount)
        throw shared::WordChanged();
    object.change_word(mutation, word, word - claim.amount);  // model: grant_permit
    return {};
}

/// Not before: a grant that finds the word changed is done over.
void Permits::finish_grant(const Object& object, const Claim&, Grant&, std::uint64_t) const {
    object.word_line().acquisitions.fetch_add(1, std::memory_order_relaxed);
}

std::optional<std::uint8_t> Permits::want_among_several(shared::WaitMode, bool shared) const {
    return shared ? std::nullopt : std::optional<std::uint8_t>(0);
}

void Permits::check_possible(const Object& object, const Claim& claim) const {
    if (claim.amount > bound_of(object))
        throw Refusal(Errc::invalid_argument, object.called() + " has " + std::to_string(bound_of(object)) +
                                                  " permits in all, and " + std::to_string(claim.amount) +
                                                  " can never be acquired");
}

bool Permits::is_held(const Object& object, const Claim&) const {
    return recovers(object);
}

std::vector<shared::Agent> Permits::holders(const Object& object) const {
    std::vector<shared::Agent> agents;
    if (!recovers(object))
        return agents;
    const auto holdings = holdings_of(object);
    for (auto holder = holdings.first(); holder; holder = holdings.next(holder))
        agents.push_back(holdings.get(holder).agent);
    return agents;
}

Dependence Permits::dependence(const Object& object) const {
    return recovers(object) ? Dependence::any_holder : Dependence::nobody;
}

/// Permits belong to the process: any thread of it may give them back, so none goes with its thread.
void Permits::take_back(const Object& object, const Departed& departed, std::uint64_t) const {
    if (departed.thread)
        return;
    for (const auto agent : holders(object))
        if (departed.was(agent))
            take_back_from(object, agent);
}

void Permits::give_back(shared::Mutation& mutation, const Object& object, const Claim& claim, std::uint64_t) const {
    add_permits(mutation, object, claim.agent, claim.amount);
}

void Permits::describe(const Daemon& daemon, const Object& object, proto::ObjectInfo& info) const {
    info.count = free_permits_of(object);
    info.state = std::to_string(info.count) + " free";
    if (bound_of(object) != SemaphoreWord::most_permits)
        info.state += " of " + std::to_string(bound_of(object));
    if (!recovers(object))
        return;
    const auto holdings = holdings_of(object);
    for (auto holder = holdings.first(); holder; holder = holdings.next(holder)) {
        const auto holding = holdings.get(holder);
        info.holders.push_back(daemon.describe(holding.agent, holding.since_ns, holding.count, holding.place));
    }
}

void Permits::discard_contents(shared::Mutation& mutation, const Object& object) const {
    if (recovers(object))
        holdings_of(object).clear(mutation);
}

void Permits::release(Call& call, const Object& object, shared::Agent agent, std::int64_t permits) {
    if (permits < 0)
        throw Refusal(Errc::invalid_argument, "0 permits or more are given back, not " + std::to_string(permits));
    retrying([&] {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        add_permits(mutation, object, agent, static_cast<std::uint64_t>(permits));
        call.record(mutation, *object.domain, proto::Nothing{});
    });
    call.daemon.waiting.advance(object);
}

}  // namespace steward::daemon
