#include "daemon/objects/barrier.hpp"

#include <array>

#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"
#include "shared/errors.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;

/// The index of who comes is kept in 16 bits.
constexpr std::int64_t most_parties = UINT16_MAX;

/// What a Barrier keeps in its header.
struct BarrierState {
    shared::Field<std::uint64_t> parties;
    shared::Field<std::uint64_t> waiting;
    shared::Field<std::uint64_t> broken;  ///< 1: nobody gets through until it is reset
};

BarrierState& barrier_state(const Object& object) {
    return object.header->state_as<BarrierState>();
}

bool is_broken(const Object& object) {
    return barrier_state(object).broken.load() != 0;
}

std::int64_t parties_of(const Object& object) {
    return static_cast<std::int64_t>(barrier_state(object).parties.load());
}

std::uint64_t checked_parties(std::int64_t parties) {
    if (parties < 1 || parties > most_parties)
        throw Refusal(Errc::invalid_argument, "a barrier has 1 to " + std::to_string(most_parties) + " parties, not " +
                                                  std::to_string(parties));
    return static_cast<std::uint64_t>(parties);
}

/// How a wait ended that did not get through; what is noted of it.
enum class Ending : std::uint8_t { time_over = 1, refused = 2 };

/// So that each learns once how its wait has ended, whatever becomes of the barrier meanwhile. Without memory it is not
/// noted: that one gives up must not fail.
bool can_note_endings(Daemon& daemon, const Object& object) {
    try {
        daemon.waiting.prepare_all(object);
        return true;
    } catch (const shared::NoMemory&) {
        return false;
    }
}

/// Makes it broken or whole; who waits is refused. `also` is done before that, in the same Mutation. `leaver`: who
/// waits and leaves by `also`.
void set_broken(Daemon& daemon, const Object& object, bool broken, const std::string& why,
                const ObjectClass::Change& also, const Claim* leaver = nullptr) {
    std::vector<Claim> refused;
    const bool notes = can_note_endings(daemon, object);
    const auto note = [&](shared::Mutation& mutation, const Claim& claim, Ending ending) {
        if (notes)
            daemon.waiting.note(mutation, object, claim, static_cast<std::uint64_t>(ending));
    };
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        mutation.store(barrier_state(object).broken, broken ? 1 : 0);
        also(mutation);
        if (leaver != nullptr)
            note(mutation, *leaver, Ending::time_over);
        refused = daemon.waiting.leave_all(mutation, object);
        for (const auto& claim : refused)
            note(mutation, claim, Ending::refused);
    }
    for (const auto& claim : refused)
        daemon.waiting.refused(claim, Errc::broken_barrier, object.called() + " " + why);
}

void set_broken(Call& call, std::uint64_t id, bool broken, const std::string& why) {
    const auto object = call.object(id, proto::ObjectType::barrier, Access::write);
    set_broken(call.daemon, object, broken, why,
               [&](shared::Mutation& mutation) { call.record(mutation, *object.domain, proto::Nothing{}); });
}

/// For one who gave up before anybody heard of him. Noted, so that it does not happen again where that is said twice.
void break_for_one_who_is_late(Call& call, const Object& object) {
    set_broken(call.daemon, object, true, "is broken: one who came had no time left; reset it",
               [&](shared::Mutation& mutation) {
                   call.note(mutation, *object.domain, static_cast<std::uint64_t>(Ending::time_over));
               });
}

[[noreturn]] void refuse_broken(const Object& object) {
    throw Refusal(Errc::broken_barrier, object.called() + " is broken; reset it");
}

void tell_time_over(Call& call, const Claim& claim) {
    class_of(proto::ObjectType::barrier).reply(call.daemon.outbox_of(call.session), claim, std::nullopt);
}

/// The request is made again, and its wait had ended.
void answer_again(Call& call, const Object& object, const Claim& claim) {
    if (static_cast<Ending>(*call.happened) == Ending::refused)
        throw Refusal(Errc::broken_barrier, object.called() + " was broken or reset while this request waited");
    tell_time_over(call, claim);
}

/// The last one is there: all go on, in one Mutation. Throws Overdue.
void trip(Call& call, const Object& object, Claim last) {
    auto& waiting = call.daemon.waiting;
    std::vector<Claim> claims;
    last.object = object.header->id.load();
    waiting.prepare_all(object, &last);
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        claims = waiting.leave_all(mutation, object);
        for (const auto& claim : claims)
            Waiting::expect_in_time(claim.deadline_ns);
        Waiting::expect_in_time(last.deadline_ns);
        for (const auto& claim : claims)
            waiting.record(mutation, object, claim, Grant{.number = claim.index});
        waiting.record(mutation, object, last, Grant{.number = claims.size()});
    }
    for (const auto& claim : claims)
        waiting.granted(claim, {.number = claim.index});
    class_of(proto::ObjectType::barrier)
        .reply(call.daemon.outbox_of(call.session), last, Grant{.number = claims.size()});
}

}  // namespace

void Barrier::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    proto::barrier::Wait::Result result;
    if (grant)
        result = {.passed = true, .index = grant->number};
    proto::encode_result(out, claim.request, result);
}

void Barrier::joined(shared::Mutation& mutation, const Object& object, const Claim&) const {
    mutation.store(barrier_state(object).waiting, barrier_state(object).waiting.load() + 1);
}

void Barrier::left(shared::Mutation& mutation, const Object& object, const Claim&) const {
    mutation.store(barrier_state(object).waiting, barrier_state(object).waiting.load() - 1);
}

bool Barrier::gives_up(Daemon& daemon, const Object& object, const Claim& claim, const Change& leaves) const {
    if (is_broken(object))
        return false;
    set_broken(daemon, object, true,
               "is broken: thread " + std::to_string(claim.agent.thread) + " of session " +
                   std::to_string(claim.agent.session) + " did not wait for the others; reset it",
               leaves, &claim);
    return true;
}

void Barrier::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    info.count = barrier_state(object).waiting.load();
    info.state = is_broken(object)
                     ? "broken"
                     : std::to_string(info.count) + " of " + std::to_string(parties_of(object)) + " there";
}

std::string Barrier::dumped_state(const Object& object) const {
    return packed_state(
        proto::dumped::Barrier{.parties = static_cast<std::uint64_t>(parties_of(object)), .broken = is_broken(object)});
}

Object Barrier::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::Barrier>(state);
    const auto parties = checked_parties(static_cast<std::int64_t>(former.parties));
    return restore.make({.type = proto::ObjectType::barrier}, [&](shared::Mutation& mutation, const Object& object) {
        mutation.store(barrier_state(object).parties, parties);
        mutation.store(barrier_state(object).broken, former.broken ? 1 : 0);
    });
}

proto::barrier::Open::Result handle(Call& call, const proto::barrier::Open& message) {
    const auto parties = checked_parties(message.parties);
    const std::array fixed{FixedOption{"parties", message.parties, &parties_of}};
    return call.daemon.registry.open(call, message.open, {.type = proto::ObjectType::barrier, .fixed = fixed},
                                     [&](shared::Mutation& mutation, const Object& object) {
                                         mutation.store(barrier_state(object).parties, parties);
                                     });
}

void handle(Call& call, const proto::barrier::Wait& message) {
    const auto object = call.object(message.object, proto::ObjectType::barrier, Access::write);
    auto claim = call.claim(message.thread, message.where);
    claim.request = call.request;
    if (call.withdrawn) {
        if (!call.was_recorded() && !is_broken(object))
            break_for_one_who_is_late(call, object);
        return;
    }
    if (call.happened)
        return answer_again(call, object, claim);
    if (is_broken(object))
        refuse_broken(object);
    if (call.daemon.waiting.is_too_late(call, message.timeout_ns)) {
        break_for_one_who_is_late(call, object);
        return tell_time_over(call, claim);
    }
    const auto waiting = barrier_state(object).waiting.load();
    claim.index = static_cast<std::uint16_t>(waiting);
    if (waiting + 1 != static_cast<std::uint64_t>(parties_of(object)))
        return call.daemon.waiting.join_while(call, object, claim, message.timeout_ns, {});
    claim.deadline_ns = call.daemon.waiting.given_up_at(call, message.timeout_ns);
    try {
        trip(call, object, claim);
    } catch (const Overdue&) {
        // By somebody who waits, or by this one.
        if (call.daemon.waiting.time_out_overdue(object))
            refuse_broken(object);
        break_for_one_who_is_late(call, object);
        tell_time_over(call, claim);
    }
}

proto::barrier::Abort::Result handle(Call& call, const proto::barrier::Abort& message) {
    set_broken(call, message.object, true, "was aborted; reset it");
    return {};
}

proto::barrier::Reset::Result handle(Call& call, const proto::barrier::Reset& message) {
    set_broken(call, message.object, false, "was reset while this request waited");
    return {};
}

proto::barrier::Status::Result handle(Call& call, const proto::barrier::Status& message) {
    const auto object = call.object(message.object, proto::ObjectType::barrier, Access::read);
    return {
        .parties = parties_of(object), .n_waiting = barrier_state(object).waiting.load(), .broken = is_broken(object)};
}

}  // namespace steward::daemon
