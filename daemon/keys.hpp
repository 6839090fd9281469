#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/call.hpp"
#include "daemon/copied_values.hpp"
#include "daemon/object.hpp"
#include "daemon/object_class.hpp"
#include "proto/object_type.hpp"
#include "proto/packed.hpp"
#include "shared/dict.hpp"
#include "shared/mutation.hpp"

namespace steward::daemon {

/// What the types have in common whose state is a shared::Dict: entries that are found by their keys.

/// Throws Refusal(type_mismatch) where the value can be no key.
void check_key(proto::Packed);

shared::Dict entries_of(const Object&);

/// Shows keys and values, or keys alone: ObjectClass::visit_values.
void visit_entries(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&);
void visit_keys(const Object&, ValueCursor&, std::size_t most, const ValueVisitor&);

/// Keys and values in turn. Throws Refusal(invalid_argument) where a key is without its value.
std::vector<std::pair<proto::Packed, proto::Packed>> pairs_of(std::span<const proto::Packed>);

/// The object of a request, with its entries.
struct KeyedObject {
    Object object;
    shared::Dict entries;

    /// As Call::object.
    KeyedObject(const Call& call, std::uint64_t id, proto::ObjectType type, Access access)
        : object(call.object(id, type, access)), entries(entries_of(object)) {}

    std::string called() const { return object.called(); }

    /// Throws Refusal(type_mismatch) where it is no key.
    std::optional<shared::Dict::Entry> find(proto::Packed key) const;

    /// One Mutation for all that `apply` does with it.
    template <class F>
    void change(F&& apply) {
        shared::Mutation mutation(object.heap());
        object.begin_change(mutation);
        apply(mutation);
    }

    void set(std::string_view key, std::string_view value) {
        change([&](auto& mutation) { entries.set(mutation, key, value); });
    }
    void erase(const shared::Dict::Entry& entry) {
        change([&](auto& mutation) { entries.erase(mutation, entry); });
    }
    void clear() {
        change([&](auto& mutation) { entries.clear(mutation); });
    }

    /// `part` of every entry, in the order of insertion.
    template <class T, class F>
    std::vector<T> collect(F&& part) const {
        std::vector<T> parts;
        parts.reserve(entries.size());
        for (auto entry = entries.first(); entry; entry = entries.next(*entry))
            parts.push_back(part(*entry));
        return parts;
    }

    /// The result of a request for all entries, encoded. Throws Postponed.
    proto::Packed copy(Call& call, CopiedValues::Part part) const {
        return call.keep(call.prepared<CopiedValues>(object, object, entries.size(), part).take());
    }
};

}  // namespace steward::daemon
