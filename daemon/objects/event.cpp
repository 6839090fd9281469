#include "daemon/objects/event.hpp"

#include "daemon/registry.hpp"
#include "proto/envelope.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

using shared::EventWord;

void store_flag(const Object& object, std::uint64_t flag) {
    shared::Mutation mutation(object.heap());
    object.begin_change(mutation);
    object.set_word(mutation, flag);
}

}  // namespace

bool Event::ready_for(const Object& object, const Claim&) const {
    return EventWord::is_set(object.word());
}

void Event::reply(std::string& out, std::uint64_t request, const std::optional<Grant>& grant) const {
    proto::encode_result(out, request, proto::event::Wait::Result{.set = grant.has_value()});
}

void Event::describe(const Daemon&, const Object& object, proto::ObjectInfo& info) const {
    const bool set = EventWord::is_set(object.word());
    info.state = set ? "set" : "clear";
    info.count = set ? 1 : 0;
}

proto::event::Open::Result handle(Call& call, const proto::event::Open& message) {
    return call.daemon.registry.open(call, message.open,
                                     {.type = proto::ObjectType::event, .needs_word_line = true, .options_name = {}});
}

proto::event::Set::Result handle(Call& call, const proto::event::Set& message) {
    const auto object = call.object(message.object, proto::ObjectType::event, Access::write);
    store_flag(object, EventWord::set);
    call.daemon.waiting.advance(object);
    return {};
}

proto::event::Clear::Result handle(Call& call, const proto::event::Clear& message) {
    store_flag(call.object(message.object, proto::ObjectType::event, Access::write), EventWord::clear);
    return {};
}

proto::event::IsSet::Result handle(Call& call, const proto::event::IsSet& message) {
    return {.set = EventWord::is_set(call.object(message.object, proto::ObjectType::event, Access::read).word())};
}

void handle(Call& call, const proto::event::Wait& message) {
    const auto object = call.object(message.object, proto::ObjectType::event, Access::read);
    call.daemon.waiting.enter(call, object,
                              {.agent = {.session = call.session.number, .thread = message.thread},
                               .place = call.daemon.places.number_of(message.where)},
                              message.timeout_ns);
}

}  // namespace steward::daemon
