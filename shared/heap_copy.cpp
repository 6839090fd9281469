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
#include "shared/bucket_link.hpp"
#include "shared/errors.hpp"
#include "shared/kill_point.hpp"
#include "shared/paged_table.hpp"
#include "shared/references.hpp"

namespace steward::shared {

namespace {

UniqueFd duplicate(const UniqueFd& file) {
    UniqueFd same{::fcntl(file.get(), F_DUPFD_CLOEXEC, 0)};
    if (!same)
        throw std::system_error(errno, std::generic_category(), "copying a heap");
    return same;
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

/// Makes the links of blocks that have been copied lead to where the others have come; those of buckets keep their
/// piece of a hash, and others have none. Many at once, since each lookup
/// waits for memory, and those of a hash table's chains lie anywhere.
class HeapCopy::Turner {
  public:
    explicit Turner(const BlockMap& map) noexcept : map_(map) {}

    template <class T>
    void other(Field<Offset<T>>& field) {
        if (!field.load())
            return;
        waiting_[count_] = reinterpret_cast<Field<Offset<Node>>*>(&field);
        map_.prefetch(entry_of<Node>(waiting_[count_++]->load()).value);
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
            map_.prefetch_moved(entry_of<Node>(waiting_[index]->load()).value);
        for (std::size_t index = 0; index < count_; ++index) {
            const Offset<Node> link = waiting_[index]->load();
            const std::uint64_t moved = map_.moved(entry_of<Node>(link).value);
            if (moved == 0)
                throw_damaged("a link leads to nothing that is there");
            waiting_[index]->init(moved_link(link, moved));
        }
        count_ = 0;
    }

  private:
    const BlockMap& map_;
    std::array<Field<Offset<Node>>*, 64> waiting_{};
    std::size_t count_ = 0;
};

HeapCopy::HeapCopy(const HeapView& from, Heap& into) : from_(from), into_(into), live_(from) {}

void HeapCopy::find() {
    live_.find();
    references_.resize(from_.header().slots_used.load());
    live_.map().number();
}

void HeapCopy::copy() {
    const AllocatorFlag flag{into_.header()};
    kill_point(KillPoint::copy_is_found);
    into_.grow_segment(live_.needed_bytes());
    into_.populate();
    place_blocks();
    Turner turner{live_.map()};
    auto slab = live_.in_order().begin();
    live_.map().each([&](std::uint64_t place) {
        slab += slab != live_.in_order().end() && place >= *slab + LiveBlocks::slab_bytes ? 1 : 0;
        if (slab != live_.in_order().end() && place >= *slab)
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
    auto slab = live_.in_order().begin();
    live_.map().each([&](std::uint64_t place) {
        if (place < end)
            throw_damaged("two blocks overlap");
        slab += slab != live_.in_order().end() && place >= *slab + LiveBlocks::slab_bytes ? 1 : 0;
        if (slab != live_.in_order().end() && place >= *slab) {
            slab_place = place == *slab ? place_slab() : slab_place;
            live_.map().move(place, slab_place + (place - *slab));
            end = place + sizeof(ObjectHeader);
        } else {
            const std::uint64_t bytes = live_.bytes_at(place, live_.block_at(place));
            live_.map().move(place, place_block(bytes));
            end = place + bytes;
        }
    });
}

std::uint64_t HeapCopy::place_slab() {
    return into_.offset_of(static_cast<Node*>(into_.take(LiveBlocks::slab_bytes, sizeof(ObjectHeader)))).value;
}

std::uint64_t HeapCopy::place_block(std::uint64_t bytes) {
    return into_.offset_of(static_cast<Node*>(into_.take(bytes, 0))).value;
}

void HeapCopy::copy_block(std::uint64_t place, Turner& turner) {
    const Node& block = live_.block_at(place);
    Node& copied = *into_.at(Offset<Node>{live_.map().moved(place)});
    std::memcpy(static_cast<void*>(&copied), &block, live_.bytes_at(place, block));
    each_link(copied, turner);
    if (!is_referring(copied.tag.load().kind))
        return;
    try {
        proto::each_reference(values_in(copied), [&](const proto::Reference& to) { count_reference({to.object}); });
    } catch (const proto::Malformed&) {
        throw_damaged("a value is none");
    }
}

void HeapCopy::copy_object(std::uint64_t place, Turner& turner) {
    ObjectHeader& copied = *into_.at(Offset<ObjectHeader>{live_.map().moved(place)});
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

// As add_reference: those to objects that do not exist count nowhere.
void HeapCopy::count_reference(ObjectId to) noexcept {
    const ObjectHeader* object = live_.object_in(to.slot());
    if (object != nullptr && object->id.load() == to && object->kind.load().type != 0)
        ++references_[to.slot()];
}

void HeapCopy::store_references() const {
    for (std::uint64_t slot = 0; slot < references_.size(); ++slot) {
        const std::uint64_t place = live_.slabs()[slot / slots_per_slab] + slot % slots_per_slab * sizeof(ObjectHeader);
        auto& traits = into_.at(Offset<ObjectHeader>{live_.map().moved(place)})->traits;
        traits.init({.references = references_[slot], .options = traits.load().options});
    }
}

}  // namespace steward::shared
