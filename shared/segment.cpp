#include "shared/segment.hpp"

#include <boost/interprocess/indexes/null_index.hpp>
#include <boost/interprocess/managed_external_buffer.hpp>
#include <boost/interprocess/mem_algo/rbtree_best_fit.hpp>
#include <boost/interprocess/offset_ptr.hpp>
#include <boost/interprocess/sync/mutex_family.hpp>
#include <new>

namespace steward::shared {

namespace bip = boost::interprocess;

namespace {

// Blocks have no names. Aligned, as Boost 1.74 asks of the index but its own null_index is not.
template <class MapConfig>
class alignas(void*) NoIndex : public bip::null_index<MapConfig> {
  public:
    using bip::null_index<MapConfig>::null_index;
};

}  // namespace

struct Segment::Manager {
    using Algorithm = bip::rbtree_best_fit<bip::null_mutex_family, bip::offset_ptr<void>, alignment>;
    bip::basic_managed_external_buffer<char, Algorithm, NoIndex> buffer;
};

Segment::Segment() noexcept = default;
Segment::Segment(Segment&&) noexcept = default;
Segment& Segment::operator=(Segment&&) noexcept = default;
Segment::~Segment() = default;

Segment Segment::create(void* memory, std::size_t bytes) {
    Segment segment;
    segment.manager_ = std::make_unique<Manager>(Manager{{bip::create_only, memory, bytes}});
    return segment;
}

Segment Segment::open(void* memory, std::size_t bytes) {
    Segment segment;
    segment.manager_ = std::make_unique<Manager>(Manager{{bip::open_only, memory, bytes}});
    return segment;
}

void* Segment::allocate(std::size_t bytes) noexcept {
    return manager_->buffer.allocate(bytes, std::nothrow);
}

void* Segment::allocate_aligned(std::size_t bytes, std::size_t block_alignment) noexcept {
    return manager_->buffer.allocate_aligned(bytes, block_alignment, std::nothrow);
}

void Segment::deallocate(void* block) noexcept {
    manager_->buffer.deallocate(block);
}

std::size_t Segment::size_of(const void* block) const noexcept {
    return manager_->buffer.get_segment_manager()->size(block);
}

void Segment::grow(std::size_t bytes) noexcept {
    manager_->buffer.grow(bytes);
}

std::size_t Segment::free_bytes() const noexcept {
    return manager_->buffer.get_free_memory();
}

}  // namespace steward::shared
