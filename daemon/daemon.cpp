#include "daemon/daemon.hpp"

#include <ctime>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "daemon/damage.hpp"
#include "proto/errors.hpp"
#include "shared/kill_point.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

std::uint64_t now_of(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

Departed departed(const Session& session, std::optional<std::uint32_t> thread = {}) {
    return {.session = session.number,
            .thread = thread,
            .pid = session.process->pid,
            .uid = session.uid,
            .command = session.process->command,
            .abandoned = !session.closed};
}

}  // namespace

std::uint64_t monotonic_now_ns() {
    return now_of(CLOCK_MONOTONIC);
}

std::uint64_t realtime_now_ns() {
    return now_of(CLOCK_REALTIME);
}

Daemon::Daemon(const Settings& settings)
    : now_ns(monotonic_now_ns()),
      domains(settings.memory),
      registry(*this),
      lifetimes(*this),
      places(static_cast<std::uint16_t>(realtime_now_ns() / 1'000'000'000U)),
      results(*this),
      absences(settings.grace_ns),
      waiting(*this),
      deadlocks(*this),
      lock_order(*this),
      watches(*this),
      started_ns(now_ns),
      instance_(settings.instance) {
    std::uint64_t session_floor = 0;
    std::vector<Departed> dead;  // of all domains: a session may hold objects of another uid
    for (const auto& domain : domains.all()) {
        session_floor = std::max(session_floor, domain->session_floor());
        registry.learn_token_floor(domain->token_floor());
        std::ranges::move(take_up_sessions(*domain), std::back_inserter(dead));
    }
    for (const auto& domain : domains.all())
        take_up(*domain, dead);
    waiting.take_up_lines();
    for (const auto& domain : domains.all())
        finish_taking_up(*domain);
    sessions.start_above(static_cast<std::uint32_t>(session_floor));
}

/// Those whose processes live go on. Returns the others, whose records go.
std::vector<Departed> Daemon::take_up_sessions(shared::Domain& domain) {
    std::vector<Departed> dead;
    auto records = domain.sessions();
    for (auto record = records.first(); record;) {
        const auto info = records.get(record);
        const auto next = records.next(record);
        if (auto* session = sessions.take_up(info, record)) {
            shared_words.take_up(*session, domain);
            absences.begin(*session, now_ns);
            shared::kill_point(shared::KillPoint::session_is_taken_up);
        } else {
            dead.push_back({.session = static_cast<std::uint32_t>(info.number),
                            .pid = static_cast<std::int32_t>(info.process.pid),
                            .uid = info.process.uid,
                            .command = std::string(info.command)});
        }
        record = next;
    }
    return dead;
}

void Daemon::take_up(shared::Domain& domain, const std::vector<Departed>& dead) {
    results.take_up(domain);
    std::uint64_t cursor = 0;
    while (auto* header = domain.objects().next(cursor)) {
        const Object object{.domain = &domain, .header = header};
        take_up(object, dead);
        waiting.take_up(object);
    }
}

/// The records go last, so that a start that ends in the middle is repeated.
void Daemon::finish_taking_up(shared::Domain& domain) {
    std::uint64_t cursor = 0;
    while (auto* header = domain.objects().next(cursor)) {
        const Object object{.domain = &domain, .header = header};
        class_of(object.type()).taken_up(*this, object);
        lifetimes.take_up(object);
    }
    auto records = domain.sessions();
    for (auto record = records.first(); record;) {
        const auto next = records.next(record);
        if (sessions.find(static_cast<std::uint32_t>(records.get(record).number)) == nullptr) {
            shared::Mutation mutation(domain.heap());
            records.erase(mutation, record);
        }
        record = next;
    }
}

/// What the living hold they keep; what the dead held is taken back.
void Daemon::take_up(const Object& object, const std::vector<Departed>& dead) {
    const auto& type = class_of(object.type());
    for (const auto holder : type.holders(object)) {
        if (auto* living = sessions.find(holder.session); living != nullptr) {
            if (object.has_word() && object.has_flag(shared::word_granted)) {
                waiting.take_up_offer(object, holder);
                continue;
            }
            living->held.insert(object.id());
            type.note_taken_up(*living, object);
            continue;
        }
        const auto known = std::ranges::find(dead, holder.session, &Departed::session);
        type.take_back(object, known != dead.end() ? *known : Departed{.session = holder.session, .command = {}},
                       now_ns);
    }
}

/// That session and all in whose name it is. Their number is bounded, so that walking them is.
std::vector<std::uint32_t> Daemon::names_of(uid_t uid, std::uint32_t in_name_of) const {
    constexpr std::size_t most = 64;
    if (in_name_of == 0)
        return {};
    const auto* named = sessions.find(in_name_of);
    if (named == nullptr || named->uid != uid)
        throw proto::Refusal(proto::Errc::invalid_argument, "in_name_of: uid " + std::to_string(uid) +
                                                                " has no session " + std::to_string(in_name_of));
    std::vector names{in_name_of};
    names.insert(names.end(), named->in_name_of.begin(), named->in_name_of.end());
    if (names.size() > most)
        throw proto::Refusal(proto::Errc::invalid_argument,
                             "in_name_of: more than " + std::to_string(most) + " sessions inside of one another");
    return names;
}

Session& Daemon::open_session(Credentials credentials, std::string client_name, std::uint32_t in_name_of) {
    auto& domain = domains.of(credentials.uid);
    auto names = names_of(credentials.uid, in_name_of);
    auto& session = sessions.open(std::move(credentials), std::move(client_name));
    try {
        shared::Mutation mutation(domain.heap());
        domain.raise_session_floor(mutation, session.number);
        session.record = domain.sessions().add(
            mutation, {.number = session.number,
                       .process = {.pid = static_cast<std::uint32_t>(session.process->pid), .uid = session.uid},
                       .start_time = session.process->start_time,
                       .command = session.process->command});
    } catch (...) {
        sessions.forget(session.number);
        throw;
    }
    stand_in(session, std::move(names));
    return session;
}

void Daemon::stand_in(Session& session, std::vector<std::uint32_t> names) {
    session.in_name_of = std::move(names);
    for (const auto number : session.in_name_of)
        if (auto* named = sessions.find(number))
            named->in_its_name.push_back(session.number);
}

void Daemon::resume_session(Session& session, Credentials credentials, std::string client_name,
                            std::uint32_t in_name_of) {
    session.gid = credentials.gid;
    session.groups = std::move(credentials.groups);
    session.client_name = std::move(client_name);
    session.connected = true;
    session.resumed = true;
    session.outbox = {};
    if (session.in_name_of.empty())
        stand_in(session, names_of(session.uid, in_name_of));
}

void Daemon::disconnect_session(Session& session) {
    session.connected = false;
    watches.forget(session);
    dumps.forget(session);
    preparations.forget(session);
    waiting.forget_unrecorded(session);
    session.listening.clear();
    for (const auto& [request, place] : session.waits)
        session.unclaimed.insert(request);
    session.outbox = {};
    absences.begin(session, now_ns);
}

/// One that has words may take a lock by them at any moment, connected or not.
bool Daemon::may_come_back(const Session& session) const {
    return session.shares_words || (!absences.is_over(session, now_ns) && session.answered_below != 0);
}

void Daemon::end_session(Session& session) {
    watches.forget(session);
    dumps.forget(session);
    preparations.forget(session);
    waiting.forget(session);
    lock_order.forget(session.number);
    take_back(session, departed(session));
    Results::forget(session);
    lifetimes.close(session);
    shared_words.forget(session);
    bells.forget(session);
    for (const auto number : session.in_name_of)
        if (auto* named = sessions.find(number))
            std::erase(named->in_its_name, session.number);
    {
        auto& domain = domains.of(session.uid);
        shared::Mutation mutation(domain.heap());
        domain.sessions().erase(mutation, session.record);
    }
    sessions.forget(session.number);
}

void Daemon::take_back(Session& session, const Departed& departed) {
    for (const auto id : may_be_held_by(session)) {  // granting to others of the session adds to it
        const auto object = registry.find(id);
        if (!object)
            continue;
        const auto before = object->header->version.load();
        try {
            class_of(object->type()).take_back(*object, departed, now_ns);
        } catch (const shared::WordChanged&) {
            warn_of_a_breach(*object);
        }
        if (object->header->version.load() != before)
            watches.note_later(*object, departed.abandoned ? "abandoned" : "released");
        waiting.advance(*object);
    }
    watches.settle();
}

/// One that was taken up may hold, by their words, whatever its user has.
std::unordered_set<std::uint64_t> Daemon::may_be_held_by(const Session& session) {
    auto held = session.held;
    if (!session.taken_up)
        return held;
    auto& domain = domains.of(session.uid);
    std::uint64_t cursor = 0;
    while (auto* header = domain.objects().next(cursor))
        if (const Object object{.domain = &domain, .header = header}; object.has_word())
            held.insert(object.id());
    return held;
}

void Daemon::end_thread(Session& session, std::uint32_t thread) {
    waiting.forget(session, thread);
    lock_order.forget({.session = session.number, .thread = thread});
    take_back(session, departed(session, thread));
}

bool Daemon::holds_anything(const Session& session) const {
    return session.taken_up || std::ranges::any_of(session.held, [&](std::uint64_t id) {
               const auto object = registry.find(id);
               if (!object)
                   return false;
               const auto holders = class_of(object->type()).holders(*object);
               return std::ranges::find(holders, session.number, &shared::Agent::session) != holders.end();
           });
}

std::string& Daemon::outbox_of(Session& session) {
    if (session.outbox.empty())
        flushes_.push_back(session.number);
    return session.outbox;
}

const std::vector<std::uint32_t>& Daemon::take_flushes() {
    taken_flushes_.clear();
    std::swap(flushes_, taken_flushes_);  // both keep their room for the next requests
    for (const auto number : taken_flushes_)
        if (auto* session = sessions.find(number); session != nullptr && session->connected)
            lifetimes.note_replies(*session);
        else if (session != nullptr)
            session->outbox.clear();  // it asks again
    return taken_flushes_;
}

bool Daemon::tidy() {
    constexpr std::size_t blocks_at_a_time = 64;
    bool more = false;
    for (const auto& domain : domains.all())
        more |= domain->heap().reap(blocks_at_a_time);
    return lifetimes.settle() || more;
}

std::optional<std::uint64_t> Daemon::next_deadline_ns() const {
    auto next = shared::no_deadline;
    for (const auto each : {waiting.next_deadline_ns(), lifetimes.next_sweep_ns(), absences.next_deadline_ns()})
        next = std::min(next, each.value_or(shared::no_deadline));
    return next == shared::no_deadline ? std::nullopt : std::optional(next);
}

proto::AgentInfo Daemon::describe(shared::Agent agent, std::uint64_t since_ns, std::uint64_t amount,
                                  std::uint32_t place) const {
    proto::AgentInfo info;
    info.session = agent.session;
    info.thread = agent.thread;
    info.since_ms = static_cast<std::int64_t>((now_ns - std::min(now_ns, since_ns)) / 1'000'000);
    info.amount = amount;
    info.where = places.name_of(place);
    if (const auto* session = sessions.find(agent.session)) {
        info.pid = session->process->pid;
        info.uid = session->uid;
        info.command = session->process->command;
        info.unit = session->process->unit;
    }
    return info;
}

}  // namespace steward::daemon
