#pragma once

#include <cstdint>
#include <string_view>

#include "proto/object_type.hpp"
#include "shared/domain.hpp"

namespace steward::daemon {

struct Session;

/// Read: to inspect and read. Write: to use and change. Own: to remove and break.
enum class Access : std::uint8_t { read, write, own };

/// One object where it lives. Cheap to copy; good until the object is removed.
struct Object {
    shared::Domain* domain = nullptr;
    shared::ObjectHeader* header = nullptr;

    std::uint64_t id() const { return header->id.load().value; }
    proto::ObjectType type() const { return static_cast<proto::ObjectType>(header->kind.load().type); }
    std::string_view name() const { return domain->objects().name_of(*header); }
    shared::Heap& heap() const { return domain->heap(); }
    bool ephemeral() const { return (header->kind.load().flags & shared::ObjectKind::ephemeral) != 0; }

    /// The word of a lock, semaphore or event.
    shared::WordLine& word_line() const { return domain->words().line(word_index()); }
    std::uint32_t word_index() const { return static_cast<std::uint32_t>(header->word_line.load()); }
    /// Without its flags.
    std::uint64_t word() const;
    /// Changes the word, as the Mutation's last act.
    void set_word(shared::Mutation&, std::uint64_t word) const;

    /// Begins a change on behalf of a request, and counts it.
    void begin_change(shared::Mutation&) const;

    bool allows(const Session&, Access) const;
};

}  // namespace steward::daemon
