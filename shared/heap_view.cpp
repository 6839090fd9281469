#include "shared/heap_view.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "shared/errors.hpp"
#include "shared/object_view.hpp"
#include "shared/paged_table.hpp"

namespace steward::shared {

namespace {

// 0 where the kernel does not say.
std::uint64_t file_bytes(const UniqueFd& file) noexcept {
    struct stat about {};
    return ::fstat(file.get(), &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
}

}  // namespace

HeapView::HeapView(UniqueFd file, std::uint64_t max_bytes)
    : file_(std::move(file)), mapped_bytes_(heap_range_bytes(max_bytes)) {
    if (file_bytes(file_) < segment_begin)
        throw DomainError(DomainFault::not_a_heap, "the file is no heap");
    void* memory = ::mmap(nullptr, mapped_bytes_, PROT_READ, MAP_SHARED | MAP_NORESERVE, file_.get(), 0);
    if (memory == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), "mapping a heap");
    base_ = static_cast<const char*>(memory);
    try {
        check();
    } catch (...) {
        ::munmap(memory, mapped_bytes_);
        throw;
    }
    hash_seed_ = header().hash_seed.load();
}

HeapView::~HeapView() {
    ::munmap(const_cast<char*>(base_), mapped_bytes_);
}

void HeapView::check() const {
    if (header().magic.load() != heap_magic)
        throw DomainError(DomainFault::not_a_heap, "the file is no heap");
    // Acquire: the magic number is written last, so what it stands for is there.
    std::atomic_thread_fence(std::memory_order_acquire);
    if (const std::uint64_t layout = header().layout.load(); layout != heap_layout)
        throw DomainError(DomainFault::other_layout, "the heap has layout " + std::to_string(layout));
}

// What the header announces need not be there: the kernel is asked, once for each growth.
bool HeapView::contains_now(std::uint64_t place, std::uint64_t count) const noexcept {
    const std::uint64_t announced = header().segment_bytes.load();
    if (announced > mapped_bytes_ - segment_begin || !contains(place, count, segment_begin + announced))
        return false;
    const std::uint64_t end = std::min(file_bytes(file_), segment_begin + announced);
    end_.store(end - end % sizeof(std::uint64_t), std::memory_order_relaxed);
    return contains(place, count, end_.load(std::memory_order_relaxed));
}

std::optional<ObjectView> HeapView::find(ObjectId id) const noexcept {
    for (unsigned tries = 0; tries < most_tries; ++tries) {
        const Offset<Table> slabs = header().slabs.load();
        const std::uint64_t used = header().slabs_used.load();
        // Acquire: the table that the offset leads to was filled before the offset was stored.
        std::atomic_thread_fence(std::memory_order_acquire);
        const ObjectHeader* object = slot(slabs, used, id.slot());
        const bool is_there = object != nullptr && id.value != 0 && object->id.load() == id;
        // Acquire: a table that is used for something else meanwhile is not the one that the header names below. It
        // names no table twice, since each is larger than those before.
        std::atomic_thread_fence(std::memory_order_acquire);
        if (header().slabs.load() == slabs && header().slabs_used.load() == used)
            return is_there ? std::optional{ObjectView{*this, *object, id}} : std::nullopt;
    }
    return std::nullopt;
}

const ObjectHeader* HeapView::slot(Offset<Table> slabs, std::uint64_t used, std::uint64_t index) const noexcept {
    const std::uint64_t slab = index / slots_per_slab;
    const Field<Offset<Node>>* link_to_slab = slab < used ? paged_links(slabs, slab, 1, used) : nullptr;
    if (link_to_slab == nullptr)
        return nullptr;
    const std::uint64_t place = link_to_slab->load().value + index % slots_per_slab * sizeof(ObjectHeader);
    return place % sizeof(ObjectHeader) == 0 ? at(Offset<ObjectHeader>{place}) : nullptr;
}

const Field<Offset<Node>>* HeapView::paged_links(Offset<Table> root, std::size_t index, std::size_t many,
                                                 std::size_t count) const noexcept {
    Offset<Table> table = root;
    for (std::size_t level = PagedTable::branch_levels(count); level > 0; --level) {
        const Field<Offset<Node>>* next = link(table, PagedTable::slot_in_level(index, level));
        if (next == nullptr)
            return nullptr;
        table = offset_cast<Table>(next->load());
    }
    return links(table, PagedTable::slot_in_level(index, 0), many);
}

}  // namespace steward::shared
