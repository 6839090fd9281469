#include "daemon/lock_order.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <limits>
#include <new>

#include <spdlog/spdlog.h>

#include "daemon/daemon.hpp"
#include "proto/envelope.hpp"
#include "proto/lock_order.hpp"

namespace steward::daemon {
namespace {

using shared::Agent;
using shared::WaitMode;

/// One lock taken alone: acquire_all takes all or none, and wait_any would go on with others.
bool is_taken_alone(const Claim& claim) {
    return claim.mode == WaitMode::one || claim.mode == WaitMode::returning;
}

/// Who does not wait closes no cycle, but others may wait for what it holds then.
bool could_wait(const Claim& claim) {
    return claim.deadline_ns > claim.since_ns;
}

bool is_held_by(const Object& object, Agent agent) {
    const auto& type = class_of(object.type());
    if (const auto holder = type.only_holder(object))
        return *holder == agent;
    const auto holders = type.holders(object);
    return std::ranges::find(holders, agent) != holders.end();
}

std::string at(std::string_view place) {
    return place.empty() ? std::string{} : " at " + std::string(place);
}

}  // namespace

void LockOrder::note_granted(Session& session, const Object& object, const Claim& claim) noexcept {
    if (!is_taken_alone(claim) || !class_of(object.type()).makes_order(object, claim))
        return;
    try {
        tidy_threads();
        auto& thread = thread_of(session, claim.agent);
        std::erase_if(thread.held, [&](const Held& held) { return held.object == object.id(); });
        drop_released(thread, claim.agent);
        if (could_wait(claim))
            note_orders(session, thread, object, claim);
        if (thread.held.size() < most_held_per_thread)
            thread.held.push_back({.object = object.id(), .place = claim.place});
    } catch (const std::bad_alloc&) {
        return;
    }
}

LockOrder::Thread& LockOrder::thread_of(const Session& session, Agent agent) {
    auto& thread = threads_[{agent.session, agent.thread}];
    if (!thread.witness)
        thread.witness = std::make_shared<const Witness>(
            Witness{.pid = session.process->pid, .command = session.process->command, .thread = agent.thread});
    return thread;
}

void LockOrder::drop_released(Thread& thread, Agent agent) const {
    std::erase_if(thread.held, [&](const Held& held) {
        const auto object = daemon_.registry.find(held.object);
        return !object || !is_held_by(*object, agent);
    });
}

/// Nobody says when a thread holds nothing any more, and there may be ever new ones.
void LockOrder::tidy_threads() {
    constexpr std::size_t threads_at_a_time = 2;
    for (std::size_t i = 0; i < threads_at_a_time && !threads_.empty(); ++i) {
        auto next = threads_.upper_bound(swept_);
        if (next == threads_.end())
            next = threads_.begin();
        swept_ = next->first;
        drop_released(next->second, {.session = swept_.first, .thread = swept_.second});
        if (next->second.held.empty())
            threads_.erase(next);
    }
}

std::vector<LockOrder::Held> LockOrder::new_orders(const Graph& graph, const Thread& thread,
                                                   const Object& granted) const {
    auto held = thread.held;
    std::erase_if(held, [&](const Held& before) {
        return graph.orders.contains({before.object, granted.id()}) ||
               daemon_.registry.find(before.object).value().domain != granted.domain;
    });
    return held;
}

/// An order that is known has been compared with all others already. One search serves all that the thread holds.
void LockOrder::note_orders(Session& session, const Thread& thread, const Object& granted, const Claim& claim) {
    if (thread.held.empty())
        return;
    auto& graph = graphs_[granted.domain];
    const auto orders = new_orders(graph, thread, granted);
    for (std::size_t i = 0; i < orders.size(); ++i)
        tidy(graph);
    const auto reached = orders.empty() ? Reached{} : reached_from(graph, granted.id());
    for (const auto& held : orders) {
        if (graph.orders.size() == most_orders_per_domain)
            return;
        const auto before = path(reached, granted.id(), held.object);
        Sighting sighting{
            .witness = thread.witness, .place_held = held.place, .place = claim.place, .warned = !before.empty()};
        if (!before.empty() && !was_warned_of(graph, {granted.id(), held.object}))
            warn(session, {.held = held.object, .taken = granted.id(), .sighting = &sighting}, before);
        graph.orders.emplace(Order{held.object, granted.id()}, std::move(sighting));
    }
}

bool LockOrder::was_warned_of(const Graph& graph, const Order& order) {
    const auto found = graph.orders.find(order);
    return found != graph.orders.end() && found->second.warned;
}

void LockOrder::tidy(Graph& graph) const {
    constexpr std::size_t orders_at_a_time = 4;
    auto next = graph.orders.upper_bound(graph.swept);
    for (std::size_t i = 0; i < orders_at_a_time && next != graph.orders.end(); ++i) {
        graph.swept = next->first;
        const auto [held, taken] = graph.swept;
        const bool is_gone = !daemon_.registry.find(held) || !daemon_.registry.find(taken);
        next = is_gone ? graph.orders.erase(next) : std::next(next);
    }
    if (next == graph.orders.end())
        graph.swept = {};
}

/// Breadth first. What belongs to a removed object leads nowhere.
LockOrder::Reached LockOrder::reached_from(const Graph& graph, std::uint64_t from) const {
    Reached reached{{from, {}}};
    std::size_t looked_at = 0;
    for (std::deque next{from}; !next.empty(); next.pop_front()) {
        const auto held = next.front();
        if (!daemon_.registry.find(held))
            continue;
        for (auto order = graph.orders.lower_bound({held, 0});
             order != graph.orders.end() && order->first.first == held; ++order) {
            if (++looked_at > most_orders_looked_at)
                return reached;
            const auto taken = order->first.second;
            if (reached.try_emplace(taken, Step{.held = held, .taken = taken, .sighting = &order->second}).second)
                next.push_back(taken);
        }
    }
    return reached;
}

std::vector<LockOrder::Step> LockOrder::path(const Reached& reached, std::uint64_t from, std::uint64_t to) {
    std::vector<Step> steps;
    if (!reached.contains(to))
        return steps;
    for (auto object = to; object != from; object = steps.back().held)
        steps.push_back(reached.at(object));
    std::ranges::reverse(steps);
    return steps;
}

void LockOrder::warn(Session& session, const Step& now, std::span<const Step> before) const {
    const auto name_of = [&](std::uint64_t object) { return std::string(daemon_.registry.find(object)->name()); };
    const proto::LockOrder warning{.first = now.held,
                                   .first_name = name_of(now.held),
                                   .second = now.taken,
                                   .second_name = name_of(now.taken),
                                   .thread = now.sighting->witness->thread,
                                   .sentence = sentence(now, before),
                                   .where = std::string(daemon_.places.name_of(now.sighting->place)),
                                   .where_before = std::string(daemon_.places.name_of(before.back().sighting->place))};
    spdlog::warn("{}", warning.sentence);
    proto::encode_notification(daemon_.outbox_of(session), warning);
}

std::string LockOrder::sentence(const Step& now, std::span<const Step> before) const {
    constexpr std::size_t most_steps = 8;
    auto sentence = "lock order: " + told(now, true);
    for (const auto& step : before.first(std::min(before.size(), most_steps)))
        sentence += (&step == &before.front() ? "; before, " : ", and ") + told(step, false);
    if (before.size() > most_steps)
        sentence += ", and so on to " + called(before.back().taken);
    return sentence;
}

std::string LockOrder::told(const Step& step, bool now) const {
    const auto& sighting = *step.sighting;
    const auto& who = *sighting.witness;
    return "pid " + std::to_string(who.pid) + " " + who.command + " (thread " + std::to_string(who.thread) + ") " +
           (now ? "takes " : "took ") + called(step.taken) + at(daemon_.places.name_of(sighting.place)) + " while it " +
           (now ? "holds " : "held ") + called(step.held) + at(daemon_.places.name_of(sighting.place_held));
}

std::string LockOrder::called(std::uint64_t object) const {
    const auto found = daemon_.registry.find(object);
    return found ? found->called() : "#" + std::to_string(object);
}

void LockOrder::forget(std::uint32_t session) {
    threads_.erase(threads_.lower_bound({session, 0}),
                   threads_.upper_bound({session, std::numeric_limits<std::uint32_t>::max()}));
}

void LockOrder::forget(Agent agent) {
    threads_.erase({agent.session, agent.thread});
}

std::size_t LockOrder::known(const shared::Domain& domain) const {
    const auto graph = graphs_.find(&domain);
    return graph == graphs_.end() ? 0 : graph->second.orders.size();
}

}  // namespace steward::daemon
