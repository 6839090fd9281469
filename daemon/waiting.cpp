#include "daemon/waiting.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/call.hpp"
#include "daemon/daemon.hpp"
#include "proto/envelope.hpp"
#include "shared/line.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;

shared::Line line_of(const Object& object) {
    return {object.heap(), *object.header};
}

shared::Wait wait_at(const WaitPlace& place) {
    return line_of(place.object).get(place.waiter);
}

Claim claim_of(const shared::Wait& wait) {
    return {.agent = wait.agent, .amount = wait.amount, .place = wait.note};
}

std::uint64_t deadline_after(std::uint64_t now_ns, std::optional<std::int64_t> timeout_ns) {
    if (!timeout_ns)
        return shared::no_deadline;
    const auto left = static_cast<std::uint64_t>(*timeout_ns);
    return left >= shared::no_deadline - now_ns ? shared::no_deadline : now_ns + left;
}

}  // namespace

void Waiting::enter(Call& call, const Object& object, const Claim& claim, std::optional<std::int64_t> timeout_ns) {
    if (line_of(object).empty() && try_grant(call.session, call.request, object, claim))
        return;
    if (timeout_ns && *timeout_ns <= 0) {
        class_of(object.type()).reply(daemon_.outbox_of(call.session), call.request, std::nullopt);
        return;
    }
    join(call, object, claim, timeout_ns);
}

bool Waiting::try_grant(Session& session, std::uint64_t request, const Object& object, const Claim& claim) {
    const auto& type = class_of(object.type());
    if (!type.ready_for(object, claim))
        return false;
    Grant grant;
    {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        grant = type.grant(mutation, object, claim, daemon_.now_ns);
    }
    if (type.is_held(object))
        session.held.insert(object.id());
    type.reply(daemon_.outbox_of(session), request, grant);
    return true;
}

void Waiting::join(Call& call, const Object& object, const Claim& claim, std::optional<std::int64_t> timeout_ns) {
    auto& waits = call.session.waits;
    if (waits.size() == most_waits_per_session)
        throw Refusal(Errc::busy, "the session has " + std::to_string(waits.size()) + " requests waiting already");
    if (waits.contains(call.request))
        throw Refusal(Errc::invalid_argument, "request " + std::to_string(call.request) + " waits already");
    const shared::Wait wait{.agent = claim.agent,
                            .request = call.request,
                            .amount = claim.amount,
                            .deadline_ns = deadline_after(daemon_.now_ns, timeout_ns),
                            .since_ns = daemon_.now_ns,
                            .ticket = ++last_ticket_,
                            .note = claim.place};
    WaitPlace place{.object = object, .waiter = {}};
    {
        shared::Mutation mutation(object.heap());
        mutation.change(*object.header);
        mutation.store(object.header->waits, object.header->waits.load() + 1);
        place.waiter = line_of(object).join(mutation, wait);
    }
    waits.emplace(call.request, place);
    if (wait.deadline_ns != shared::no_deadline)
        deadlines_.emplace(DeadlineKey{wait.deadline_ns, wait.ticket}, place);
    ++waiting_;
}

void Waiting::advance(const Object& object) {
    for (;;) {
        const auto line = line_of(object);
        if (line.empty())
            return;
        const WaitPlace first{.object = object, .waiter = line.first()};
        const auto wait = wait_at(first);
        auto* session = daemon_.sessions.find(wait.agent.session);
        if (session == nullptr) {  // its session is gone: Waiting::forget has run for it, or it is a former daemon's
            leave(first);
            continue;
        }
        if (!class_of(object.type()).ready_for(object, claim_of(wait)))
            return;
        grant_first(*session, first, wait);
    }
}

void Waiting::grant_first(Session& session, const WaitPlace& first, const shared::Wait& wait) {
    const auto& object = first.object;
    const auto& type = class_of(object.type());
    Grant grant;
    try {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        line_of(object).leave(mutation, first.waiter);
        grant = type.grant(mutation, object, claim_of(wait), daemon_.now_ns);
    } catch (const shared::NoMemory& error) {
        refuse(session, first, Errc::no_memory, error.what());
        return;
    }
    forget_place(session, wait);
    if (type.is_held(object))
        session.held.insert(object.id());
    type.reply(daemon_.outbox_of(session), wait.request, grant);
}

void Waiting::leave(const WaitPlace& place) {
    shared::Mutation mutation(place.object.heap());
    mutation.change(*place.object.header);
    line_of(place.object).leave(mutation, place.waiter);
}

void Waiting::forget_place(Session& session, const shared::Wait& wait) {
    deadlines_.erase({wait.deadline_ns, wait.ticket});
    session.waits.erase(wait.request);
    --waiting_;
}

void Waiting::refuse(Session& session, const WaitPlace& place, Errc code, const std::string& detail) {
    const auto wait = wait_at(place);
    leave(place);
    forget_place(session, wait);
    proto::encode_refusal(daemon_.outbox_of(session), wait.request, code, detail);
}

bool Waiting::cancel(Session& session, std::uint64_t request) {
    const auto found = session.waits.find(request);
    if (found == session.waits.end())
        return false;
    const auto place = found->second;
    refuse(session, place, Errc::cancelled, "request " + std::to_string(request) + " was cancelled by its session");
    advance(place.object);
    return true;
}

void Waiting::forget(Session& session) {
    while (!session.waits.empty()) {
        const auto place = session.waits.begin()->second;
        const auto wait = wait_at(place);
        leave(place);
        forget_place(session, wait);
        advance(place.object);
    }
}

void Waiting::refuse_all(const Object& object, Errc code, const std::string& detail) {
    for (auto line = line_of(object); !line.empty();) {
        const WaitPlace first{.object = object, .waiter = line.first()};
        if (auto* session = daemon_.sessions.find(wait_at(first).agent.session))
            refuse(*session, first, code, detail);
        else
            leave(first);
    }
}

void Waiting::refuse_everybody(Errc code, const std::string& detail) {
    for (const auto& [number, session] : daemon_.sessions.all())
        while (!session->waits.empty())
            refuse(*session, session->waits.begin()->second, code, detail);
}

void Waiting::expire() {
    while (!deadlines_.empty() && deadlines_.begin()->first.first <= daemon_.now_ns) {
        const auto place = deadlines_.begin()->second;
        const auto wait = wait_at(place);
        auto& session = *daemon_.sessions.find(wait.agent.session);
        leave(place);
        forget_place(session, wait);
        class_of(place.object.type()).reply(daemon_.outbox_of(session), wait.request, std::nullopt);
        advance(place.object);
    }
}

std::optional<std::uint64_t> Waiting::next_deadline_ns() const {
    if (deadlines_.empty())
        return std::nullopt;
    return deadlines_.begin()->first.first;
}

}  // namespace steward::daemon
