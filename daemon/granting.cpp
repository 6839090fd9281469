#include <algorithm>
#include <iterator>
#include <vector>

#include "daemon/call.hpp"
#include "daemon/daemon.hpp"
#include "daemon/damage.hpp"
#include "daemon/results.hpp"
#include "daemon/retrying.hpp"
#include "daemon/several.hpp"
#include "daemon/waiting.hpp"
#include "shared/kill_point.hpp"
#include "shared/statistics.hpp"
#include "shared/word_encodings.hpp"

// How those who wait get what they want; who waits is in waiting.cpp.
namespace steward::daemon {
namespace {

using shared::WaitMode;

ObjectClass::Lanes lane_bit(const ObjectClass& type, const Claim& claim) {
    return ObjectClass::Lanes{1} << type.lane_of(claim);
}

}  // namespace

bool Waiting::nobody_before(const Object& object, const Claim& claim) const {
    const auto& type = class_of(object.type());
    const auto line = object.line();
    return !type.keeps_order() || line.empty() || type.goes_first(object, claim) ||
           (claim.ticket != 0 && claim.ticket < line.get(line.first()).ticket);  // it comes back to its place
}

bool Waiting::grant_at_once(Session& session, const Object& object, Claim claim, std::string_view brings,
                            std::uint64_t given_up_ns) {
    const auto& type = class_of(object.type());
    if (!nobody_before(object, claim) || !type.ready_for(object, claim))
        return false;
    Grant grant;
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        if (!brings.empty())
            claim.payload = type.make_payload(mutation, brings);
        grant = grant_or_offer(mutation, object, claim);
        if (type.stays(claim))
            expect_in_time(given_up_ns);
        record(mutation, object, claim, grant);
    }
    type.finish_grant(object, claim, grant, daemon_.now_ns);
    note_held(session, object, claim);
    if (grant.is_offer) {
        if (claim.ticket == 0)
            claim.ticket = ++last_ticket_;
        offers_.note(claim);
    }
    answer(session, claim, {&grant, 1});
    return true;
}

bool Waiting::grant_several_at_once(Session& session, std::span<const WantedPart> parts) {
    const auto mode = parts.front().claim.mode;
    const auto is_ready = [&](const WantedPart& part) {
        return nobody_before(part.object, part.claim) &&
               class_of(part.object.type()).ready_for(part.object, part.claim);
    };
    std::span<const WantedPart> chosen = parts;
    if (mode == WaitMode::any) {
        const auto first = std::ranges::find_if(parts, is_ready);
        if (first == parts.end())
            return false;
        chosen = {first, 1};
    } else if (!std::ranges::all_of(parts, is_ready)) {
        return false;
    }
    std::vector<Grant> grants;
    {
        shared::Mutation mutation(parts.front().object.heap());
        for (const auto& [object, claim] : chosen) {
            object.begin_change(mutation);
            grants.push_back(class_of(object.type()).grant(mutation, object, claim, daemon_.now_ns));
        }
        record(mutation, chosen.front().object, chosen.front().claim, grants);
    }
    for (std::size_t i = 0; i < chosen.size(); ++i)
        class_of(chosen[i].object.type()).finish_grant(chosen[i].object, chosen[i].claim, grants[i], daemon_.now_ns);
    for (const auto& [object, claim] : chosen) {
        note_held(session, object, claim);
        daemon_.watches.note_later(object, class_of(object.type()).verb_of(claim));
    }
    answer(session, chosen.front().claim, grants);
    return true;
}

void Waiting::note_held(Session& session, const Object& object, const Claim& claim) {
    const auto& type = class_of(object.type());
    if (type.is_held(object, claim))
        session.held.insert(object.id());
    type.note_granted(session, object, claim);
    if (session.lock_order_warnings)
        daemon_.lock_order.note_granted(session, object, claim);
}

/// What is stirred up while a line is looked through comes after it, so that however many grants follow from one
/// another, none is inside of another. Where one fails, what is still stirred up is looked through with the next
/// change.
void Waiting::advance(const Object& object, ObjectClass::Lanes lanes) {
    stirred_.emplace_back(object.id(), lanes);
    if (advancing_)
        return;
    const During advancing(advancing_);
    while (!stirred_.empty()) {
        const auto [id, which] = stirred_.front();
        stirred_.pop_front();
        if (const auto next = daemon_.registry.find(id))
            advance_line(*next, which);
    }
}

/// A word that something else writes to without end is looked at again by the next check.
void Waiting::advance_line(const Object& object, ObjectClass::Lanes lanes) {
    constexpr int most_looks = 1000;
    if (has_lost_its_word(object)) {
        refuse_all(object, proto::Errc::domain_damaged,
                   object.called() +
                       " was lost while this request waited for it: a program of this user has cut its "
                       "shared memory short");
        return;
    }
    try {
        for (int looks = 0; looks < most_looks; ++looks) {
            while (first_has_taken(object)) {
            }
            while (retrying([&] { return grant_next(object, lanes); })) {
            }
            if (leave_to_its_holder(object))
                return;
        }
    } catch (const shared::WordChanged&) {
    }
    warn_of_a_breach(object);
}

/// Looks at the first waiter of each lane. False: none of them can be granted anything.
bool Waiting::grant_next(const Object& object, ObjectClass::Lanes lanes) {
    const auto line = object.line();
    if (line.empty())
        return false;
    const auto& type = class_of(object.type());
    auto open = lanes & type.open_lanes(object);
    for (auto waiter = line.first(); waiter && open != 0; waiter = line.next(waiter)) {
        const WaitPlace place{.object = object, .waiter = waiter};
        const auto wait = wait_at(place);
        const auto lane = lane_bit(type, wait);
        if ((open & lane) == 0)
            continue;
        if (can_grant(place, wait)) {
            grant(*daemon_.sessions.find(wait.agent.session), place, wait);
            return true;
        }
        open &= ~lane;
    }
    return false;
}

bool Waiting::can_grant(const WaitPlace& place, const shared::Wait& wait) const {
    if (wait.mode != WaitMode::all)
        return class_of(place.object.type()).ready_for(place.object, wait);
    return std::ranges::all_of(places_of(place), [&](const WaitPlace& each) {
        return stands_first(each) && class_of(each.object.type()).ready_for(each.object, wait_at(each));
    });
}

bool Waiting::stands_first(const WaitPlace& place) const {
    return place.object.line().first() == place.waiter ||
           class_of(place.object.type()).goes_first(place.object, wait_at(place));
}

void Waiting::grant(Session& session, const WaitPlace& place, const shared::Wait& wait) {
    const auto places = places_of(place);
    std::vector<Claim> claims;
    std::vector<Grant> grants;
    std::vector<WaitPlace> chosen = wait.mode == WaitMode::all ? places : std::vector{place};
    std::ranges::sort(chosen, {}, [&](const WaitPlace& each) { return wait_at(each).index; });
    std::ranges::transform(chosen, std::back_inserter(claims), [&](const WaitPlace& each) { return wait_at(each); });
    try {
        if (wait.recorded)
            Results::prepare(session, *place.object.domain, wait.request);
        grants = grant_places(places, chosen);
    } catch (const shared::NoMemory& error) {
        refuse(session, place, proto::Errc::no_memory, error.what());
        return;
    } catch (const Overdue&) {
        time_out(place);
        return;
    }
    for (std::size_t i = 0; i < chosen.size(); ++i)
        class_of(chosen[i].object.type()).finish_grant(chosen[i].object, claims[i], grants[i], daemon_.now_ns);
    shared::kill_point(shared::KillPoint::waiter_is_granted);
    forget_request(session, wait);
    for (const auto& each : chosen)
        shared::note_waited(each.object.heap(), *each.object.header, daemon_.now_ns - wait.since_ns);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        note_held(session, chosen[i].object, claims[i]);
        daemon_.watches.note_later(chosen[i].object, class_of(chosen[i].object.type()).verb_of(claims[i]));
    }
    if (grants.front().is_offer)
        offers_.note(wait);
    answer(session, wait, grants);
    for (const auto& each : places)
        if (each.object.id() != place.object.id())
            advance(each.object);
}

/// All places leave their lines, and the chosen ones are granted, in one Mutation.
std::vector<Grant> Waiting::grant_places(std::span<const WaitPlace> places, std::span<const WaitPlace> chosen) {
    std::vector<Claim> claims;
    std::vector<Grant> grants;
    shared::Mutation mutation(places.front().object.heap());
    for (const auto& place : chosen) {
        place.object.begin_change(mutation);
        auto claim = wait_at(place);
        if (claim.payload)
            place.object.line().take_payload(mutation, place.waiter);
        claims.push_back(claim);
    }
    for (const auto& place : places)
        leave_line(mutation, place);
    for (std::size_t i = 0; i < chosen.size(); ++i)
        grants.push_back(grant_waiter(mutation, chosen[i].object, claims[i]));
    for (std::size_t i = 0; i < chosen.size(); ++i)
        if (class_of(chosen[i].object.type()).stays(claims[i]))
            expect_in_time(claims[i].deadline_ns);
    record(mutation, chosen.front().object, claims.front(), grants);
    return grants;
}

Grant Waiting::grant_or_offer(shared::Mutation& mutation, const Object& object, const Claim& claim) const {
    const auto& type = class_of(object.type());
    return claim.by_word && claim.mode == WaitMode::one ? type.offer(mutation, object, claim)
                                                        : type.grant(mutation, object, claim, daemon_.now_ns);
}

/// Whoever comes next begins to wait anew for what is fair.
Grant Waiting::grant_waiter(shared::Mutation& mutation, const Object& object, const Claim& claim) const {
    const auto& type = class_of(object.type());
    auto grant = grant_or_offer(mutation, object, claim);
    if (type.is_acquired_by_word(object))
        object.clear_flags(mutation, shared::word_notified | (type.is_fair(object) ? 0 : shared::word_fair));
    return grant;
}

void Waiting::send_back(const Object& condition, std::span<const shared::Offset<shared::Waiter>> waiters,
                        const Object& lock, bool notified, const Change& also) {
    std::vector<shared::Wait> before;
    before.reserve(waiters.size());
    retrying([&] {
        before.clear();
        shared::Mutation mutation(condition.heap());
        mutation.change(*condition.header);
        mutation.change(*lock.header);
        say_that_somebody_waits(mutation, lock);
        for (const auto waiter : waiters) {
            auto wait = before.emplace_back(condition.line().get(waiter));
            wait.condition = condition.header->id.load();
            wait.mode = WaitMode::returning;
            wait.notified = notified;
            wait.deadline_ns = shared::no_deadline;
            wait.ticket = ++last_ticket_;
            condition.line().move_to(mutation, waiter, lock.line(), wait);
        }
        if (also)
            also(mutation);
    });
    for (std::size_t i = 0; i < waiters.size(); ++i)
        note_sent_back({.object = lock, .waiter = waiters[i]}, before[i]);
    watch_word(lock);
    advance(lock);
    for (const auto& wait : before) {
        break_cycle_of(wait.agent);
        daemon_.deadlocks.overtake_for(wait.agent);
    }
}

void Waiting::note_sent_back(const WaitPlace& place, const shared::Wait& before) {
    deadlines_.erase({before.deadline_ns, before.ticket});
    daemon_.sessions.find(before.agent.session)->wait_elsewhere(before.agent.thread, before.request, place);
}

/// One that comes back for its lock cannot be refused; if that closes a cycle, the youngest that can be is.
void Waiting::break_cycle_of(shared::Agent agent) {
    const auto victim = daemon_.deadlocks.closed_by(agent);
    if (!victim)
        return;
    auto& session = *daemon_.sessions.find(victim->agent.session);
    refuse(session, session.waits.at(victim->request), proto::Errc::deadlock, victim->sentence, victim->data);
}

}  // namespace steward::daemon
