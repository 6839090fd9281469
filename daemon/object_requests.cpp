#include "daemon/object_requests.hpp"

#include <algorithm>

#include "shared/line.hpp"
#include "shared/statistics.hpp"

namespace steward::daemon {
namespace {

constexpr std::uint32_t most_objects_at_once = 1000;

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

}  // namespace

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
    const auto limit = std::min(message.limit, most_objects_at_once);
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
