#include "shared/live_blocks.hpp"

#include <algorithm>
#include <string>

#include "shared/block_links.hpp"
#include "shared/errors.hpp"
#include "shared/paged_table.hpp"

namespace steward::shared {

namespace {

/// What a block takes at most, with what the allocator adds.
constexpr std::uint64_t with_overhead(std::uint64_t bytes) noexcept {
    constexpr std::uint64_t added = 8;
    constexpr std::uint64_t smallest = 48;
    return std::max(round_up(bytes + added, Segment::alignment), smallest);
}

}  // namespace

void throw_damaged(const std::string& why) {
    throw DomainError(DomainFault::damaged, "the heap is damaged: " + why);
}

/// Notes what the links lead to.
struct LiveBlocks::Finder {
    LiveBlocks& blocks;

    template <class F>
    void owned(const F& field, Kinds kinds) {
        if (const std::uint64_t place = field.load().value; place != 0)
            blocks.reach(place, kinds);
    }
    template <class F>
    void other(const F&) noexcept {}
    template <class F>
    void unused(const F&) noexcept {}
    void elements(const ObjectHeader& object) { blocks.reach_elements(object); }
};

LiveBlocks::LiveBlocks(const HeapView& from)
    : from_(from), map_(segment_begin, segment_begin + from.header().segment_bytes.load()) {}

void LiveBlocks::find() {
    find_slabs();
    Finder finder{*this};
    each_link_of_heap(from_.header(), finder);
    follow();
    for (const std::uint64_t slab : slabs_) {
        for (std::uint64_t index = 0; index < slots_per_slab; ++index) {
            const ObjectHeader& object = *from_.at(Offset<ObjectHeader>{slab + index * sizeof(ObjectHeader)});
            each_link_of_object(object, finder);
            follow();
        }
    }
    std::ranges::sort(elements_);
    std::ranges::sort(in_order_);
}

// Headers are blocks without a Node, and only the table of slabs knows them.
void LiveBlocks::find_slabs() {
    const HeapHeader& header = from_.header();
    const std::uint64_t used = header.slabs_used.load();
    if (used > PagedTable::max_slots || header.slots_used.load() > used * slots_per_slab)
        throw_damaged("it has more objects than it can have");
    for (std::uint64_t slab = 0; slab < used; ++slab) {
        const Field<Offset<Node>>* link = from_.paged_links(header.slabs.load(), slab, 1, used);
        if (link == nullptr)
            throw_damaged("a table of objects is not there");
        find_slab(link->load().value);
    }
    in_order_ = slabs_;
}

void LiveBlocks::find_slab(std::uint64_t place) {
    if (place % sizeof(ObjectHeader) != 0 || from_.bytes_at(place, slab_bytes) == nullptr)
        throw_damaged("objects are not where they can be");
    for (std::uint64_t index = 0; index < slots_per_slab; ++index)
        if (!map_.insert(place + index * sizeof(ObjectHeader)))
            throw_damaged("two tables of objects are one");
    slabs_.push_back(place);
    needed_bytes_ += slab_bytes + sizeof(ObjectHeader) + with_overhead(0);
}

const Node& LiveBlocks::block_at(std::uint64_t place) const {
    const Node* block = place % Segment::alignment == 0 ? from_.at(Offset<Node>{place}) : nullptr;
    if (block == nullptr)
        throw_damaged("a link leads out of it");
    return *block;
}

void LiveBlocks::reach(std::uint64_t place, Kinds kinds) {
    const Node& block = block_at(place);
    const BlockKind kind = block.tag.load().kind;
    if (!kinds.contains(kind))
        throw_damaged("a link leads to something else than it should");
    if (from_.bytes_at(place, fixed_bytes_of(kind)) == nullptr || from_.bytes_at(place, bytes_of(block)) == nullptr)
        throw_damaged("a block is longer than it can be");
    if (!map_.insert(place))
        throw_damaged("a block belongs to two");
    needed_bytes_ += with_overhead(bytes_of(block));
    to_follow_.push_back(&block);
}

void LiveBlocks::reach_elements(const ObjectHeader& object) {
    const auto& state = object.state_as<TypedArrayState>();
    const std::uint64_t place = state.elements.load().value;
    if (place == 0)
        return;
    reach(place, {BlockKind::elements});
    const ArrayShape shape = state.shape.load();
    const std::uint64_t numbers = std::uint64_t{shape.length} * element_bytes(shape.typecode);
    if (numbers == 0 || from_.bytes_at(place, sizeof(Elements) + numbers) == nullptr)
        throw_damaged("an array is longer than it can be");
    needed_bytes_ += round_up(numbers, Segment::alignment);
    elements_.emplace_back(place, sizeof(Elements) + numbers);
}

// Last in, first out: a list is gone through in its order, which is mostly that of its memory.
void LiveBlocks::follow() {
    Finder finder{*this};
    while (!to_follow_.empty()) {
        const Node& block = *to_follow_.back();
        to_follow_.pop_back();
        each_link(block, finder);
    }
}

std::uint64_t LiveBlocks::bytes_at(std::uint64_t place, const Node& block) const {
    if (block.tag.load().kind != BlockKind::elements)
        return bytes_of(block);
    return std::ranges::lower_bound(elements_, place, {}, &std::pair<std::uint64_t, std::uint64_t>::first)->second;
}

const ObjectHeader* LiveBlocks::object_in(std::uint64_t slot) const noexcept {
    if (slot >= from_.header().slots_used.load())
        return nullptr;
    return from_.at(Offset<ObjectHeader>{slabs_[slot / slots_per_slab] + slot % slots_per_slab * sizeof(ObjectHeader)});
}

}  // namespace steward::shared
