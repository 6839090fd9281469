#include "daemon/objects/rlock.hpp"

#include <algorithm>

#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/retrying.hpp"
#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {

/// An owner who acquired it by the word counts in the word's line, which is not part of any Mutation. As soon as the
/// daemon changes the count it counts itself, and the word says so.
std::uint64_t RLock::count_of(const Object& object) {
    if (!owner_of(object))
        return 0;
    if (object.has_flag(shared::word_counted))
        return state_of(object).count.load();
    return std::max<std::uint64_t>(1, object.word_line().levels.load(std::memory_order_relaxed));
}

void RLock::set_count(shared::Mutation& mutation, const Object& object, std::uint64_t count) {
    mutation.store(state_of(object).count, count);
    object.set_flags(mutation, shared::word_counted);  // model: set_count
}

bool RLock::ready_for(const Object& object, const Claim& claim) const {
    return Ownership::ready_for(object, claim) || goes_first(object, claim);
}

bool RLock::goes_first(const Object& object, const Claim& claim) const {
    return owner_of(object) == claim.agent && !object.has_flag(shared::word_granted);
}

Grant RLock::grant(shared::Mutation& mutation, const Object& object, const Claim& claim, std::uint64_t now_ns) const {
    if (owner_of(object) != claim.agent) {
        const bool once = claim.amount == 1 && object.word_line().levels.load(std::memory_order_relaxed) <= 1;
        auto grant = Ownership::grant(mutation, object, claim, now_ns);
        if (!once)
            set_count(mutation, object, claim.amount);  // model: grant_levels
        return grant;
    }
    const auto count = count_of(object) + claim.amount;
    set_count(mutation, object, count);
    return {.token = token_of(object), .number = count};
}

/// One that owns it already needs no offer.
Grant RLock::offer(shared::Mutation& mutation, const Object& object, const Claim& claim) const {
    return goes_first(object, claim) ? grant(mutation, object, claim, claim.since_ns)
                                     : Ownership::offer(mutation, object, claim);
}

/// One that owned it already did not have to wait for it.
bool RLock::makes_order(const Object& object, const Claim& claim) const {
    return count_of(object) == claim.amount;
}

void RLock::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    proto::rlock::Acquire::Result result;
    if (grant)
        result = {.acquired = !grant->is_offer,
                  .token = grant->token,
                  .count = grant->number,
                  .abandoned = grant->abandoned,
                  .offered = grant->is_offer};
    proto::encode_result(out, claim.request, result);
}

void RLock::give_back(shared::Mutation& mutation, const Object& object, const Claim& claim,
                      std::uint64_t now_ns) const {
    const auto count = count_of(object);
    if (owner_of(object) != claim.agent || count <= claim.amount)
        Ownership::give_back(mutation, object, claim, now_ns);
    else
        set_count(mutation, object, count - claim.amount);
}

std::string RLock::dumped_state(const Object& object) const {
    return packed_state(proto::dumped::RLock{.token = token_of(object)});
}

Object RLock::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::RLock>(state);
    return restore.make({.type = proto::ObjectType::rlock},
                        [&, token = checked_token(former.token)](shared::Mutation&, const Object& object) {
                            begin_tokens(restore.daemon(), object, token);
                        });
}

proto::rlock::Open::Result handle(Call& call, const proto::rlock::Open& message) {
    return call.daemon.registry.open(
        call, message.open, {.type = proto::ObjectType::rlock},
        [&](shared::Mutation&, const Object& object) { begin_tokens(call.daemon, object); });
}

void handle(Call& call, const proto::rlock::Acquire& message) {
    const auto object = call.object(message.object, proto::ObjectType::rlock, Access::write);
    call.daemon.waiting.enter(call, object, call.claim_by_word(object, message), message.timeout_ns);
}

proto::rlock::Release::Result handle(Call& call, const proto::rlock::Release& message) {
    const auto object = call.object(message.object, proto::ObjectType::rlock, Access::write);
    const auto agent = call.agent(message.thread);
    Ownership::check_owner(call.daemon, object, agent);
    const auto left = RLock::count_of(object) - 1;
    retrying([&] {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        class_of(proto::ObjectType::rlock).give_back(mutation, object, {.agent = agent}, call.daemon.now_ns);
        call.record(mutation, *object.domain, proto::rlock::Release::Result{.count = left});
    });
    if (left == 0) {
        if (!call.session.uses_word_of(object.id()))
            call.session.held.erase(object.id());
        call.daemon.waiting.advance(object);
    }
    return {.count = left};
}

proto::rlock::Holding::Result handle(Call& call, const proto::rlock::Holding& message) {
    const auto object = call.object(message.object, proto::ObjectType::rlock, Access::read);
    const auto owner = Ownership::owner_of(object);
    proto::rlock::Holding::Result result{.locked = static_cast<bool>(owner), .token = std::nullopt};
    if (owner && owner == call.agent(message.thread)) {
        result.token = Ownership::token_of(object);
        result.count = RLock::count_of(object);
    }
    return result;
}

}  // namespace steward::daemon
