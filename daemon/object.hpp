#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/object_type.hpp"
#include "shared/domain.hpp"
#include "shared/line.hpp"

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
    uid_t owner() const { return domain->identity().uid; }
    shared::Heap& heap() const { return domain->heap(); }
    /// As messages call it: its type, and its name or its number.
    std::string called() const;
    std::uint32_t options() const { return header->traits.load().options; }
    bool anonymous() const { return !header->name.load(); }
    shared::Line line() const { return {heap(), *header}; }
    bool ephemeral() const { return (header->kind.load().flags & shared::ObjectKind::ephemeral) != 0; }

    /// The word of a lock, semaphore or event.
    shared::WordLine& word_line() const { return domain->words().line(word_index()); }
    bool has_word() const { return word_index() != 0; }
    std::uint32_t word_index() const { return static_cast<std::uint32_t>(header->word_line.load()); }
    /// Without its flags.
    std::uint64_t word() const;
    /// Whether any of these flags of the word is set; false where it has no word.
    bool has_flag(std::uint64_t flags) const;
    /// Changes the word, without its flags, when the Mutation is decided. Throws WordChanged where it is not as
    /// expected now, as the end of the Mutation does where it is not then.
    void change_word(shared::Mutation&, std::uint64_t expected, std::uint64_t word) const;
    /// The same whatever it is.
    void set_word(shared::Mutation&, std::uint64_t word) const;
    /// Sets or clears flags of the word; nothing happens where it has no word, or they are so.
    void set_flags(shared::Mutation&, std::uint64_t flags) const;
    void clear_flags(shared::Mutation&, std::uint64_t flags) const;

    /// Begins a change on behalf of a request, and counts it.
    void begin_change(shared::Mutation&) const;

    bool allows(const Session&, Access) const;
};

}  // namespace steward::daemon
