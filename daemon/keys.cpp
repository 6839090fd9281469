#include "daemon/keys.hpp"

#include "proto/errors.hpp"
#include "proto/value.hpp"

namespace steward::daemon {

using proto::Packed;

namespace {

/// The cursor is the place of the entry that was seen last.
template <class F>
void visit_each(const Object& object, ValueCursor& cursor, std::size_t most, F&& visit) {
    const auto entries = entries_of(object);
    for (std::size_t count = 0; count < most && !cursor.at_end; ++count) {
        const shared::Offset<shared::DictEntry> last{cursor.position};
        const auto entry = last ? entries.next({.place = last, .key = {}, .value = {}}) : entries.first();
        cursor.at_end = !entry;
        if (!entry)
            return;
        visit(*entry);
        cursor.position = entry->place.value;
    }
}

}  // namespace

void check_key(Packed key) {
    if (!proto::is_key(key.bytes))
        throw proto::Refusal(proto::Errc::type_mismatch, "a key is a scalar or an array of keys, not of type " +
                                                             std::string(proto::kind_name(key.bytes)));
}

shared::Dict entries_of(const Object& object) {
    return {object.heap(), object.header->state_as<shared::DictState>()};
}

void visit_entries(const Object& object, ValueCursor& cursor, std::size_t most, const ValueVisitor& visit) {
    visit_each(object, cursor, most, [&](const shared::Dict::Entry& entry) {
        visit(entry.key);
        visit(entry.value);
    });
}

void visit_keys(const Object& object, ValueCursor& cursor, std::size_t most, const ValueVisitor& visit) {
    visit_each(object, cursor, most, [&](const shared::Dict::Entry& entry) { visit(entry.key); });
}

std::vector<std::pair<Packed, Packed>> pairs_of(std::span<const Packed> values) {
    if (values.size() % 2 != 0)
        throw proto::Refusal(proto::Errc::invalid_argument, "the dump has a key without its value");
    std::vector<std::pair<Packed, Packed>> pairs;
    pairs.reserve(values.size() / 2);
    for (std::size_t i = 0; i < values.size(); i += 2)
        pairs.emplace_back(values[i], values[i + 1]);
    return pairs;
}

std::optional<shared::Dict::Entry> KeyedObject::find(Packed key) const {
    check_key(key);
    return entries.find(key.bytes);
}

}  // namespace steward::daemon
