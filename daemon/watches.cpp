#include "daemon/watches.hpp"

#include <algorithm>
#include <utility>

#include "daemon/call.hpp"
#include "proto/envelope.hpp"
#include "proto/errors.hpp"
#include "proto/watch.hpp"

namespace steward::daemon {

std::uint32_t Watches::open(Session& session, Subject subject, std::uint32_t buffer_bytes) {
    const auto own = std::ranges::count(watches_, session.number, &Watch::session);
    if (static_cast<std::size_t>(own) == most_per_session)
        throw proto::Refusal(proto::Errc::busy, "the session has " + std::to_string(own) + " watches already");
    watches_.push_back({.session = session.number,
                        .number = ++last_number_,
                        .subject = std::move(subject),
                        .buffer_bytes = std::min(buffer_bytes, largest_buffer_bytes)});
    return last_number_;
}

bool Watches::close(const Session& session, std::uint32_t number) {
    const auto found = std::ranges::find_if(
        watches_, [&](const Watch& watch) { return watch.session == session.number && watch.number == number; });
    if (found == watches_.end())
        return false;
    losing_ -= found->lost != 0 ? 1 : 0;
    watches_.erase(found);
    return true;
}

void Watches::forget(const Session& session) {
    std::erase_if(watches_, [&](const Watch& watch) {
        if (watch.session != session.number)
            return false;
        losing_ -= watch.lost != 0 ? 1 : 0;
        return true;
    });
}

bool Watches::concerns(const Watch& watch, const Object& object, std::string_view name) const {
    if (watch.subject.object != 0)
        return watch.subject.object == object.id();
    const auto* session = daemon_.sessions.find(watch.session);
    return !name.empty() && name.starts_with(watch.subject.prefix) && session != nullptr &&
           object.allows(*session, Access::read);
}

bool Watches::has_room(const Watch& watch, const Session& session) {
    return session.outbox.size() + session.unsent_bytes <= watch.buffer_bytes;
}

void Watches::note(const Object& object, std::string_view what, proto::Packed key) {
    if (watches_.empty())
        return;
    const auto name = object.name();
    for (auto& watch : watches_) {
        if (!concerns(watch, object, name))
            continue;
        auto& session = *daemon_.sessions.find(watch.session);
        if (!has_room(watch, session)) {
            losing_ += watch.lost++ == 0 ? 1 : 0;
            continue;
        }
        losing_ -= watch.lost != 0 ? 1 : 0;
        proto::encode_notification(daemon_.outbox_of(session), proto::Change{.watch = watch.number,
                                                                             .lost = std::exchange(watch.lost, 0),
                                                                             .object = object.id(),
                                                                             .type = object.type(),
                                                                             .name = name,
                                                                             .what = what,
                                                                             .key = key,
                                                                             .version = object.header->version.load()});
    }
}

void Watches::note_later(const Object& object, std::string_view what) {
    if (!watches_.empty())
        later_.emplace_back(object.id(), what);
}

void Watches::settle() {
    for (const auto& [id, what] : later_)
        if (const auto object = daemon_.registry.find(id))
            note(*object, what);
    later_.clear();
}

void Watches::catch_up() {
    if (losing_ == 0)
        return;
    for (auto& watch : watches_) {
        auto* session = daemon_.sessions.find(watch.session);
        if (watch.lost == 0 || session == nullptr || !has_room(watch, *session))
            continue;
        --losing_;
        proto::encode_notification(
            daemon_.outbox_of(*session),
            proto::Change{.watch = watch.number, .lost = std::exchange(watch.lost, 0), .name = {}, .what = "lost"});
    }
}

proto::watch::Open::Result handle(Call& call, const proto::watch::Open& message) {
    if (message.object != 0) {
        const auto object = call.daemon.registry.find(message.object);
        call.object(message.object, object ? object->type() : proto::ObjectType::lock, Access::read);
    }
    return {.watch = call.daemon.watches.open(
                call.session, {.object = message.object, .prefix = std::string(message.prefix)}, message.buffer_bytes)};
}

proto::watch::Close::Result handle(Call& call, const proto::watch::Close& message) {
    return {.closed = call.daemon.watches.close(call.session, message.watch)};
}

}  // namespace steward::daemon
