#include "shared/heap_audit.hpp"

#include <algorithm>
#include <bit>
#include <string_view>

#include "proto/reader.hpp"
#include "proto/value.hpp"
#include "shared/block_links.hpp"
#include "shared/bucket_table.hpp"
#include "shared/errors.hpp"
#include "shared/object_state.hpp"
#include "shared/references.hpp"

namespace steward::shared {

namespace {

/// One MessagePack value, whole.
void check_value(std::string_view bytes) {
    try {
        proto::Reader reader(bytes);
        reader.packed();
        if (reader.at_end())
            return;
    } catch (const proto::Malformed&) {
    }
    throw_damaged("a value is none");
}

void expect(bool holds, const char* otherwise) {
    if (!holds)
        throw_damaged(otherwise);
}

/// What stands there, of what has been found to be there.
template <class T>
const T& block_in(const HeapView& heap, Offset<T> place) {
    const T* block = heap.at(place);
    if (block == nullptr)
        throw_damaged("a link leads out of it");
    return *block;
}

bool is_power_of_two_between(std::uint64_t number, std::uint64_t least, std::uint64_t most) noexcept {
    return std::has_single_bit(number) && number >= least && number <= most;
}

struct EntryChain {
    using Entry = DictEntry;
    static Offset<DictEntry> next(const DictEntry& entry) noexcept { return entry.chain.load(); }
    static std::uint32_t hash(const HeapView&, const DictEntry& entry) noexcept { return entry.tag.load().extra; }
};

struct NameChain {
    using Entry = ObjectHeader;
    static Offset<ObjectHeader> next(const ObjectHeader& object) noexcept { return object.next_by_name.load(); }
    static std::uint32_t hash(const HeapView& heap, const ObjectHeader& object) {
        return proto::hash_bytes(block_in(heap, object.name.load()).view(), heap.hash_seed());
    }
};

}  // namespace

HeapAudit::HeapAudit(const HeapView& heap)
    : heap_(heap),
      live_(heap),
      allocator_(heap),
      dead_(segment_begin, segment_begin + heap.header().segment_bytes.load()) {}

void HeapAudit::run() {
    check_header();
    allocator_.run();
    live_.find();
    check_rooms();
    check_table(heap_.header().slabs.load(), heap_.header().slabs_used.load());
    check_objects();
    check_names();
    check_free_slots(heap_.header().free_slots.load(), false);
    check_free_slots(heap_.header().free_slots_with_line.load(), true);
    check_sessions();
    check_results();
    check_garbage();
}

/// What it leads to is live, and of a kind that the link may lead to.
template <class T>
const T& HeapAudit::live(Offset<T> place) const {
    expect(live_.map().contains(place.value), "a link leads to nothing that is there");
    return block_in(heap_, place);
}

/// Returns how many there are. Each is owned by the one before it, so there is an end.
template <class N, class Visit>
std::uint64_t HeapAudit::check_list(Offset<N> first, Offset<N> last, Visit&& visit) const {
    std::uint64_t count = 0;
    Offset<N> before;
    for (Offset<N> place = first; place; place = offset_cast<N>(block_in(heap_, place).next.load())) {
        const N& node = block_in(heap_, place);
        expect(node.prev.load().value == before.value, "a list leads back to elsewhere");
        visit(place);
        before = place;
        ++count;
    }
    expect(last == before, "a list ends elsewhere");
    return count;
}

/// `entries` are all that must be in the table, each in the bucket of its hash.
template <class Links>
void HeapAudit::check_buckets(Offset<Table> root, std::uint32_t buckets, std::vector<std::uint64_t> entries) const {
    using Entry = typename Links::Entry;
    constexpr std::size_t links = links_per_bucket;
    std::ranges::sort(entries);
    std::size_t found = 0;
    const auto check_entry = [&](Offset<Entry> place, std::uint32_t bucket) {
        expect(std::ranges::binary_search(entries, place.value), "a hash table leads to what is not in it");
        const std::uint32_t hash = Links::hash(heap_, block_in(heap_, place));
        expect(bucket_of(hash, buckets) == bucket, "an entry of a hash table is in the wrong place");
        expect(++found <= entries.size(), "a chain of a hash table has no end");
        return hash;
    };
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
        const auto* link = heap_.paged_links(root, bucket * links, links, buckets * links);
        if (link == nullptr)
            throw_damaged("a hash table is not there");
        Offset<Entry> chained;
        for (std::size_t index = 0; index < links; ++index) {
            expect(!chained, "an entry of a hash table leads to another and is not the last of its bucket");
            const auto place = entry_of<Entry>(link[index].load());
            if (!place)
                continue;
            expect(link[index].load() == bucket_link(place, check_entry(place, bucket)),
                   "a link of a hash table has the piece of another hash");
            chained = Links::next(block_in(heap_, place));
        }
        for (; chained; chained = Links::next(block_in(heap_, chained)))
            check_entry(chained, bucket);
    }
    expect(found == entries.size(), "an entry of a hash table is missing");
}

void HeapAudit::check_header() const {
    const HeapHeader& header = heap_.header();
    const std::uint64_t lines = header.lines_used.load();
    expect(lines >= 1 && lines <= Words::default_max_lines, "it has more words than it can have");
}

void HeapAudit::check_table(Offset<Table> root, std::uint64_t count) const {
    expect(count <= PagedTable::max_slots && (root.value == 0) == (count == 0), "a table has no size that it can have");
    if (count != 0)
        check_pages(root, PagedTable::branch_levels(count), 0, count);
}

void HeapAudit::check_pages(Offset<Table> table, std::size_t level, std::uint64_t first, std::uint64_t count) const {
    const auto [kind, slots] = live(table).tag.load();
    const bool is_only_page = level == 0 && count <= PagedTable::slots_per_page;
    expect(kind == (level == 0 ? BlockKind::page : BlockKind::branch), "a table is not of its kind");
    expect(is_only_page
               ? is_power_of_two_between(slots, PagedTable::first_slots, PagedTable::slots_per_page) && slots >= count
               : slots == PagedTable::slots_per_page,
           "a table has no size that it can have");
    if (level == 0)
        return;
    const std::uint64_t links_below = std::uint64_t{1} << (level * PagedTable::bits_per_level);
    for (std::uint64_t slot = 0; slot < slots && first + slot * links_below < count; ++slot)
        check_pages(offset_cast<Table>(block_in(heap_, table).slot(slot).load()), level - 1, first + slot * links_below,
                    count);
}

void HeapAudit::check_objects() {
    lines_.resize(heap_.header().lines_used.load());
    std::uint64_t count = 0;
    for (std::uint64_t slot = 0; slot < heap_.header().slots_used.load(); ++slot) {
        const ObjectHeader& object = *live_.object_in(slot);
        check_object(object, slot);
        count += object.kind.load().type != 0 ? 1 : 0;
        if (object.name.load())
            named_.push_back(live_.slabs()[slot / slots_per_slab] + slot % slots_per_slab * sizeof(ObjectHeader));
    }
    expect(count == heap_.header().objects.load(), "it has another number of objects");
}

void HeapAudit::check_object(const ObjectHeader& object, std::uint64_t slot) {
    const ObjectId id = object.id.load();
    const bool is_free = object.kind.load().type == 0;
    expect(id.value == 0 ? is_free : id.slot() == slot && id.domain() == heap_.domain().number, "an id is none");
    check_word(object);
    if (is_free) {
        expect(!object.name.load() && !object.line_first.load() && !object.line_last.load() &&
                   !object.statistics.load() && !object.last_abandonment.load(),
               "an object is gone and has something");
        return;
    }
    expect(static_cast<bool>(object.name.load()) || !object.next_by_name.load(), "a name is missing");
    check_line(object);
    check_state(object);
}

/// A slot keeps its line when its object is gone, and so may one whose object needs none.
void HeapAudit::check_word(const ObjectHeader& object) {
    const std::uint64_t line = object.word_line.load();
    if (line == 0)
        return expect(!needs_word_line(static_cast<proto::ObjectType>(object.kind.load().type)),
                      "an object has no word");
    expect(line < lines_.size(), "an object has a word that is not there");
    expect(!lines_[line], "two objects have the same word");
    lines_[line] = true;
}

void HeapAudit::check_names() const {
    const Counts counts = heap_.header().name_counts.load();
    expect(counts.size == named_.size() && counts.buckets <= most_buckets, "it has another number of names");
    check_table(heap_.header().name_buckets.load(), std::uint64_t{counts.buckets} * links_per_bucket);
    check_buckets<NameChain>(heap_.header().name_buckets.load(), counts.buckets, named_);
}

bool HeapAudit::is_header(std::uint64_t place) const noexcept {
    const auto& slabs = live_.in_order();
    const auto behind = std::ranges::upper_bound(slabs, place);
    return behind != slabs.begin() && place - *(behind - 1) < LiveBlocks::slab_bytes &&
           place % sizeof(ObjectHeader) == 0;
}

void HeapAudit::check_free_slots(Offset<ObjectHeader> first, bool with_line) {
    for (Offset<ObjectHeader> place = first; place; place = block_in(heap_, place).next_by_name.load()) {
        expect(is_header(place.value) && dead_.insert(place.value), "a list of free objects leads to elsewhere");
        const ObjectHeader& object = block_in(heap_, place);
        expect(
            object.kind.load().type == 0 && object.id.load().value != 0 && (object.word_line.load() != 0) == with_line,
            "a free object is none");
    }
}

void HeapAudit::check_state(const ObjectHeader& object) const {
    const auto check_holders = [this](const HoldingsState& state) {
        check_list(state.first.load(), state.last.load(), [](Offset<Holder>) {});
    };
    switch (contents_of(object)) {
        case Contents::numbers: return;
        case Contents::cell: return check_cell(object.state_as<CellState>());
        case Contents::sequence: return check_sequence(object.state_as<SequenceState>());
        case Contents::dict: return check_dict(object.state_as<DictState>());
        case Contents::elements: return check_array(object.state_as<TypedArrayState>());
        case Contents::queue: return check_queue(object.state_as<QueueState>());
        case Contents::holdings: return check_holders(object.state_as<HoldingsState>());
        case Contents::holdings_behind: return check_holders(object.state_as<HoldingsBehind>().holdings);
    }
}

void HeapAudit::check_item(Offset<Node> item) const {
    check_value(block_in(heap_, offset_cast<Item>(item)).view());
}

void HeapAudit::check_cell(const CellState& state) const {
    if (const auto item = state.item.load())
        check_item(item);
}

void HeapAudit::check_dict(const DictState& state) const {
    const Counts counts = state.counts.load();
    std::vector<std::uint64_t> entries;
    check_list(state.first.load(), state.last.load(), [&](Offset<DictEntry> place) {
        const DictEntry& entry = block_in(heap_, place);
        const EntrySizes sizes = entry.sizes.load();
        const std::string_view key{bytes_behind(&entry), sizes.key};
        check_value(key);
        expect(proto::is_key(key), "a key is none");
        check_value({bytes_behind(&entry) + sizes.key, sizes.value});
        entries.push_back(place.value);
    });
    expect(entries.size() == counts.size && counts.buckets <= most_buckets, "a dict has another number of entries");
    check_table(state.buckets.load(), std::uint64_t{counts.buckets} * links_per_bucket);
    check_buckets<EntryChain>(state.buckets.load(), counts.buckets, std::move(entries));
}

void HeapAudit::check_sequence(const SequenceState& state) const {
    const std::uint64_t size = state.size.load();
    if (!state.directory.load()) {
        expect(size == 0, "a list has no items");
        return;
    }
    const Table& directory = block_in(heap_, state.directory.load());
    const std::uint64_t chunks = directory.slots();
    const auto chunk_at = [&](std::uint64_t index) {
        const auto place = offset_cast<Table>(directory.slot(index).load());
        return place ? &block_in(heap_, place) : nullptr;
    };
    expect(std::has_single_bit(chunks) && (chunks > 1 || chunk_at(0) != nullptr), "a list has no chunks");
    const std::uint64_t per_chunk = chunks == 1 ? chunk_at(0)->slots() : Sequence::slots_per_chunk;
    expect(is_power_of_two_between(per_chunk, 1, Sequence::slots_per_chunk) && size <= chunks * per_chunk,
           "a list has more items than slots");
    for (std::uint64_t index = 0; index < chunks; ++index)
        expect(chunk_at(index) == nullptr || chunk_at(index)->slots() == per_chunk, "a list has unequal chunks");
    for (std::uint64_t index = 0; index < size; ++index) {
        const std::uint64_t position = (state.begin.load() + index) & (chunks * per_chunk - 1);
        const Table* chunk = chunk_at(position / per_chunk);
        const auto item = chunk == nullptr ? Offset<Node>{} : chunk->slot(position % per_chunk).load();
        expect(static_cast<bool>(item), "an item of a list is missing");
        check_item(item);
    }
}

void HeapAudit::check_array(const TypedArrayState& state) const {
    const ArrayShape shape = state.shape.load();
    expect(element_bytes(shape.typecode) != 0, "an array has no typecode");
    expect((shape.length == 0) == !state.elements.load(), "an array has no elements");
}

void HeapAudit::check_queue(const QueueState& state) const {
    expect(static_cast<bool>(state.root.load()), "a queue has no root");
    const QueueRoot& root = block_in(heap_, state.root.load());
    const auto check = [&](Offset<QueueItem> item) { check_value(block_in(heap_, item).value()); };
    const std::uint64_t size = check_list(root.first.load(), root.last.load(), check);
    const std::uint64_t taken = check_list(root.first_taken.load(), root.last_taken.load(), check);
    expect(size == root.size.load() && taken == root.taken.load(), "a queue has another number of items");
}

void HeapAudit::check_line(const ObjectHeader& object) const {
    check_list(object.line_first.load(), object.line_last.load(),
               [&](Offset<Waiter> waiter) { check_waiter(object, block_in(heap_, waiter)); });
}

void HeapAudit::check_waiter(const ObjectHeader& object, const Waiter& waiter) const {
    expect(waiter.object.load() == object.id.load() && waiter.traits.load().mode <= WaitMode::returning,
           "a waiter is in the wrong line");
    if (const auto payload = waiter.payload.load()) {
        expect(contents_of(object) == Contents::queue, "a waiter brings something to what is no queue");
        check_value(block_in(heap_, offset_cast<QueueItem>(payload)).value());
    }
    std::size_t hands = 0;
    for (const Waiter* each = &waiter;;) {
        const auto next = each->sibling.load();
        each = &live(next);
        expect(each->tag.load().kind == BlockKind::waiter && !is_header(next.value) && ++hands <= most_words &&
                   each->agent.load() == waiter.agent.load() && each->request.load() == waiter.request.load(),
               "the places of a waiter do not belong together");
        if (each == &waiter)
            return;
    }
}

void HeapAudit::check_sessions() const {
    std::vector<std::uint64_t> numbers;
    check_list(heap_.header().first_session.load(), heap_.header().last_session.load(),
               [&](Offset<SessionRecord> session) { numbers.push_back(block_in(heap_, session).number.load()); });
    std::ranges::sort(numbers);
    expect(std::ranges::adjacent_find(numbers) == numbers.end(), "two sessions have one number");
    expect(numbers.empty() || (numbers.front() != 0 && numbers.back() <= UINT32_MAX), "a session has no number");
}

void HeapAudit::check_results() const {
    check_list(heap_.header().first_results.load(), heap_.header().last_results.load(), [&](Offset<ResultTable> place) {
        const ResultTable& table = block_in(heap_, place);
        expect(is_power_of_two_between(table.slots(), 1, Results::most_slots),
               "results have no size that they can have");
        for (std::uint32_t index = 0; index < table.slots(); ++index)
            expect(table.slot(index).item.load() || table.slot(index).size.load() <= ResultSlot::most_inline_bytes,
                   "a result is longer than it can be");
    });
}

/// Of all that is live: the allocator has given it out, with room for all of it.
void HeapAudit::check_rooms() const {
    for (const std::uint64_t slab : live_.slabs())
        expect(allocator_.is_given_out(slab, LiveBlocks::slab_bytes), "objects are in no block");
    live_.map().each([this](std::uint64_t place) {
        if (!is_header(place))
            expect(allocator_.is_given_out(place, live_.bytes_at(place, live_.block_at(place))),
                   "a block is none of the allocator's");
    });
}

void HeapAudit::check_garbage() {
    for (Offset<Node> place = heap_.header().garbage.load(); place; place = block_in(heap_, place).next.load())
        check_garbage_block(place.value, true);
}

/// What it owns goes with it, but for the items in the chunks of a skeleton.
void HeapAudit::check_garbage_block(std::uint64_t place, bool with_owned) {
    const Node& block = live_.block_at(place);
    const auto [kind, links] = block.tag.load();
    expect(heap_.bytes_at(place, fixed_bytes_of(kind)) != nullptr && !live_.map().contains(place) &&
               !is_header(place) && dead_.insert(place),
           "the garbage leads to what is none");
    const std::uint64_t bytes = kind == BlockKind::elements || kind == BlockKind::none ? sizeof(Node) : bytes_of(block);
    expect(allocator_.is_given_out(place, bytes), "garbage is no block of the allocator's");
    if (is_referring(kind)) {
        try {
            proto::Reader values(values_in(block));
            while (!values.at_end())
                values.skip();
        } catch (const proto::Malformed&) {
            throw_damaged("a value of the garbage is none");
        }
    }
    if (!owns_blocks(kind) || !with_owned)
        return;
    const Table& table = block_as<Table>(block);
    for (std::uint32_t index = 0; index < links; ++index)
        if (const std::uint64_t owned = table.slot(index).load().value; owned != 0)
            check_garbage_block(owned, kind != BlockKind::skeleton);
}

}  // namespace steward::shared
