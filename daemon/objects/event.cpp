#include "daemon/objects/event.hpp"

#include <array>

#include "daemon/registry.hpp"
#include "daemon/restore.hpp"
#include "daemon/retrying.hpp"
#include "proto/dumped_state.hpp"
#include "proto/envelope.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

using shared::EventWord;

constexpr std::uint32_t auto_reset_option = 1;

bool resets_itself(const Object& object) {
    return (object.options() & auto_reset_option) != 0;
}

void store_flag(const Call& call, const Object& object, std::uint64_t flag) {
    retrying([&] {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        object.set_word(mutation, flag);
        call.record(mutation, *object.domain, proto::Nothing{});
    });
}

}  // namespace

bool Event::ready_for(const Object& object, const Claim&) const {
    return EventWord::is_set(object.word());
}

Grant Event::grant(shared::Mutation& mutation, const Object& object, const Claim&, std::uint64_t) const {
    if (resets_itself(object))
        object.change_word(mutation, EventWord::set, EventWord::clear);
    return {};
}

void Event::reply(std::string& out, const Claim& claim, const std::optional<Grant>& grant) const {
    proto::encode_result(out, claim.request, proto::event::Wait::Result{.set = grant.has_value()});
}

std::optional<std::uint8_t> Event::want_among_several(shared::WaitMode mode, bool shared) const {
    return mode == shared::WaitMode::any && !shared ? std::optional<std::uint8_t>(0) : std::nullopt;
}

/// Who waits for an event that resets itself changes it.
Access Event::access_to_wait(const Object& object) const {
    return resets_itself(object) ? Access::write : Access::read;
}

void Event::undo(shared::Mutation& mutation, const Object& object, Session&, const Claim&, std::string_view,
                 std::uint64_t) const {
    if (resets_itself(object))
        object.set_word(mutation, EventWord::set);
}

void Event::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    const bool set = EventWord::is_set(object.word());
    info.state = set ? "set" : "clear";
    info.count = set ? 1 : 0;
}

std::string Event::dumped_state(const Object& object) const {
    return packed_state(
        proto::dumped::Event{.auto_reset = resets_itself(object), .set = EventWord::is_set(object.word())});
}

Object Event::restore(const Restore& restore, proto::Packed state) const {
    const auto former = proto::dumped::decode_state<proto::dumped::Event>(state);
    return restore.make({.type = proto::ObjectType::event, .options = former.auto_reset ? auto_reset_option : 0},
                        [&](shared::Mutation& mutation, const Object& object) {
                            object.word_line().bound.store(former.auto_reset ? 1 : 0);
                            object.set_word(mutation, former.set ? EventWord::set : EventWord::clear);
                        });
}

proto::event::Open::Result handle(Call& call, const proto::event::Open& message) {
    const std::array fixed{
        FixedOption{"auto_reset", message.auto_reset ? 1 : 0,
                    [](const Object& object) -> std::int64_t { return resets_itself(object) ? 1 : 0; }}};
    return call.daemon.registry.open(
        call, message.open,
        {.type = proto::ObjectType::event, .options = message.auto_reset ? auto_reset_option : 0, .fixed = fixed},
        [&](shared::Mutation&, const Object& object) { object.word_line().bound.store(message.auto_reset ? 1 : 0); });
}

proto::event::Set::Result handle(Call& call, const proto::event::Set& message) {
    const auto object = call.object(message.object, proto::ObjectType::event, Access::write);
    store_flag(call, object, EventWord::set);
    call.daemon.waiting.advance(object);
    return {};
}

proto::event::Clear::Result handle(Call& call, const proto::event::Clear& message) {
    store_flag(call, call.object(message.object, proto::ObjectType::event, Access::write), EventWord::clear);
    return {};
}

proto::event::IsSet::Result handle(Call& call, const proto::event::IsSet& message) {
    return {.set = EventWord::is_set(call.object(message.object, proto::ObjectType::event, Access::read).word())};
}

void handle(Call& call, const proto::event::Wait& message) {
    auto object = call.object(message.object, proto::ObjectType::event, Access::read);
    object = call.object(message.object, proto::ObjectType::event,
                         class_of(proto::ObjectType::event).access_to_wait(object));
    call.daemon.waiting.enter(call, object, call.claim(message.thread, message.where), message.timeout_ns);
}

}  // namespace steward::daemon
