#include "daemon/ownership.hpp"

#include <algorithm>

#include "daemon/daemon.hpp"
#include "daemon/retrying.hpp"
#include "proto/errors.hpp"
#include "shared/abandonment.hpp"
#include "shared/statistics.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
using shared::Agent;
using shared::LockWord;

std::string told(const Object& object, const proto::AgentInfo& agent) {
    return object.called() + " is held by pid " + std::to_string(agent.pid) + " " + agent.command + " (thread " +
           std::to_string(agent.thread) + ")";
}

void record_death(shared::Mutation& mutation, const Object& object, const Departed& departed, std::uint64_t now_ns) {
    const auto since_ns = object.word_line().since_ns.load(std::memory_order_relaxed);
    shared::record_abandonment(mutation, *object.header,
                               {.process = {.pid = static_cast<std::uint32_t>(departed.pid), .uid = departed.uid},
                                .when_ns = realtime_now_ns(),
                                .held_for_ns = now_ns - std::min(now_ns, since_ns),
                                .command = departed.command});
}

void note_hold(const Object& object, std::uint64_t now_ns) {
    if (object.has_flag(shared::word_granted))
        return;  // it was not taken
    const auto since_ns = object.word_line().since_ns.load(std::memory_order_relaxed);
    shared::note_held(object.heap(), *object.header, now_ns - std::min(now_ns, since_ns));
}

}  // namespace

Ownership::State& Ownership::state_of(const Object& object) {
    return object.header->state_as<State>();
}

Agent Ownership::owner_of(const Object& object) {
    return LockWord::owner(object.word());
}

std::uint64_t Ownership::token_of(const Object& object) {
    return object.word_line().token.load(std::memory_order_relaxed);
}

std::optional<proto::Abandonment> Ownership::last_abandonment_of(const Object& object) {
    const auto record = shared::last_abandonment(object.heap(), *object.header);
    if (!record)
        return std::nullopt;
    return proto::Abandonment{.pid = static_cast<std::int32_t>(record->process.pid),
                              .uid = record->process.uid,
                              .command = std::string(record->command),
                              .when_ns = static_cast<std::int64_t>(record->when_ns),
                              .held_for_ns = static_cast<std::int64_t>(record->held_for_ns)};
}

std::optional<proto::Abandonment> Ownership::untold_abandonment_of(const Object& object) {
    return object.has_flag(shared::word_news) ? last_abandonment_of(object) : std::nullopt;
}

bool Ownership::ready_for(const Object& object, const Claim&) const {
    return object.word() == LockWord::free;
}

Grant Ownership::grant(shared::Mutation& mutation, const Object& object, const Claim& claim, std::uint64_t) const {
    // model: grant
    object.change_word(mutation, LockWord::free, LockWord::held_by(claim.agent));
    object.clear_flags(mutation, shared::word_news);
    return {.number = claim.amount, .abandoned = untold_abandonment_of(object), .draws_token = true};
}

/// Who takes it has been told, so it is he who clears `news`.
Grant Ownership::offer(shared::Mutation& mutation, const Object& object, const Claim& claim) const {
    // model: offer
    object.change_word(mutation, LockWord::free, LockWord::held_by(claim.agent));
    object.set_flags(mutation, shared::word_granted);
    return {.number = claim.amount, .abandoned = untold_abandonment_of(object), .is_offer = true};
}

std::optional<Grant> Ownership::offered(const Object& object, const Claim& claim) const {
    if (!object.has_flag(shared::word_granted) || owner_of(object) != claim.agent)
        return std::nullopt;
    return Grant{.number = claim.amount, .abandoned = untold_abandonment_of(object), .is_offer = true};
}

/// The token is drawn by whoever holds the word, clients and daemon alike: drawn before, it could be given after a
/// larger one that a client drew meanwhile. Where the daemon dies in between, the acquisition has none, and nobody has
/// been told of it.
void Ownership::finish_grant(const Object& object, const Claim& claim, Grant& grant, std::uint64_t now_ns) const {
    if (!grant.draws_token)
        return;
    auto& line = object.word_line();
    grant.token = line.token.fetch_add(1, std::memory_order_relaxed) + 1;
    line.acquisitions.fetch_add(1, std::memory_order_relaxed);
    line.since_ns.store(now_ns, std::memory_order_relaxed);
    line.place.store(claim.place, std::memory_order_relaxed);
}

std::optional<std::uint8_t> Ownership::want_among_several(shared::WaitMode, bool shared) const {
    return shared ? std::nullopt : std::optional<std::uint8_t>(0);
}

std::vector<Agent> Ownership::holders(const Object& object) const {
    const auto owner = owner_of(object);
    if (!owner)
        return {};
    return {owner};
}

std::optional<Agent> Ownership::only_holder(const Object& object) const {
    const auto owner = owner_of(object);
    return owner ? std::optional(owner) : std::nullopt;
}

void Ownership::free(shared::Mutation& mutation, const Object& object, Agent owner) {
    // model: release_for free_dead
    object.change_word(mutation, LockWord::held_by(owner), LockWord::free);
    object.clear_flags(mutation, shared::word_counted | shared::word_granted);
}

void Ownership::take_back(const Object& object, const Departed& departed, std::uint64_t now_ns) const {
    if (!departed.was(owner_of(object)))
        return;
    note_hold(object, now_ns);
    retrying([&] {
        const auto owner = owner_of(object);
        if (!departed.was(owner))
            return;
        try {
            take_from(object, owner, departed, now_ns);
        } catch (const shared::NoMemory&) {  // then free it without the record
            shared::Mutation mutation(object.heap());
            mutation.change(*object.header);
            free(mutation, object, owner);
        }
    });
}

void Ownership::take_from(const Object& object, Agent owner, const Departed& departed, std::uint64_t now_ns) {
    const bool taken = !object.has_flag(shared::word_granted);
    shared::Mutation mutation(object.heap());
    mutation.change(*object.header);
    free(mutation, object, owner);
    if (!departed.abandoned || !taken)
        return;
    record_death(mutation, object, departed, now_ns);
    object.set_flags(mutation, shared::word_news);
}

void Ownership::give_back(shared::Mutation& mutation, const Object& object, const Claim& claim,
                          std::uint64_t now_ns) const {
    if (owner_of(object) != claim.agent)
        throw Refusal(Errc::not_owner, object.called() + " is not held by the caller");
    note_hold(object, now_ns);
    free(mutation, object, claim.agent);
}

/// Somebody may have taken it from the agent meanwhile.
void Ownership::undo(shared::Mutation& mutation, const Object& object, Session&, const Claim& claim, std::string_view,
                     std::uint64_t now_ns) const {
    const auto agents = holders(object);
    if (std::ranges::find(agents, claim.agent) != agents.end())
        give_back(mutation, object, claim, now_ns);
}

void Ownership::check_owner(const Daemon& daemon, const Object& object, Agent agent) {
    const auto owner = owner_of(object);
    if (!owner)
        throw Refusal(Errc::not_owner, object.called() + " is not held by anybody");
    if (owner != agent)
        throw Refusal(Errc::not_owner, told(object, daemon.describe(owner, 0, 1, 0)) + ", not by the caller");
}

void Ownership::describe(const Daemon& daemon, const Object& object, proto::ObjectInfo& info) const {
    auto& line = object.word_line();
    const auto owner = owner_of(object);
    info.state = !owner ? "free" : object.has_flag(shared::word_granted) ? "offered" : "held";
    info.count = owner ? times_owned(object) : 0;
    info.token = token_of(object);
    info.abandoned = last_abandonment_of(object);
    if (owner)
        info.holders.push_back(daemon.describe(owner, line.since_ns.load(std::memory_order_relaxed), info.count,
                                               static_cast<std::uint32_t>(line.place.load(std::memory_order_relaxed))));
}

void begin_tokens(const Daemon& daemon, const Object& object, std::uint64_t former) {
    object.word_line().token.store(std::max(daemon.registry.token_floor(), former), std::memory_order_relaxed);
    object.word_line().next.store(0, std::memory_order_relaxed);
}

std::uint64_t checked_token(std::uint64_t token) {
    constexpr std::uint64_t largest = std::uint64_t{1} << 62;  // of one lock, a billion a second for 146 years
    if (token > largest)
        throw Refusal(Errc::invalid_argument, "no lock has given token " + std::to_string(token));
    return token;
}

}  // namespace steward::daemon
