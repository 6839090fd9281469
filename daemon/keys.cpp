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

/// The cursor is the place of the entry that was seen last.
void visit_entries(const Object& object, ValueCursor& cursor, std::size_t most, const ValueVisitor& visit) {
    const auto entries = entries_of(object);
    for (std::size_t count = 0; count < most && !cursor.at_end; ++count) {
        const shared::Offset<shared::DictEntry> last{cursor.position};
        const auto entry = last ? entries.next({.place = last, .key = {}, .value = {}}) : entries.first();
        cursor.at_end = !entry;
        if (!entry)
            return;
        visit(entry->key);
        visit(entry->value);
        cursor.position = entry->place.value;
    }
}

std::optional<shared::Dict::Entry> KeyedObject::find(Packed key) const {
    check_key(key);
    return entries.find(key.bytes);
}

std::vector<Packed> KeyedObject::keys() const {
    return collect<Packed>([](const auto& entry) { return Packed{entry.key}; });
}

}  // namespace steward::daemon
