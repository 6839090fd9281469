#include "daemon/deadlocks.hpp"

#include <algorithm>
#include <vector>

#include "daemon/daemon.hpp"
#include "daemon/outlook.hpp"
#include "daemon/wait_graph.hpp"
#include "proto/codec.hpp"
#include "proto/deadlock.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using shared::Agent;
using shared::WaitMode;
using Cycle = std::vector<WaitGraph::Step>;

proto::DeadlockStep described(const Daemon& daemon, const WaitGraph::Step& step) {
    const auto who = daemon.describe(step.agent, 0, 1, step.wait.place);
    proto::DeadlockStep described{.session = who.session,
                                  .thread = who.thread,
                                  .pid = who.pid,
                                  .command = who.command,
                                  .object = step.wait.object.value,
                                  .name = {},
                                  .where = who.where};
    if (const auto object = daemon.registry.find(step.wait.object.value)) {
        described.type = object->type();
        described.name = object->name();
    }
    return described;
}

proto::Deadlock described(const Daemon& daemon, const Cycle& cycle) {
    proto::Deadlock deadlock;
    for (const auto& step : cycle)
        deadlock.cycle.push_back(described(daemon, step));
    return deadlock;
}

std::string sentence(const proto::Deadlock& deadlock) {
    return "deadlock: " + sentence_of(deadlock);
}

std::string packed(const proto::Deadlock& deadlock) {
    std::string bytes;
    proto::Writer writer(bytes);
    proto::encode(writer, deadlock);
    return bytes;
}

/// One that comes back from a condition gave its lock up to be given it again, and one with a time-out goes on anyway.
bool can_be_refused(const WaitGraph::Step& step) {
    return step.wait.mode != WaitMode::returning && step.wait.deadline_ns == shared::no_deadline;
}

}  // namespace

void Deadlocks::refuse_to_close(std::span<const WantedPart> wanted) const {
    if (Outlook(daemon_, wanted.front().claim.agent).is_good(wanted))
        return;
    const WaitGraph graph(daemon_, wanted.front().claim.agent, wanted);
    if (graph.goes_on())
        return;
    const auto cycle = graph.cycle();
    if (cycle.empty())  // behind a cycle, but no part of it
        return;
    const auto deadlock = described(daemon_, cycle);
    throw proto::Refusal(Errc::deadlock, sentence(deadlock), packed(deadlock));
}

std::optional<Deadlocks::Victim> Deadlocks::closed_by(Agent agent) const {
    const WaitGraph graph(daemon_, agent);
    if (graph.goes_on())
        return std::nullopt;
    auto cycle = graph.cycle();
    const auto ticket_of = [](const WaitGraph::Step& step) { return can_be_refused(step) ? step.wait.ticket : 0; };
    const auto youngest = std::ranges::max_element(cycle, {}, ticket_of);
    if (youngest == cycle.end() || !can_be_refused(*youngest))
        return std::nullopt;
    std::ranges::rotate(cycle, youngest);
    const auto deadlock = described(daemon_, cycle);
    return Victim{.agent = cycle.front().wait.agent,
                  .request = cycle.front().wait.request,
                  .sentence = sentence(deadlock),
                  .data = packed(deadlock)};
}

void Deadlocks::overtake_for(Agent agent) {
    if (!daemon_.waiting.any_wants_all())
        return;
    for (const auto behind : WaitGraph(daemon_, agent).agents())
        let_overtake(behind);
}

/// Only who holds something can be waited for.
void Deadlocks::let_overtake(Agent agent) {
    const auto* session = daemon_.sessions.find(agent.session);
    if (session == nullptr || session->held.empty())
        return;
    const auto* waits = session->waits_of(agent.thread);
    if (waits == nullptr || waits->count != 1)
        return;
    auto places = daemon_.waiting.places_of(waits->place);
    std::erase_if(places, [&](const WaitPlace& place) { return !overtakes_at(place, agent); });
    for (const auto& place : places)
        daemon_.waiting.advance(place.object);
}

/// Whether there was somebody to overtake.
bool Deadlocks::overtakes_at(const WaitPlace& place, Agent agent) {
    auto line = place.object.line();
    std::vector<Agent> wanting_all;
    for (auto ahead = line.first(); ahead && ahead != place.waiter; ahead = line.next(ahead))
        if (const auto wait = line.get(ahead); wait.mode == WaitMode::all)
            wanting_all.push_back(wait.agent);
    const WaitGraph graph(daemon_, wanting_all, agent);
    for (auto ahead = line.first(); ahead && ahead != place.waiter; ahead = line.next(ahead)) {
        if (const auto wait = line.get(ahead); wait.mode != WaitMode::all || graph.goes_on(wait.agent))
            continue;
        shared::Mutation mutation(place.object.heap());
        mutation.change(*place.object.header);
        line.overtake(mutation, place.waiter, ahead);
        return true;
    }
    return false;
}

}  // namespace steward::daemon
