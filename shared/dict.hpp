#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "shared/linked_list.hpp"

namespace steward::shared {

struct EntrySizes {
    std::uint32_t key = 0;
    std::uint32_t value = 0;
};

/// The key's bytes follow, and right behind them the value's. `next` and `prev` are the order of insertion.
struct DictEntry : Linked {
    Field<Offset<DictEntry>> chain;  ///< the next of its bucket, where that is full
    Field<std::uint64_t> version;    ///< no other value of any dict of this heap ever had it
    Field<EntrySizes> sizes;
};
static_assert(sizeof(DictEntry) == 48);

/// All zero: an empty dict.
struct DictState {
    Field<Offset<Table>> buckets;
    Field<Counts> counts;
    Field<Offset<DictEntry>> first;
    Field<Offset<DictEntry>> last;
};

/// A map of MessagePack values that keeps the order of insertion: linear hashing (Litwin 1980), one bucket split per
/// insert, so that no single insert pauses. Keys are equal as in Python (proto::equal). A view: cheap to make, holds
/// nothing. The caller has called Mutation::change for the object before it changes anything here.
///
/// The string views that come out stay valid while their entry does; those of entries that were popped, until the next
/// Heap::reap. Arguments must not point into entries that the same call replaces.
class Dict {
  public:
    struct Entry {
        Offset<DictEntry> place;
        std::string_view key;
        std::string_view value;
        std::uint64_t version = 0;
    };

    Dict(Heap& heap, DictState& state) noexcept : heap_(heap), state_(state) {}

    std::size_t size() const noexcept { return state_.counts.load().size; }
    std::optional<Entry> find(std::string_view key) const noexcept;

    /// Inserts at the end, or replaces the value where the key is. Returns the new version. Throws NoMemory.
    std::uint64_t set(Mutation&, std::string_view key, std::string_view value);
    bool erase(Mutation&, std::string_view key);
    void erase(Mutation&, const Entry&);
    std::optional<Entry> pop(Mutation&, std::string_view key);
    std::optional<Entry> pop_first(Mutation&);
    std::optional<Entry> pop_last(Mutation&);
    /// In constant time, whatever the size.
    void clear(Mutation&);

    /// In order of insertion. A place stays good until its entry is erased, or set to a value that needs a larger
    /// block.
    std::optional<Entry> first() const noexcept { return entry_or_none(state_.first.load()); }
    std::optional<Entry> last() const noexcept { return entry_or_none(state_.last.load()); }
    std::optional<Entry> next(const Entry& entry) const noexcept { return entry_or_none(next_of(heap_, entry.place)); }
    std::optional<Entry> previous(const Entry& entry) const noexcept {
        return entry_or_none(previous_of(heap_, entry.place));
    }

  private:
    std::optional<Entry> entry_or_none(Offset<DictEntry> place) const noexcept;
    Offset<DictEntry> lookup(std::string_view key, std::uint32_t hash) const noexcept;
    Offset<DictEntry> make_entry(Mutation&, std::string_view key, std::string_view value, std::uint64_t version,
                                 std::uint32_t hash) const;
    void insert(Mutation&, Offset<DictEntry>, std::uint32_t hash);
    bool replace_in_place(Mutation&, DictEntry&, std::string_view value, std::uint64_t version);
    std::uint64_t next_version() noexcept;

    Heap& heap_;
    DictState& state_;
};

}  // namespace steward::shared
