#include "daemon/call.hpp"

#include <string>

#include "daemon/damage.hpp"
#include "shared/word_encodings.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;

void check_access(const Object& object, const Session& session, Access access) {
    if (object.allows(session, access))
        return;
    const char* wanted = access == Access::read ? "read" : access == Access::write ? "use" : "remove or break";
    throw Refusal(Errc::no_permission, "uid " + std::to_string(session.uid) + " may not " + wanted + " " +
                                           object.called() + " of uid " + std::to_string(object.owner()));
}

}  // namespace

Object Call::object(std::uint64_t id, proto::ObjectType type, Access access) const {
    const auto object = daemon.registry.find(id);
    if (!object)
        throw Refusal(Errc::no_such_object, "object " + std::to_string(id) + " does not exist or was removed");
    if (object->type() != type)
        throw Refusal(Errc::wrong_type, object->called() + " is no " + std::string(to_string(type)));
    check_access(*object, session, access);
    if (access != Access::own && has_lost_its_word(*object)) {
        daemon.waiting.advance(*object);  // those who wait for it are told too
        check_words(*object->domain, object->called());
    }
    return *object;
}

shared::Agent Call::agent(std::uint32_t thread) const {
    constexpr auto largest = shared::LockWord::largest_thread;
    if (thread > largest)
        throw Refusal(Errc::invalid_argument,
                      "thread " + std::to_string(thread) + " is above " + std::to_string(largest));
    return {.session = session.number, .thread = thread};
}

Claim Call::claim(std::uint32_t thread, std::string_view where, std::uint8_t want) const {
    return {.agent = agent(thread), .place = daemon.places.number_of(where), .want = want, .recorded = recorded};
}

Object Call::object(std::string_view name, Access access) const {
    const auto object = daemon.registry.find(name);
    if (!object)
        throw Refusal(Errc::no_such_object, "there is no object '" + std::string(name) + "'");
    check_access(*object, session, access);
    return *object;
}

}  // namespace steward::daemon
