#include "daemon/objects/lock.hpp"

#include <algorithm>

#include "daemon/registry.hpp"
#include "proto/envelope.hpp"
#include "shared/abandonment.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
using shared::LockWord;

/// What a Lock keeps in its header; the rest of its state is its word line.
struct LockState {
    shared::Field<std::uint64_t> abandonment_untold;  ///< 1: the next owner has to be told of the last abandonment
};

LockState& state_of(const Object& object) {
    return object.header->state_as<LockState>();
}

shared::Agent owner_of(const Object& object) {
    return LockWord::owner(object.word());
}

std::optional<proto::Abandonment> last_abandonment_of(const Object& object) {
    const auto record = shared::last_abandonment(object.heap(), *object.header);
    if (!record)
        return std::nullopt;
    return proto::Abandonment{.pid = static_cast<std::int32_t>(record->process.pid),
                              .uid = record->process.uid,
                              .command = std::string(record->command),
                              .when_ns = static_cast<std::int64_t>(record->when_ns),
                              .held_for_ns = static_cast<std::int64_t>(record->held_for_ns)};
}

void record_death(shared::Mutation& mutation, const Object& object, const Departed& departed, std::uint64_t now_ns) {
    const auto since_ns = object.word_line().since_ns.load(std::memory_order_relaxed);
    shared::record_abandonment(mutation, *object.header,
                               {.process = {.pid = static_cast<std::uint32_t>(departed.pid), .uid = departed.uid},
                                .when_ns = realtime_now_ns(),
                                .held_for_ns = now_ns - std::min(now_ns, since_ns),
                                .command = departed.command});
    mutation.store(state_of(object).abandonment_untold, 1);
}

std::string told(const Object& object, const proto::AgentInfo& agent) {
    return "lock '" + std::string(object.name()) + "' is held by pid " + std::to_string(agent.pid) + " " +
           agent.command + " (thread " + std::to_string(agent.thread) + ")";
}

shared::Agent checked_agent(const Call& call, std::uint32_t thread) {
    if (thread > LockWord::largest_thread)
        throw Refusal(Errc::invalid_argument,
                      "thread " + std::to_string(thread) + " is above " + std::to_string(LockWord::largest_thread));
    return {.session = call.session.number, .thread = thread};
}

}  // namespace

bool Lock::ready_for(const Object& object, const Claim&) const {
    return object.word() == LockWord::free;
}

Grant Lock::grant(shared::Mutation& mutation, const Object& object, const Claim& claim, std::uint64_t now_ns) const {
    Grant grant;
    if (state_of(object).abandonment_untold.load() != 0) {
        grant.abandoned = last_abandonment_of(object);
        mutation.store(state_of(object).abandonment_untold, 0);
    }
    auto& line = object.word_line();
    // Raised before the word changes: a daemon that dies in between skips a token and never gives one twice.
    grant.token = line.token.fetch_add(1, std::memory_order_relaxed) + 1;
    line.acquisitions.fetch_add(1, std::memory_order_relaxed);
    line.since_ns.store(now_ns, std::memory_order_relaxed);
    line.place.store(claim.place, std::memory_order_relaxed);
    object.set_word(mutation, LockWord::held_by(claim.agent));
    return grant;
}

void Lock::reply(std::string& out, std::uint64_t request, const std::optional<Grant>& grant) const {
    proto::lock::Acquire::Result result;
    if (grant)
        result = {.acquired = true, .token = grant->token, .abandoned = grant->abandoned};
    proto::encode_result(out, request, result);
}

std::vector<shared::Agent> Lock::holders(const Object& object) const {
    const auto owner = owner_of(object);
    if (!owner)
        return {};
    return {owner};
}

void Lock::take_back(const Object& object, const Departed& departed, std::uint64_t now_ns) const {
    if (owner_of(object).session != departed.session)
        return;
    try {
        shared::Mutation mutation(object.heap());
        mutation.change(*object.header);
        if (departed.abandoned)
            record_death(mutation, object, departed, now_ns);
        object.set_word(mutation, LockWord::free);
    } catch (const shared::NoMemory&) {  // then free it without the record
        shared::Mutation mutation(object.heap());
        mutation.change(*object.header);
        object.set_word(mutation, LockWord::free);
    }
}

void Lock::describe(const Daemon& daemon, const Object& object, proto::ObjectInfo& info) const {
    auto& line = object.word_line();
    const auto owner = owner_of(object);
    info.state = owner ? "held" : "free";
    info.count = owner ? 1 : 0;
    info.token = line.token.load(std::memory_order_relaxed);
    info.abandoned = last_abandonment_of(object);
    if (owner)
        info.holders.push_back(daemon.describe(owner, line.since_ns.load(std::memory_order_relaxed), 1,
                                               static_cast<std::uint32_t>(line.place.load(std::memory_order_relaxed))));
}

proto::lock::Open::Result handle(Call& call, const proto::lock::Open& message) {
    auto& registry = call.daemon.registry;
    return registry.open(call, message.open,
                         {.type = proto::ObjectType::lock, .needs_word_line = true, .options_name = {}},
                         [&](shared::Mutation&, const Object& object) {
                             // Above every token that a lock of this instance, of this name perhaps, ever had.
                             object.word_line().token.store(registry.token_floor(), std::memory_order_relaxed);
                         });
}

void handle(Call& call, const proto::lock::Acquire& message) {
    const auto object = call.object(message.object, proto::ObjectType::lock, Access::write);
    const auto agent = checked_agent(call, message.thread);
    if (!message.timeout_ns && owner_of(object) == agent)
        throw Refusal(Errc::deadlock, told(object, call.daemon.describe(agent, 0, 1, 0)) +
                                          ", which is the caller; waiting for itself would never end");
    call.daemon.waiting.enter(call, object, {.agent = agent, .place = call.daemon.places.number_of(message.where)},
                              message.timeout_ns);
}

proto::lock::Release::Result handle(Call& call, const proto::lock::Release& message) {
    const auto object = call.object(message.object, proto::ObjectType::lock, Access::write);
    const auto owner = owner_of(object);
    if (!owner)
        throw Refusal(Errc::not_owner, "lock '" + std::string(object.name()) + "' is not held by anybody");
    if (owner != checked_agent(call, message.thread))
        throw Refusal(Errc::not_owner, told(object, call.daemon.describe(owner, 0, 1, 0)) + ", not by the caller");
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        object.set_word(mutation, LockWord::free);
    }
    call.session.held.erase(object.id());
    call.daemon.waiting.advance(object);
    return {};
}

proto::lock::Holding::Result handle(Call& call, const proto::lock::Holding& message) {
    const auto object = call.object(message.object, proto::ObjectType::lock, Access::read);
    const auto owner = owner_of(object);
    proto::lock::Holding::Result result{.locked = static_cast<bool>(owner), .token = std::nullopt};
    if (owner && owner == checked_agent(call, message.thread))
        result.token = object.word_line().token.load(std::memory_order_relaxed);
    return result;
}

}  // namespace steward::daemon
