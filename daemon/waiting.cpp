#include "daemon/waiting.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/call.hpp"
#include "daemon/daemon.hpp"
#include "daemon/retrying.hpp"
#include "daemon/several.hpp"
#include "proto/envelope.hpp"
#include "shared/statistics.hpp"
#include "shared/word_encodings.hpp"

// Who waits and how that ends without a grant. How it ends with one is in granting.cpp, what is left of that for a
// request that is made again in repeated_waits.cpp; lines of words are in waiting_by_word.cpp, those of a former daemon
// in former_lines.cpp.
namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;
using shared::WaitMode;

bool is_over(std::optional<std::int64_t> timeout_ns) {
    return timeout_ns && *timeout_ns <= 0;
}

/// Before whom one stands who comes back to where it stood; nothing: at the end, as next to everybody.
shared::Offset<shared::Waiter> place_before(const shared::Line& line, const shared::Wait& wait) {
    if (line.empty() || line.get(line.last()).ticket < wait.ticket)
        return {};
    auto waiter = line.first();
    while (waiter && line.get(waiter).ticket < wait.ticket)
        waiter = line.next(waiter);
    return waiter;
}

}  // namespace

void Waiting::enter(Call& call, const Object& object, Claim claim, std::optional<std::int64_t> timeout_ns,
                    std::string_view brings) {
    claim.object = object.header->id.load();
    claim.request = call.request;
    claim.since_ns = daemon_.now_ns;
    claim.deadline_ns = deadline_of(call, timeout_ns);
    const WantedPart whole{.object = object, .claim = claim};
    if (call.withdrawn) {
        withdraw(call, std::span(&whole, 1));
        return;
    }
    if (call.happened) {
        grant_again(call, std::span(&whole, 1));
        return;
    }
    if (is_too_late(call, timeout_ns)) {
        answer_time_out(call.session, claim);
        return;
    }
    if (offer_again(call.session, object, claim))
        return;
    Offers::take_up(call.session, claim, call.deadline_ns.has_value());
    try {
        if (retrying([&] { return grant_at_once(call.session, object, claim, brings, given_up_at(call, timeout_ns)); }))
            return;
    } catch (const Overdue&) {
        answer_time_out(call.session, claim);
        return;
    }
    if (claim.deadline_ns <= daemon_.now_ns) {
        answer_time_out(call.session, claim);
        return;
    }
    if (call.listens)
        call.session.listening.emplace(call.request, object.word_line().token.load(std::memory_order_relaxed));
    try {
        join(call.session, std::vector{WantedPart{.object = object, .claim = claim}}, brings);
    } catch (...) {
        call.session.listening.erase(call.request);
        throw;
    }
}

void Waiting::enter_several(Call& call, std::vector<WantedPart> parts, std::optional<std::int64_t> timeout_ns) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto& claim = parts[i].claim;
        claim.object = parts[i].object.header->id.load();
        claim.index = static_cast<std::uint16_t>(i);
        claim.request = call.request;
        claim.since_ns = daemon_.now_ns;
        claim.deadline_ns = deadline_of(call, timeout_ns);
    }
    if (call.withdrawn) {
        withdraw(call, parts);
        return;
    }
    if (call.happened) {
        grant_again(call, parts);
        return;
    }
    if (is_too_late(call, timeout_ns)) {
        answer_time_out(call.session, parts.front().claim);
        return;
    }
    call.prepare(*parts.front().object.domain);
    if (retrying([&] { return grant_several_at_once(call.session, parts); }))
        return;
    if (is_over(timeout_ns))
        answer_time_out(call.session, parts.front().claim);
    else
        join(call.session, parts, {});
}

void Waiting::check_room(const Session& session, std::uint64_t request) const {
    const auto& waits = session.waits;
    if (waits.size() == most_waits_per_session)
        throw Refusal(Errc::busy, "the session has " + std::to_string(waits.size()) + " requests waiting already");
    if (waits.contains(request))
        throw Refusal(Errc::invalid_argument, "request " + std::to_string(request) + " waits already");
}

void Waiting::join_while(Call& call, const Object& object, Claim claim, std::optional<std::int64_t> timeout_ns,
                         const Change& change) {
    if (call.withdrawn)
        return;  // who comes back with a lock is not one that gives up
    claim.request = call.request;
    claim.since_ns = daemon_.now_ns;
    claim.deadline_ns = deadline_of(call, timeout_ns);
    join(call.session, std::vector{WantedPart{.object = object, .claim = claim}}, {}, change);
}

void Waiting::join(Session& session, std::span<const WantedPart> parts, std::string_view brings, const Change& change) {
    auto claim = parts.front().claim;
    check_room(session, claim.request);
    if (claim.deadline_ns == shared::no_deadline)
        daemon_.deadlocks.refuse_to_close(parts);
    if (claim.ticket == 0)
        claim.ticket = ++last_ticket_;
    std::vector<shared::Offset<shared::Waiter>> places;
    places.reserve(parts.size());
    retrying([&] {
        places.clear();
        shared::Mutation mutation(parts.front().object.heap());
        for (const auto& part : parts) {
            const auto& object = part.object;
            auto wait = part.claim;
            wait.ticket = claim.ticket;
            const auto& type = class_of(object.type());
            mutation.change(*object.header);
            shared::note_wait(mutation, *object.header);
            if (!brings.empty())
                wait.payload = type.make_payload(mutation, brings);
            type.joined(mutation, object, wait);
            places.push_back(object.line().join(mutation, wait, place_before(object.line(), wait)));
            say_that_somebody_waits(mutation, object);
        }
        shared::Line::join_hands(mutation, places);
        if (change)
            change(mutation);
    });
    remember(session, {.object = parts.front().object, .waiter = places.front()}, claim);
    for (const auto& part : parts)
        watch_word(part.object);
    daemon_.deadlocks.overtake_for(claim.agent);
}

void Waiting::remember(Session& session, const WaitPlace& place, const shared::Wait& wait) {
    session.begin_to_wait(wait.agent.thread, wait.request, place);
    if (wait.deadline_ns != shared::no_deadline)
        deadlines_.emplace(DeadlineKey{wait.deadline_ns, wait.ticket}, place);
    if (wait.mode == WaitMode::all)
        ++wanting_all_;
    ++waiting_;
}

void Waiting::forget_request(Session& session, const shared::Wait& wait) {
    deadlines_.erase({wait.deadline_ns, wait.ticket});
    session.end_to_wait(wait.agent.thread, wait.request);
    session.listening.erase(wait.request);
    if (wait.mode == WaitMode::all)
        --wanting_all_;
    --waiting_;
}

shared::Wait Waiting::wait_at(const WaitPlace& place) const {
    return place.object.line().get(place.waiter);
}

std::vector<WaitPlace> Waiting::places_of(const WaitPlace& place) const {
    std::vector<WaitPlace> places{place};
    const auto line = place.object.line();
    for (auto sibling = line.sibling(place.waiter); sibling != place.waiter; sibling = line.sibling(sibling))
        places.push_back({.object = daemon_.registry.find(line.get(sibling).object.value).value(), .waiter = sibling});
    return places;
}

void Waiting::leave_line(shared::Mutation& mutation, const WaitPlace& place) {
    mutation.change(*place.object.header);
    class_of(place.object.type()).left(mutation, place.object, wait_at(place));
    place.object.line().leave(mutation, place.waiter);
    if (place.object.line().empty())  // model: clear_waiters
        place.object.clear_flags(mutation, shared::word_waiters | shared::word_notified | shared::word_fair);
}

void Waiting::leave(std::span<const WaitPlace> places) {
    retrying([&] {
        shared::Mutation mutation(places.front().object.heap());
        for (const auto& place : places)
            leave_line(mutation, place);
    });
}

std::vector<Claim> Waiting::leave_all(shared::Mutation& mutation, const Object& object) {
    std::vector<Claim> claims;
    for (auto line = object.line(); !line.empty();) {
        const WaitPlace first{.object = object, .waiter = line.first()};
        claims.push_back(wait_at(first));
        leave_line(mutation, first);
    }
    return claims;
}

void Waiting::granted(const Claim& claim, const Grant& grant) {
    if (auto* session = daemon_.sessions.find(claim.agent.session)) {
        forget_request(*session, claim);
        answer(*session, claim, {&grant, 1});
    }
}

void Waiting::refused(const Claim& claim, Errc code, const std::string& detail) {
    auto* session = daemon_.sessions.find(claim.agent.session);
    if (session == nullptr)
        return;  // of a former daemon
    forget_request(*session, claim);
    if (session->listens_for(claim.request))
        proto::encode_refusal(daemon_.outbox_of(*session), claim.request, code, detail);
}

void Waiting::give_up(Session& session, const WaitPlace& place) {
    const WaitPlace left = place;  // which may be the session's own, and go with the request
    forget_request(session, wait_at(left));
    leave_without_grant(left);
}

void Waiting::leave_without_grant(const WaitPlace& place) {
    const auto wait = wait_at(place);
    const auto places = places_of(place);
    const Change leaves = [&](shared::Mutation& mutation) {
        for (const auto& each : places)
            leave_line(mutation, each);  // model: forget_line
    };
    std::optional<Object> concerned;
    if (wait.mode == WaitMode::one)
        concerned = place.object;
    else if (wait.mode == WaitMode::returning)
        concerned = daemon_.registry.find(wait.condition.value);
    if (!concerned || !class_of(concerned->type()).gives_up(daemon_, *concerned, wait, leaves))
        leave(places);
    for (const auto& each : places)
        advance(each.object);
}

void Waiting::refuse(Session& session, const WaitPlace& place, Errc code, const std::string& detail,
                     const std::string& data) {
    const auto wait = wait_at(place);
    if (session.listens_for(wait.request))
        proto::encode_refusal(daemon_.outbox_of(session), wait.request, code, detail, data);
    give_up(session, place);
}

bool Waiting::cancel(Session& session, std::uint64_t request) {
    const auto found = session.waits.find(request);
    if (found == session.waits.end())
        return false;
    const auto place = found->second;
    if (const auto wait = wait_at(place); has_taken(place.object, wait))
        note_taken(session, place.object, wait);
    refuse(session, place, Errc::cancelled, "request " + std::to_string(request) + " was cancelled by its session");
    return true;
}

void Waiting::forget(Session& session, std::optional<std::uint32_t> thread) {
    Offers::forget(session, thread);
    auto& waits = session.waits_by_thread;
    for (;;) {
        const auto first = waits.lower_bound({thread.value_or(0), 0});
        if (first == waits.end() || (thread && first->first != *thread))
            return;
        give_up(session, session.waits.at(first->second));
    }
}

void Waiting::forget_unrecorded(Session& session) {
    std::vector<std::uint64_t> requests;
    for (const auto& [request, place] : session.waits)
        if (!wait_at(place).recorded)
            requests.push_back(request);
    for (const auto request : requests)  // the end of one may be the end of another
        if (const auto found = session.waits.find(request); found != session.waits.end())
            give_up(session, WaitPlace(found->second));
}

void Waiting::refuse_all(const Object& object, Errc code, const std::string& detail) {
    for (auto line = object.line(); !line.empty();) {
        const WaitPlace first{.object = object, .waiter = line.first()};
        const auto wait = wait_at(first);
        const auto places = places_of(first);
        leave(places);
        if (auto* session = daemon_.sessions.find(wait.agent.session)) {
            forget_request(*session, wait);
            if (session->listens_for(wait.request))
                proto::encode_refusal(daemon_.outbox_of(*session), wait.request, code, detail);
        }
        for (const auto& place : places)
            if (place.object.id() != object.id())
                advance(place.object);
    }
}

void Waiting::refuse_everybody(Errc code, const std::string& detail) {
    for (const auto& [number, session] : daemon_.sessions.all())
        for (const auto& [request, place] : std::unordered_map(session->waits)) {
            const auto wait = wait_at(place);
            if (wait.recorded)
                continue;
            leave(places_of(place));
            forget_request(*session, wait);
            proto::encode_refusal(daemon_.outbox_of(*session), wait.request, code, detail);
        }
}

void Waiting::expire() {
    check_words();
    offers_.expire();
    expire_deadlines();
    daemon_.watches.settle();
}

void Waiting::expire_deadlines() {
    while (!deadlines_.empty() && deadlines_.begin()->first.first <= daemon_.now_ns)
        time_out(WaitPlace(deadlines_.begin()->second));
}

void Waiting::time_out(const WaitPlace& place) {
    const auto wait = wait_at(place);
    if (class_of(place.object.type()).outlasts_its_time(daemon_, place.object, place.waiter))
        return;
    auto& session = *daemon_.sessions.find(wait.agent.session);
    answer_time_out(session, wait);
    give_up(session, place);
}

std::optional<std::uint64_t> Waiting::next_deadline_ns() const {
    auto next = deadlines_.empty() ? shared::no_deadline : deadlines_.begin()->first.first;
    if (!watched_words_.empty())
        next = std::min(next, next_check_ns_);
    next = std::min(next, offers_.next_deadline_ns().value_or(shared::no_deadline));
    return next == shared::no_deadline ? std::nullopt : std::optional(next);
}

void Waiting::answer(Session& session, const shared::Wait& wait, std::span<const Grant> grants) {
    if (session.listens_for(wait.request))
        write_reply(daemon_.outbox_of(session), wait, grants);
}

void Waiting::write_reply(std::string& out, const shared::Wait& wait, std::span<const Grant> grants) const {
    switch (wait.mode) {
        case WaitMode::any: reply_any(out, wait, grants.front()); break;
        case WaitMode::all: reply_all(out, wait, grants); break;
        case WaitMode::returning: class_of(proto::ObjectType::condition).reply(out, wait, grants.front()); break;
        case WaitMode::one:
            class_of(daemon_.registry.find(wait.object.value)->type()).reply(out, wait, grants.front());
            break;
    }
}

void Waiting::answer_time_out(Session& session, const shared::Wait& wait) {
    if (!session.listens_for(wait.request))
        return;
    auto& out = daemon_.outbox_of(session);
    if (wait.mode == WaitMode::any)
        reply_any(out, wait, std::nullopt);
    else if (wait.mode == WaitMode::all)
        reply_all(out, wait, {});
    else
        class_of(daemon_.registry.find(wait.object.value)->type()).reply(out, wait, std::nullopt);
}

}  // namespace steward::daemon
