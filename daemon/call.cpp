#include "daemon/call.hpp"

#include <string>

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::Refusal;

std::string quoted(std::string_view name) {
    return "'" + std::string(name) + "'";
}

void check_access(const Object& object, const Session& session, Access access) {
    if (object.allows(session, access))
        return;
    const char* wanted = access == Access::read ? "read" : access == Access::write ? "use" : "remove or break";
    throw Refusal(Errc::no_permission, "uid " + std::to_string(session.uid) + " may not " + wanted + " " +
                                           std::string(to_string(object.type())) + " " + quoted(object.name()) +
                                           " of uid " + std::to_string(object.header->owner.load().uid));
}

}  // namespace

Object Call::object(std::uint64_t id, proto::ObjectType type, Access access) const {
    const auto object = daemon.registry.find(id);
    if (!object)
        throw Refusal(Errc::no_such_object, "object " + std::to_string(id) + " does not exist or was removed");
    if (object->type() != type)
        throw Refusal(Errc::wrong_type, quoted(object->name()) + " is a " + std::string(to_string(object->type())) +
                                            ", not a " + std::string(to_string(type)));
    check_access(*object, session, access);
    return *object;
}

Object Call::object(std::string_view name, Access access) const {
    const auto object = daemon.registry.find(name);
    if (!object)
        throw Refusal(Errc::no_such_object, "there is no object " + quoted(name));
    check_access(*object, session, access);
    return *object;
}

}  // namespace steward::daemon
