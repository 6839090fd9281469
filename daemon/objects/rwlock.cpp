#include "daemon/objects/rwlock.hpp"

#include <algorithm>
#include <cstddef>

#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/retrying.hpp"
#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"
#include "shared/holdings.hpp"
#include "shared/object_state.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
using shared::RWLockWord;

enum RWLockWant : std::uint8_t { exclusive = 0, shared_with_others = 1 };

/// What an RWLock keeps in its header: what every owned object does, and its readers.
struct RWLockState {
    std::array<shared::Field<std::uint64_t>, 2> ownership;
    shared::HoldingsState readers;
};
static_assert(offsetof(RWLockState, readers) == offsetof(shared::HoldingsBehind, holdings));

shared::Holdings readers_of(const Object& object) {
    return {object.heap(), object.header->state_as<RWLockState>().readers};
}

std::uint64_t number_of_readers(const Object& object) {
    return RWLockWord::readers(object.word());
}

/// One hold of a reader ends, in this Mutation. False: the agent has none.
[[nodiscard]] bool leave(shared::Mutation& mutation, const Object& object, shared::Agent reader, std::uint64_t holds) {
    if (!readers_of(object).take(mutation, reader, holds))
        return false;
    const auto readers = number_of_readers(object);
    if (readers == 0)
        return true;  // something that does not keep the rules has written to the word
    // model: release_for free_dead
    object.change_word(mutation, RWLockWord::read_by(readers), RWLockWord::read_by(readers - std::min(readers, holds)));
    return true;
}

std::vector<shared::Agent> agents_of(const shared::Holdings& readers) {
    std::vector<shared::Agent> agents;
    for (auto reader = readers.first(); reader; reader = readers.next(reader))
        agents.push_back(readers.get(reader).agent);
    return agents;
}

void release(Call& call, const Object& object, const Claim& claim) {
    retrying([&] {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        class_of(proto::ObjectType::rwlock).give_back(mutation, object, claim, call.daemon.now_ns);
        call.record(mutation, *object.domain, proto::Nothing{});
    });
    call.daemon.waiting.advance(object);
}

}  // namespace

std::string_view RWLock::verb_of(const Claim& claim) const {
    return claim.want == exclusive ? "acquire" : "acquire_shared";
}

bool RWLock::ready_for(const Object& object, const Claim& claim) const {
    if (claim.want == exclusive)
        return Ownership::ready_for(object, claim);
    return !owner_of(object) && number_of_readers(object) < RWLockWord::most_readers;
}

Grant RWLock::grant(shared::Mutation& mutation, const Object& object, const Claim& claim, std::uint64_t now_ns) const {
    if (claim.want == exclusive)
        return Ownership::grant(mutation, object, claim, now_ns);
    readers_of(object).add(mutation, claim.agent, 1, now_ns, claim.place);
    const auto readers = number_of_readers(object);
    // model: grant
    object.change_word(mutation, RWLockWord::read_by(readers), RWLockWord::read_by(readers + 1));
    return {.abandoned = untold_abandonment_of(object)};
}

void RWLock::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    if (claim.want == exclusive) {
        proto::rwlock::Acquire::Result result;
        if (grant)
            result = {.acquired = !grant->is_offer,
                      .token = grant->token,
                      .abandoned = grant->abandoned,
                      .offered = grant->is_offer};
        proto::encode_result(out, claim.request, result);
    } else {
        proto::rwlock::AcquireShared::Result result;
        if (grant)
            result = {.acquired = true, .abandoned = grant->abandoned};
        proto::encode_result(out, claim.request, result);
    }
}

std::optional<std::uint8_t> RWLock::want_among_several(shared::WaitMode, bool shared) const {
    return shared ? shared_with_others : exclusive;
}

std::vector<shared::Agent> RWLock::holders(const Object& object) const {
    return owner_of(object) ? Ownership::holders(object) : agents_of(readers_of(object));
}

/// A Mutation for each reader, so that none needs more of the undo log than there always is.
void RWLock::take_back(const Object& object, const Departed& departed, std::uint64_t now_ns) const {
    Ownership::take_back(object, departed, now_ns);
    for (const auto agent : agents_of(readers_of(object))) {
        if (!departed.was(agent))
            continue;
        retrying([&] {
            shared::Mutation mutation(object.heap());
            mutation.change(*object.header);
            const auto readers = readers_of(object);
            static_cast<void>(leave(mutation, object, agent, readers.get(readers.find(agent)).count));
        });
    }
}

void RWLock::give_back(shared::Mutation& mutation, const Object& object, const Claim& claim,
                       std::uint64_t now_ns) const {
    if (claim.want == exclusive)
        Ownership::give_back(mutation, object, claim, now_ns);
    else if (!leave(mutation, object, claim.agent, 1))
        throw Refusal(Errc::not_owner, object.called() + " is not held by the caller as a reader");
}

void RWLock::describe(const Daemon& daemon, const Object& object, proto::ObjectInfo& info) const {
    Ownership::describe(daemon, object, info);
    const auto readers = readers_of(object);
    if (readers.empty())
        return;
    info.count = number_of_readers(object);
    info.state = "read by " + std::to_string(info.count);
    for (auto reader = readers.first(); reader; reader = readers.next(reader)) {
        const auto holding = readers.get(reader);
        info.holders.push_back(daemon.describe(holding.agent, holding.since_ns, holding.count, holding.place));
    }
}

void RWLock::discard_contents(shared::Mutation& mutation, const Object& object) const {
    readers_of(object).clear(mutation);
}

std::string RWLock::dumped_state(const Object& object) const {
    return packed_state(proto::dumped::RWLock{.token = token_of(object)});
}

Object RWLock::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::RWLock>(state);
    return restore.make({.type = proto::ObjectType::rwlock},
                        [&, token = checked_token(former.token)](shared::Mutation&, const Object& object) {
                            begin_tokens(restore.daemon(), object, token);
                        });
}

proto::rwlock::Open::Result handle(Call& call, const proto::rwlock::Open& message) {
    return call.daemon.registry.open(
        call, message.open, {.type = proto::ObjectType::rwlock},
        [&](shared::Mutation&, const Object& object) { begin_tokens(call.daemon, object); });
}

void handle(Call& call, const proto::rwlock::Acquire& message) {
    const auto object = call.object(message.object, proto::ObjectType::rwlock, Access::write);
    call.daemon.waiting.enter(call, object, call.claim_by_word(object, message), message.timeout_ns);
}

proto::rwlock::Release::Result handle(Call& call, const proto::rwlock::Release& message) {
    const auto object = call.object(message.object, proto::ObjectType::rwlock, Access::write);
    const auto agent = call.agent(message.thread);
    Ownership::check_owner(call.daemon, object, agent);
    release(call, object, {.agent = agent, .want = exclusive});
    return {};
}

void handle(Call& call, const proto::rwlock::AcquireShared& message) {
    const auto object = call.object(message.object, proto::ObjectType::rwlock, Access::write);
    const auto claim = call.claim(message.thread, message.where, shared_with_others);
    call.daemon.waiting.enter(call, object, claim, message.timeout_ns);
}

proto::rwlock::ReleaseShared::Result handle(Call& call, const proto::rwlock::ReleaseShared& message) {
    const auto object = call.object(message.object, proto::ObjectType::rwlock, Access::write);
    release(call, object, {.agent = call.agent(message.thread), .want = shared_with_others});
    return {};
}

proto::rwlock::Holding::Result handle(Call& call, const proto::rwlock::Holding& message) {
    const auto object = call.object(message.object, proto::ObjectType::rwlock, Access::read);
    const auto owner = Ownership::owner_of(object);
    const auto agent = call.agent(message.thread);
    proto::rwlock::Holding::Result result{.locked = static_cast<bool>(owner),
                                          .readers = number_of_readers(object),
                                          .token = std::nullopt,
                                          .shared = static_cast<bool>(readers_of(object).find(agent))};
    if (owner && owner == agent)
        result.token = Ownership::token_of(object);
    return result;
}

}  // namespace steward::daemon
