#include "daemon/keys.hpp"

#include "proto/errors.hpp"
#include "proto/value.hpp"

namespace steward::daemon {

using proto::Packed;

void check_key(Packed key) {
    if (!proto::is_key(key.bytes))
        throw proto::Refusal(proto::Errc::type_mismatch, "a key is a scalar or an array of keys, not of type " +
                                                             std::string(proto::kind_name(key.bytes)));
}

shared::Dict entries_of(const Object& object) {
    return {object.heap(), object.header->state_as<shared::DictState>()};
}

std::string KeyedObject::called() const {
    return std::string(to_string(object.type())) + " '" + std::string(object.name()) + "'";
}

std::optional<shared::Dict::Entry> KeyedObject::find(Packed key) const {
    check_key(key);
    return entries.find(key.bytes);
}

std::vector<Packed> KeyedObject::keys() const {
    return collect<Packed>([](const auto& entry) { return Packed{entry.key}; });
}

}  // namespace steward::daemon
