#pragma once

#include <cstdint>
#include <string_view>

#include "shared/mutation.hpp"
#include "shared/object_header.hpp"

namespace steward::shared {

/// The bytes follow; the tag's extra is how many.
struct Name : Node {
    std::string_view view() const noexcept { return {bytes_behind(this), tag.load().extra}; }
};

struct NewObject {
    std::string_view name = {};  ///< empty: anonymous. No other object of the domain may have it
    ObjectKind kind = {};
    std::uint32_t options = 0;  ///< of the type
};

/// Null: there is no such object.
ObjectHeader* find_object(Heap&, ObjectId) noexcept;

/// The objects of a domain: their slots, ids and names. A view over the heap's header: cheap to make.
class ObjectTable {
  public:
    ObjectTable(Heap& heap, Words& words) noexcept : heap_(heap), words_(words) {}

    /// A header with an odd version (changed by this Mutation), a new id, its name in the table, and all else 0; its
    /// word line, if any, is cleared but for its parity. Throws NoMemory.
    ObjectHeader& create(Mutation&, const NewObject&);
    /// Gives a name to one that has none. No other object of the domain may have it. Throws NoMemory.
    void give_name(Mutation&, ObjectHeader&, std::string_view name);
    /// The name is free again, the id means nothing, the slot may be used for the next object. What the state, the
    /// line, the last abandonment and the statistics refer to must have been discarded. Needs no memory but the log's.
    void remove(Mutation&, ObjectHeader&);

    /// Null: there is no such object.
    ObjectHeader* find(ObjectId id) const noexcept { return find_object(heap_, id); }
    ObjectHeader* find(std::string_view name) const noexcept;
    std::string_view name_of(const ObjectHeader&) const noexcept;
    std::uint64_t size() const noexcept { return heap_.header().objects.load(); }

    /// The first object in a slot at or behind `cursor`, which then stands behind it; null at the end. A cursor stays
    /// good whatever is created and removed meanwhile; what exists all the time is seen exactly once.
    ObjectHeader* next(std::uint64_t& cursor) const noexcept;

    /// Lines that no slot has: those that were kept back from reuse when a former daemon ended.
    void find_free_lines();

    /// Makes every version even that a killed Mutation left odd, those of free slots too.
    void round_versions_up() noexcept;

  private:
    ObjectHeader& take_slot(Mutation&, bool with_line);
    ObjectHeader& new_slot(Mutation&);
    void give_back_slot(Mutation&, ObjectHeader&);
    std::uint32_t new_line(Mutation&);
    void clear_line(std::uint32_t line) const;
    void drop_name(Mutation&, ObjectHeader&);

    Heap& heap_;
    Words& words_;
};

}  // namespace steward::shared
