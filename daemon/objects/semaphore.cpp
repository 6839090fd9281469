#include "daemon/objects/semaphore.hpp"

#include <algorithm>

#include "daemon/registry.hpp"
#include "proto/envelope.hpp"
#include "shared/holdings.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
using shared::SemaphoreWord;

constexpr std::uint32_t recover_option = 1;

bool recovers(const Object& object) {
    return (object.header->owner.load().options & recover_option) != 0;
}

shared::Holdings holdings_of(const Object& object) {
    return {object.heap(), object.header->state_as<shared::HoldingsState>()};
}

std::uint64_t permits_of(const Object& object) {
    return SemaphoreWord::permits(object.word());
}

/// Takes up to `most` permits from what a session's agents hold, `first` before the others; returns how many.
std::uint64_t take_from_session(shared::Mutation& mutation, const Object& object, shared::Agent first,
                                std::uint64_t most) {
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
    return taken;
}

/// A Mutation for each agent, so that however many there are, none needs more of the undo log than there always is: a
/// session ends also where memory is full.
void take_back_from(const Object& object, shared::Agent agent) {
    shared::Mutation mutation(object.heap());
    mutation.change(*object.header);
    auto holdings = holdings_of(object);
    const auto count = holdings.get(holdings.find(agent)).count;
    if (holdings.take(mutation, agent, count))
        object.set_word(mutation, std::min(permits_of(object) + count, SemaphoreWord::most_permits));
}

}  // namespace

bool Semaphore::ready_for(const Object& object, const Claim& claim) const {
    return permits_of(object) >= claim.amount;
}

Grant Semaphore::grant(shared::Mutation& mutation, const Object& object, const Claim& claim,
                       std::uint64_t now_ns) const {
    if (recovers(object))
        holdings_of(object).add(mutation, claim.agent, claim.amount, now_ns);
    object.word_line().acquisitions.fetch_add(1, std::memory_order_relaxed);
    object.set_word(mutation, permits_of(object) - claim.amount);
    return {};
}

void Semaphore::reply(std::string& out, std::uint64_t request, const std::optional<Grant>& grant) const {
    proto::encode_result(out, request, proto::semaphore::Acquire::Result{.acquired = grant.has_value()});
}

bool Semaphore::is_held(const Object& object) const {
    return recovers(object);
}

std::vector<shared::Agent> Semaphore::holders(const Object& object) const {
    std::vector<shared::Agent> agents;
    if (!recovers(object))
        return agents;
    const auto holdings = holdings_of(object);
    for (auto holder = holdings.first(); holder; holder = holdings.next(holder))
        agents.push_back(holdings.get(holder).agent);
    return agents;
}

void Semaphore::take_back(const Object& object, const Departed& departed, std::uint64_t) const {
    for (const auto agent : holders(object))
        if (agent.session == departed.session)
            take_back_from(object, agent);
}

void Semaphore::describe(const Daemon& daemon, const Object& object, proto::ObjectInfo& info) const {
    info.count = permits_of(object);
    info.state = std::to_string(info.count) + " free";
    if (!recovers(object))
        return;
    const auto holdings = holdings_of(object);
    for (auto holder = holdings.first(); holder; holder = holdings.next(holder)) {
        const auto holding = holdings.get(holder);
        info.holders.push_back(daemon.describe(holding.agent, holding.since_ns, holding.count, 0));
    }
}

void Semaphore::discard_contents(shared::Mutation& mutation, const Object& object) const {
    if (recovers(object))
        holdings_of(object).clear(mutation);
}

proto::semaphore::Open::Result handle(Call& call, const proto::semaphore::Open& message) {
    const auto permits = static_cast<std::uint64_t>(message.permits);
    if (message.permits < 0)
        throw Refusal(Errc::invalid_argument,
                      "a semaphore has 0 permits or more, not " + std::to_string(message.permits));
    if (permits > SemaphoreWord::most_permits)
        throw Refusal(Errc::semaphore_overflow, "a semaphore has at most " +
                                                    std::to_string(SemaphoreWord::most_permits) + " permits, not " +
                                                    std::to_string(permits));
    return call.daemon.registry.open(
        call, message.open,
        {.type = proto::ObjectType::semaphore,
         .needs_word_line = true,
         .options = message.recover ? recover_option : 0,
         .options_name = "recover"},
        [&](shared::Mutation& mutation, const Object& object) { object.set_word(mutation, permits); });
}

void handle(Call& call, const proto::semaphore::Acquire& message) {
    const auto object = call.object(message.object, proto::ObjectType::semaphore, Access::write);
    call.daemon.waiting.enter(call, object,
                              {.agent = {.session = call.session.number, .thread = message.thread},
                               .place = call.daemon.places.number_of(message.where)},
                              message.timeout_ns);
}

proto::semaphore::Release::Result handle(Call& call, const proto::semaphore::Release& message) {
    const auto object = call.object(message.object, proto::ObjectType::semaphore, Access::write);
    if (message.permits < 0)
        throw Refusal(Errc::invalid_argument,
                      "0 permits or more are given back, not " + std::to_string(message.permits));
    const auto given = static_cast<std::uint64_t>(message.permits);
    const auto permits = permits_of(object);
    if (given > SemaphoreWord::most_permits - permits)
        throw Refusal(Errc::semaphore_overflow, "semaphore '" + std::string(object.name()) + "' has " +
                                                    std::to_string(permits) + " free permits and can have " +
                                                    std::to_string(SemaphoreWord::most_permits) + "; " +
                                                    std::to_string(given) + " more do not fit");
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        if (recovers(object))
            take_from_session(mutation, object, {.session = call.session.number, .thread = message.thread}, given);
        object.set_word(mutation, permits + given);
    }
    call.daemon.waiting.advance(object);
    return {};
}

proto::semaphore::Value::Result handle(Call& call, const proto::semaphore::Value& message) {
    const auto object = call.object(message.object, proto::ObjectType::semaphore, Access::read);
    return {.permits = static_cast<std::int64_t>(permits_of(object))};
}

}  // namespace steward::daemon
