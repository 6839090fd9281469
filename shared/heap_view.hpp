#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "shared/heap.hpp"

namespace steward::shared {

class ObjectView;

/// A domain's heap as other processes see it: mapped read-only, and changed by the daemon at any moment. Nothing that
/// stands in it is believed: every offset is checked against the memory that exists (what lies behind the end of the
/// file would be a SIGBUS), and what was read counts only if ObjectView::read found that nothing has changed.
///
/// Any thread may use it. Addresses stay while it lives.
class HeapView {
  public:
    /// Maps the heap of a descriptor that may be read-only. `max_bytes` is that of the daemon's Heap; what lies beyond
    /// is never read. Throws DomainError for a file that is no heap, or one of another layout; std::system_error.
    explicit HeapView(UniqueFd file, std::uint64_t max_bytes = Heap::Options{}.max_bytes);
    HeapView(const HeapView&) = delete;
    HeapView& operator=(const HeapView&) = delete;
    ~HeapView();

    DomainIdentity domain() const noexcept { return header().domain.load(); }
    std::uint64_t hash_seed() const noexcept { return hash_seed_; }
    /// As it stands there; not to be believed.
    const HeapHeader& header() const noexcept { return *reinterpret_cast<const HeapHeader*>(base_); }
    /// Another heap has taken the place of this one: it says nothing any more.
    bool superseded() const noexcept { return header().superseded.load() != 0; }

    /// Where the object is; none: it cannot be found here, and the daemon knows why. Slots never move, so one look is
    /// enough for the life of a proxy. The heap must outlive the ObjectView.
    std::optional<ObjectView> find(ObjectId) const noexcept;

    /// Null: no T, with so many bytes `behind` it, can stand there.
    template <class T>
    const T* at(Offset<T> place, std::uint64_t behind = 0) const noexcept {
        static_assert(alignof(T) == sizeof(std::uint64_t));
        if (place.value % alignof(T) != 0)
            return nullptr;
        return reinterpret_cast<const T*>(bytes_at(place.value, sizeof(T) + behind));
    }
    /// Null: they are not all in the memory for blocks. The words that contain them are there too.
    const char* bytes_at(std::uint64_t place, std::uint64_t count) const noexcept {
        if (!contains(place, count, end_.load(std::memory_order_relaxed)) && !contains_now(place, count)) [[unlikely]]
            return nullptr;
        return base_ + place;
    }
    /// So `many` links from this index of a table on; null: they cannot all be there.
    const Field<Offset<Node>>* links(Offset<Table> table, std::uint64_t index, std::uint64_t many) const noexcept {
        const Table* found = at(table, (index + many) * sizeof(Offset<Node>));
        return found == nullptr ? nullptr : &found->slot(index);
    }
    const Field<Offset<Node>>* link(Offset<Table> table, std::uint64_t index) const noexcept {
        return links(table, index, 1);
    }
    /// The same in a PagedTable of `count` links, in one page of which they lie.
    const Field<Offset<Node>>* paged_links(Offset<Table> root, std::size_t index, std::size_t many,
                                           std::size_t count) const noexcept;

  private:
    static bool contains(std::uint64_t place, std::uint64_t count, std::uint64_t end) noexcept {
        return place >= segment_begin && count <= end && place <= end - count;
    }
    bool contains_now(std::uint64_t place, std::uint64_t count) const noexcept;
    const ObjectHeader* slot(Offset<Table> slabs, std::uint64_t used, std::uint64_t index) const noexcept;
    void check() const;

    UniqueFd file_;
    std::uint64_t mapped_bytes_;
    const char* base_ = nullptr;
    std::uint64_t hash_seed_ = 0;
    /// What is known to be there; memory is never taken away, so an old end is a safe one. Relaxed: it is a number
    /// from the kernel that stands for itself.
    mutable std::atomic<std::uint64_t> end_{0};
};

}  // namespace steward::shared
