#include "daemon/management.hpp"

#include <unistd.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "daemon/version.hpp"
#include "shared/line.hpp"
#include "shared/statistics.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;

constexpr std::uint32_t largest_page = 1000;

std::int64_t age_ms(const Daemon& daemon, std::chrono::steady_clock::time_point since) {
    const auto since_ns = static_cast<std::uint64_t>(since.time_since_epoch().count());
    return static_cast<std::int64_t>((daemon.now_ns - std::min(daemon.now_ns, since_ns)) / 1'000'000);
}

proto::AgentInfo waiter_info(const Daemon& daemon, const shared::Wait& wait) {
    auto info = daemon.describe(wait.agent, wait.since_ns, wait.amount, wait.place);
    if (wait.deadline_ns != shared::no_deadline)
        info.timeout_ms =
            static_cast<std::int64_t>((wait.deadline_ns - std::min(daemon.now_ns, wait.deadline_ns)) / 1'000'000);
    return info;
}

proto::ObjectInfo describe(const Daemon& daemon, const Object& object) {
    const auto kind = object.header->kind.load();
    proto::ObjectInfo info;
    info.object = object.id();
    info.name = object.name();
    info.type = object.type();
    info.owner = object.owner();
    info.group = kind.gid;
    info.mode = kind.mode;
    info.ephemeral = object.ephemeral();
    info.operations = object.header->operations.load();
    if (const auto* statistics = shared::statistics_of(object.heap(), *object.header))
        info.waits = statistics->waited.load();
    info.version = object.header->version.load();
    info.references = object.header->traits.load().references;
    info.users = static_cast<std::uint32_t>(daemon.lifetimes.users_of(object.id()));
    class_of(object.type()).describe(daemon, object, info);
    const auto line = object.line();
    for (auto waiter = line.first(); waiter; waiter = line.next(waiter))
        info.waiters.push_back(waiter_info(daemon, line.get(waiter)));
    return info;
}

/// The object of an id, whatever its type.
Object any_object(const Call& call, std::uint64_t id, Access access) {
    const auto found = call.daemon.registry.find(id);
    return call.object(id, found ? found->type() : proto::ObjectType::lock, access);
}

/// Who holds what, for many sessions at a time: each object is looked at once.
class HoldingSessions {
  public:
    explicit HoldingSessions(const Daemon& daemon) : daemon_(daemon) {}

    /// How many objects the session holds.
    std::uint64_t count_of(const Session& session) {
        return static_cast<std::uint64_t>(std::ranges::count_if(
            session.held, [&](std::uint64_t object) { return of(object).contains(session.number); }));
    }

  private:
    const std::unordered_set<std::uint32_t>& of(std::uint64_t id) {
        const auto [known, is_new] = by_object_.try_emplace(id);
        if (const auto object = is_new ? daemon_.registry.find(id) : std::nullopt)
            for (const auto holder : class_of(object->type()).holders(*object))
                known->second.insert(holder.session);
        return known->second;
    }

    const Daemon& daemon_;
    std::unordered_map<std::uint64_t, std::unordered_set<std::uint32_t>> by_object_;
};

}  // namespace

proto::daemon::Status::Result handle(Call& call, const proto::daemon::Status&) {
    const auto& daemon = call.daemon;
    proto::daemon::Status::Result status;
    status.version = version;
    status.pid = ::getpid();
    status.instance = daemon.instance();
    status.uptime_ms = static_cast<std::int64_t>((daemon.now_ns - daemon.started_ns) / 1'000'000);
    status.sessions = daemon.sessions.all().size();
    status.objects = daemon.registry.size();
    status.waiters = daemon.waiting.size();
    status.requests = daemon.requests;
    status.refusals = daemon.refusals;
    status.domains = daemon.domains.all().size();
    for (const auto& domain : daemon.domains.all()) {
        const auto usage = domain->heap().usage();
        status.memory_used_bytes += usage.obtained_bytes - usage.free_bytes;
    }
    status.memory_obtained_bytes = daemon.domains.budget().used_bytes();
    status.memory_limit_bytes = daemon.domains.budget().limit_bytes();
    return status;
}

proto::daemon::Reload::Result handle(Call& call, const proto::daemon::Reload&) {
    if (call.session.uid != 0 && call.session.uid != ::geteuid())
        throw Refusal(Errc::no_permission, "uid " + std::to_string(call.session.uid) +
                                               " may not have the daemon read its configuration again; root and uid " +
                                               std::to_string(::geteuid()) + " may");
    return call.daemon.reload();
}

proto::session::Open::Result handle(Call&, const proto::session::Open&) {
    throw Refusal(Errc::protocol_error, "this connection has a session already");
}

proto::session::Close::Result handle(Call& call, const proto::session::Close&) {
    call.session.closed = true;  // it ends when the reply is on its way
    return {};
}

proto::session::Cancel::Result handle(Call& call, const proto::session::Cancel& message) {
    return {.cancelled = call.daemon.waiting.cancel(call.session, message.request)};
}

proto::session::EndThread::Result handle(Call& call, const proto::session::EndThread& message) {
    call.daemon.end_thread(call.session, message.thread);
    return {};
}

proto::session::Place::Result handle(Call& call, const proto::session::Place& message) {
    return {.place = call.daemon.places.number_of(message.where)};
}

proto::session::Bell::Result handle(Call& call, const proto::session::Bell& message) {
    auto& session = call.session;
    auto& bells = call.daemon.bells;
    const auto bell = message.bell == 0 && session.shares_words ? bells.own(session) : message.bell;
    session.enclosed = bells.ringable_by(session, bell);
    return {.bell = session.enclosed < 0 ? 0 : bell};
}

proto::session::List::Result handle(Call& call, const proto::session::List& message) {
    const auto& daemon = call.daemon;
    const auto& all = daemon.sessions.all();
    const auto limit = std::min(message.limit, largest_page);
    HoldingSessions holding(daemon);
    proto::session::List::Result page;
    for (auto at = all.upper_bound(message.after); at != all.end() && page.sessions.size() < limit; ++at) {
        const auto& session = *at->second;
        page.sessions.push_back({.session = session.number,
                                 .pid = session.process->pid,
                                 .uid = session.uid,
                                 .client_name = session.client_name,
                                 .command = session.process->command,
                                 .since_ms = age_ms(daemon, session.since),
                                 .holds = holding.count_of(session),
                                 .waits = session.waits.size(),
                                 .requests = session.requests,
                                 .connected = session.connected,
                                 .in_name_of = session.in_name_of.empty() ? 0 : session.in_name_of.front()});
    }
    return page;
}

proto::object::Find::Result handle(Call& call, const proto::object::Find& message) {
    return describe(call.daemon, call.object(message.name, Access::read));
}

proto::object::Info::Result handle(Call& call, const proto::object::Info& message) {
    return describe(call.daemon, any_object(call, message.object, Access::read));
}

proto::object::Statistics::Result handle(Call& call, const proto::object::Statistics& message) {
    const auto object = any_object(call, message.object, Access::read);
    proto::object::Statistics::Result result{.operations = object.header->operations.load()};
    if (object.header->word_line.load() != 0)
        result.acquisitions = class_of(object.type()).acquisitions(object);
    const auto* statistics = shared::statistics_of(object.heap(), *object.header);
    if (statistics == nullptr)
        return result;
    result.waiting = object.line().size();
    result.waited = statistics->waited.load();
    result.wait_total_ns = statistics->wait_total_ns.load();
    result.wait_longest_ns = statistics->wait_longest_ns.load();
    result.hold_total_ns = statistics->hold_total_ns.load();
    result.hold_longest_ns = statistics->hold_longest_ns.load();
    for (std::size_t i = 0; i < shared::Histogram::buckets; ++i) {
        result.waits.push_back(statistics->waits.at(i));
        result.holds.push_back(statistics->holds.at(i));
    }
    return result;
}

proto::object::List::Result handle(Call& call, const proto::object::List& message) {
    proto::object::List::Result page;
    page.cursor = message.cursor;
    const auto limit = std::min(message.limit, largest_page);
    for (std::uint32_t seen = 0; seen < limit; ++seen) {
        const auto object = call.daemon.registry.next(page.cursor);
        if (!object) {
            page.cursor = 0;
            break;
        }
        if (message.type && object->type() != *message.type)
            continue;
        const bool wanted = object->anonymous() ? message.nameless && message.prefix.empty()
                                                : object->name().starts_with(message.prefix);
        if (wanted && object->allows(call.session, Access::read))
            page.objects.push_back(describe(call.daemon, *object));
    }
    return page;
}

proto::object::Use::Result handle(Call& call, const proto::object::Use& message) {
    const auto found = call.daemon.registry.find(message.object);
    const bool readable = found && found->allows(call.session, Access::read);
    const auto object = any_object(call, message.object, readable ? Access::read : Access::write);
    call.daemon.lifetimes.use(call.session, object);
    return {.type = object.type()};
}

proto::object::Drop::Result handle(Call& call, const proto::object::Drop& message) {
    call.daemon.lifetimes.drop(call.session, message.object, message.receipts);
    return {};
}

proto::object::Share::Result handle(Call& call, const proto::object::Share& message) {
    return {.word = call.daemon.shared_words.share(call.session, any_object(call, message.object, Access::write))};
}

proto::object::Notify::Result handle(Call& call, const proto::object::Notify& message) {
    if (call.session.uses_word_of(message.object))
        if (const auto object = call.daemon.registry.find(message.object))
            call.daemon.waiting.advance(*object);
    return {};
}

proto::object::Held::Result handle(Call& call, const proto::object::Held& message) {
    constexpr std::uint64_t stands_for = 64;
    if (call.session.uses_word_of(message.object))
        if (const auto object = call.daemon.registry.find(message.object))
            shared::note_held(object->heap(), *object->header, message.held_ns, stands_for);
    return {};
}

proto::object::Remove::Result handle(Call& call, const proto::object::Remove& message) {
    const bool by_name = !message.name.empty();
    proto::object::Remove::Result removed{.removed = true};
    if (by_name ? !call.daemon.registry.find(message.name) : !call.daemon.registry.find(message.id))
        return {.removed = false};
    const auto object = by_name ? call.object(message.name, Access::own) : any_object(call, message.id, Access::own);
    call.prepare(*object.domain);
    call.daemon.registry.remove(object,
                                [&](shared::Mutation& mutation) { call.record(mutation, *object.domain, removed); });
    return removed;
}

proto::object::Break::Result handle(Call& call, const proto::object::Break& message) {
    const auto object =
        message.name.empty() ? any_object(call, message.id, Access::own) : call.object(message.name, Access::own);
    auto from = describe(call.daemon, object).holders;
    const auto& type = class_of(object.type());
    const auto before = object.header->version.load();
    for (const auto holder : type.holders(object)) {
        type.take_back(object, {.session = holder.session, .command = {}, .abandoned = false}, call.daemon.now_ns);
        if (auto* session = call.daemon.sessions.find(holder.session))
            std::erase_if(session->taken, [&](const auto& taken) { return taken.first.first == object.id(); });
    }
    if (object.header->version.load() != before)
        call.daemon.watches.note_later(object, "broken");
    proto::object::Break::Result result{.holders = std::move(from)};
    call.prepare(*object.domain);
    {
        shared::Mutation mutation(object.heap());
        call.record(mutation, *object.domain, result);
    }
    call.daemon.waiting.advance(object);
    return result;
}

}  // namespace steward::daemon
