#include "shared/heap_copy.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <system_error>

#include "proto/reference.hpp"
#include "shared/allocator_flag.hpp"
#include "shared/block_links.hpp"
#include "shared/errors.hpp"
#include "shared/kill_point.hpp"
#include "shared/paged_table.hpp"
#include "shared/references.hpp"

namespace steward::shared {

namespace {

constexpr std::uint64_t slab_bytes = slots_per_slab * sizeof(ObjectHeader);

[[noreturn]] void fail(const std::string& why) {
    throw DomainError(DomainFault::damaged, "the heap is damaged: " + why);
}

UniqueFd duplicate(const UniqueFd& file) {
    UniqueFd same{::fcntl(file.get(), F_DUPFD_CLOEXEC, 0)};
    if (!same)
        throw std::system_error(errno, std::generic_category(), "copying a heap");
    return same;
}

/// What a block takes at most, with what the allocator adds.
constexpr std::uint64_t with_overhead(std::uint64_t bytes) noexcept {
    constexpr std::uint64_t added = 8;
    constexpr std::uint64_t smallest = 48;
    return std::max(round_up(bytes + added, Segment::alignment), smallest);
}

}  // namespace

void copy_heap(const UniqueFd& from, UniqueFd into, const Heap::Options& options, const Words& words,
               MemoryBudget& budget) {
    Heap::settle(duplicate(from), options, words, budget);
    const HeapView view{duplicate(from), options.max_bytes};
    std::string needed = "a copy of the heap";
    try {
        const auto fresh = Heap::create(std::move(into), options, budget);
        HeapCopy copy{view, *fresh};
        copy.find();
        needed += ", of " + std::to_string(copy.needed_bytes()) + " bytes,";
        copy.copy();
    } catch (const NoMemory& error) {
        throw NoMemory(needed + " needs more than there is: " + error.what());
    }
}

/// Notes what the links lead to.
struct HeapCopy::Finder {
    HeapCopy& copy;

    template <class F>
    void owned(const F& field, Kinds kinds) {
        if (const std::uint64_t place = field.load().value; place != 0)
            copy.reach(place, kinds);
    }
    template <class F>
    void other(const F&) noexcept {}
    template <class F>
    void unused(const F&) noexcept {}
    void elements(const ObjectHeader& object) { copy.reach_elements(object); }
};

/// Makes the links of blocks that have been copied lead to where the others have come. Many at once, since each lookup
/// waits for memory, and those of a hash table's chains lie anywhere.
class HeapCopy::Turner {
  public:
    explicit Turner(const BlockMap& map) noexcept : map_(map) {}

    template <class T>
    void other(Field<Offset<T>>& field) {
        if (!field.load())
            return;
        map_.prefetch(field.load().value);
        waiting_[count_++] = reinterpret_cast<Field<Offset<Node>>*>(&field);
        if (count_ == waiting_.size())
            finish();
    }
    template <class F>
    void owned(F& field, Kinds) {
        other(field);
    }
    template <class F>
    void unused(F& field) noexcept {
        field.init({});
    }
    void elements(ObjectHeader& object) { other(object.state_as<TypedArrayState>().elements); }

    /// Nothing that was given to it is turned for certain before.
    void finish() {
        for (std::size_t index = 0; index < count_; ++index)
            map_.prefetch_moved(waiting_[index]->load().value);
        for (std::size_t index = 0; index < count_; ++index) {
            const std::uint64_t moved = map_.moved(waiting_[index]->load().value);
            if (moved == 0)
                fail("a link leads to nothing that is there");
            waiting_[index]->init(Offset<Node>{moved});
        }
        count_ = 0;
    }

  private:
    const BlockMap& map_;
    std::array<Field<Offset<Node>>*, 64> waiting_{};
    std::size_t count_ = 0;
};

HeapCopy::HeapCopy(const HeapView& from, Heap& into)
    : from_(from), into_(into), map_(segment_begin, segment_begin + from.header().segment_bytes.load()) {}

void HeapCopy::find() {
    find_slabs();
    references_.resize(from_.header().slots_used.load());
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
    map_.number();
}

// Headers are blocks without a Node, and only the table of slabs knows them.
void HeapCopy::find_slabs() {
    const HeapHeader& header = from_.header();
    const std::uint64_t used = header.slabs_used.load();
    if (used > PagedTable::max_slots || header.slots_used.load() > used * slots_per_slab)
        fail("it has more objects than it can have");
    for (std::uint64_t slab = 0; slab < used; ++slab) {
        const Field<Offset<Node>>* link = from_.paged_link(header.slabs.load(), slab, used);
        if (link == nullptr)
            fail("a table of objects is not there");
        find_slab(link->load().value);
    }
    in_order_ = slabs_;
}

void HeapCopy::find_slab(std::uint64_t place) {
    if (place % sizeof(ObjectHeader) != 0 || from_.bytes_at(place, slab_bytes) == nullptr)
        fail("objects are not where they can be");
    for (std::uint64_t index = 0; index < slots_per_slab; ++index)
        if (!map_.insert(place + index * sizeof(ObjectHeader)))
            fail("two tables of objects are one");
    slabs_.push_back(place);
    needed_bytes_ += slab_bytes + sizeof(ObjectHeader) + with_overhead(0);
}

const Node& HeapCopy::block_at(std::uint64_t place) const {
    const Node* block = place % Segment::alignment == 0 ? from_.at(Offset<Node>{place}) : nullptr;
    if (block == nullptr)
        fail("a link leads out of it");
    return *block;
}

void HeapCopy::reach(std::uint64_t place, Kinds kinds) {
    const Node& block = block_at(place);
    const BlockKind kind = block.tag.load().kind;
    if (!kinds.contains(kind))
        fail("a link leads to something else than it should");
    if (from_.bytes_at(place, fixed_bytes_of(kind)) == nullptr || from_.bytes_at(place, bytes_of(block)) == nullptr)
        fail("a block is longer than it can be");
    if (!map_.insert(place))
        fail("a block belongs to two");
    needed_bytes_ += with_overhead(bytes_of(block));
    to_follow_.push_back(&block);
}

void HeapCopy::reach_elements(const ObjectHeader& object) {
    const auto& state = object.state_as<TypedArrayState>();
    const std::uint64_t place = state.elements.load().value;
    if (place == 0)
        return;
    reach(place, {BlockKind::elements});
    const ArrayShape shape = state.shape.load();
    const std::uint64_t numbers = std::uint64_t{shape.length} * element_bytes(shape.typecode);
    if (numbers == 0 || from_.bytes_at(place, sizeof(Elements) + numbers) == nullptr)
        fail("an array is longer than it can be");
    needed_bytes_ += round_up(numbers, Segment::alignment);
    elements_.emplace_back(place, sizeof(Elements) + numbers);
}

// Last in, first out: a list is gone through in its order, which is mostly that of its memory.
void HeapCopy::follow() {
    Finder finder{*this};
    while (!to_follow_.empty()) {
        const Node& block = *to_follow_.back();
        to_follow_.pop_back();
        each_link(block, finder);
    }
}

std::uint64_t HeapCopy::bytes_at(std::uint64_t place, const Node& block) const {
    if (block.tag.load().kind != BlockKind::elements)
        return bytes_of(block);
    return std::ranges::lower_bound(elements_, place, {}, &std::pair<std::uint64_t, std::uint64_t>::first)->second;
}

void HeapCopy::copy() {
    const AllocatorFlag flag{into_.header()};
    kill_point(KillPoint::copy_is_found);
    into_.grow_segment(needed_bytes_);
    into_.populate();
    place_blocks();
    Turner turner{map_};
    auto slab = in_order_.begin();
    map_.each([&](std::uint64_t place) {
        slab += slab != in_order_.end() && place >= *slab + slab_bytes ? 1 : 0;
        if (slab != in_order_.end() && place >= *slab)
            copy_object(place, turner);
        else
            copy_block(place, turner);
    });
    copy_header(turner);
    turner.finish();
    store_references();
    kill_point(KillPoint::copy_is_made);
}

void HeapCopy::place_blocks() {
    std::uint64_t end = 0;  // of the block before
    std::uint64_t slab_place = 0;
    auto slab = in_order_.begin();
    map_.each([&](std::uint64_t place) {
        if (place < end)
            fail("two blocks overlap");
        slab += slab != in_order_.end() && place >= *slab + slab_bytes ? 1 : 0;
        if (slab != in_order_.end() && place >= *slab) {
            slab_place = place == *slab ? place_slab() : slab_place;
            map_.move(place, slab_place + (place - *slab));
            end = place + sizeof(ObjectHeader);
        } else {
            const std::uint64_t bytes = bytes_at(place, block_at(place));
            map_.move(place, place_block(bytes));
            end = place + bytes;
        }
    });
}

std::uint64_t HeapCopy::place_slab() {
    return into_.offset_of(static_cast<Node*>(into_.take(slab_bytes, sizeof(ObjectHeader)))).value;
}

std::uint64_t HeapCopy::place_block(std::uint64_t bytes) {
    return into_.offset_of(static_cast<Node*>(into_.take(bytes, 0))).value;
}

void HeapCopy::copy_block(std::uint64_t place, Turner& turner) {
    const Node& block = block_at(place);
    Node& copied = *into_.at(Offset<Node>{map_.moved(place)});
    std::memcpy(static_cast<void*>(&copied), &block, bytes_at(place, block));
    each_link(copied, turner);
    if (!is_referring(copied.tag.load().kind))
        return;
    try {
        proto::each_reference(values_in(copied), [&](const proto::Reference& to) { count_reference({to.object}); });
    } catch (const proto::Malformed&) {
        fail("a value is none");
    }
}

void HeapCopy::copy_object(std::uint64_t place, Turner& turner) {
    ObjectHeader& copied = *into_.at(Offset<ObjectHeader>{map_.moved(place)});
    std::memcpy(static_cast<void*>(&copied), from_.at(Offset<ObjectHeader>{place}), sizeof(ObjectHeader));
    each_link_of_object(copied, turner);
    count_reference(referred_by_state(copied));
}

// What belongs to the file (magic, layout, sizes, log) is that of the new heap, and there is no garbage.
void HeapCopy::copy_header(Turner& turner) {
    const HeapHeader& from = from_.header();
    HeapHeader& into = into_.header();
    const auto copy = [&](auto HeapHeader::*field) { (into.*field).init((from.*field).load()); };
    copy(&HeapHeader::revisions);
    copy(&HeapHeader::hash_seed);
    copy(&HeapHeader::token_floor);
    copy(&HeapHeader::session_floor);
    copy(&HeapHeader::slabs);
    copy(&HeapHeader::slabs_used);
    copy(&HeapHeader::slots_used);
    copy(&HeapHeader::objects);
    copy(&HeapHeader::free_slots);
    copy(&HeapHeader::free_slots_with_line);
    copy(&HeapHeader::lines_used);
    copy(&HeapHeader::name_buckets);
    copy(&HeapHeader::name_counts);
    copy(&HeapHeader::first_session);
    copy(&HeapHeader::last_session);
    copy(&HeapHeader::first_results);
    copy(&HeapHeader::last_results);
    each_link_of_heap(into, turner);
}

const ObjectHeader* HeapCopy::object_in(std::uint64_t slot) const noexcept {
    if (slot >= references_.size())
        return nullptr;
    return from_.at(Offset<ObjectHeader>{slabs_[slot / slots_per_slab] + slot % slots_per_slab * sizeof(ObjectHeader)});
}

// As add_reference: those to objects that do not exist count nowhere.
void HeapCopy::count_reference(ObjectId to) noexcept {
    const ObjectHeader* object = object_in(to.slot());
    if (object != nullptr && object->id.load() == to && object->kind.load().type != 0)
        ++references_[to.slot()];
}

void HeapCopy::store_references() const {
    for (std::uint64_t slot = 0; slot < references_.size(); ++slot) {
        const std::uint64_t place = slabs_[slot / slots_per_slab] + slot % slots_per_slab * sizeof(ObjectHeader);
        auto& traits = into_.at(Offset<ObjectHeader>{map_.moved(place)})->traits;
        traits.init({.references = references_[slot], .options = traits.load().options});
    }
}

}  // namespace steward::shared
