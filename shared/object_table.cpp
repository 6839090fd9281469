#include "shared/object_table.hpp"

#include <cstring>
#include <vector>

#include "proto/value.hpp"
#include "shared/bucket_table.hpp"
#include "shared/errors.hpp"
#include "shared/object_state.hpp"

namespace steward::shared {

namespace {

constexpr std::uint64_t max_slots = std::uint64_t{1} << ObjectId::slot_bits;
constexpr std::uint64_t last_generation = (std::uint64_t{1} << ObjectId::generation_bits) - 1;

std::uint32_t hash_of(const Heap& heap, std::string_view name) noexcept {
    return proto::hash_bytes(name, heap.hash_seed());
}

struct NameLinks {
    using Entry = ObjectHeader;
    static Field<Offset<ObjectHeader>>& chain(Heap& heap, Offset<ObjectHeader> object) noexcept {
        return heap.at(object)->next_by_name;
    }
    static std::uint32_t hash(const Heap& heap, Offset<ObjectHeader> object) noexcept {
        return hash_of(heap, heap.at(heap.at(object)->name.load())->view());
    }
};

BucketTable<NameLinks> names_of(Heap& heap) noexcept {
    return {heap, heap.header().name_buckets, heap.header().name_counts};
}

PagedTable slabs_of(Heap& heap) noexcept {
    return {heap, heap.header().slabs};
}

ObjectHeader& header_at(Heap& heap, std::uint64_t slot) noexcept {
    const Offset<Node> slab = slabs_of(heap).slot(slot / slots_per_slab, heap.header().slabs_used.load()).load();
    return heap.at(offset_cast<ObjectHeader>(slab))[slot % slots_per_slab];
}

}  // namespace

ObjectHeader* find_object(Heap& heap, ObjectId id) noexcept {
    if (id.slot() >= heap.header().slots_used.load())
        return nullptr;
    ObjectHeader& object = header_at(heap, id.slot());
    return object.id.load() == id && object.kind.load().type != 0 ? &object : nullptr;
}

ObjectHeader& ObjectTable::create(Mutation& mutation, const NewObject& wanted) {
    const bool needs_line = needs_word_line(static_cast<proto::ObjectType>(wanted.kind.type));
    ObjectHeader& object = take_slot(mutation, needs_line);
    mutation.change(object);
    if (needs_line && object.word_line.load() == 0)
        mutation.store(object.word_line, new_line(mutation));
    if (const auto line = static_cast<std::uint32_t>(object.word_line.load()); line != 0)
        clear_line(line);
    mutation.store(object.kind, wanted.kind);
    mutation.store(object.traits, {.references = 0, .options = wanted.options});
    if (!wanted.name.empty())
        give_name(mutation, object, wanted.name);
    mutation.store(heap_.header().objects, size() + 1);
    return object;
}

void ObjectTable::remove(Mutation& mutation, ObjectHeader& object) {
    mutation.change(object);
    drop_name(mutation, object);
    mutation.store(object.kind, {});
    mutation.store(object.traits, {});
    for (Field<std::uint64_t>& word : object.state)
        mutation.store(word, 0);
    mutation.store(object.line_first, {});
    mutation.store(object.line_last, {});
    mutation.store(object.operations, 0);
    mutation.store(object.statistics, {});
    mutation.store(object.last_abandonment, {});
    mutation.store(heap_.header().objects, size() - 1);
    give_back_slot(mutation, object);
}

ObjectHeader* ObjectTable::find(std::string_view name) const noexcept {
    const Offset<ObjectHeader> place = names_of(heap_).find(
        hash_of(heap_, name), [&](Offset<ObjectHeader> object) { return name_of(*heap_.at(object)) == name; });
    return place ? heap_.at(place) : nullptr;
}

std::string_view ObjectTable::name_of(const ObjectHeader& object) const noexcept {
    const Offset<Name> name = object.name.load();
    return name ? heap_.at(name)->view() : std::string_view{};
}

ObjectHeader* ObjectTable::next(std::uint64_t& cursor) const noexcept {
    while (cursor < heap_.header().slots_used.load()) {
        ObjectHeader& object = header_at(heap_, cursor++);
        if (object.kind.load().type != 0)
            return &object;
    }
    return nullptr;
}

void ObjectTable::round_versions_up() noexcept {
    for (std::uint64_t slot = 0; slot < heap_.header().slots_used.load(); ++slot) {
        Field<std::uint64_t>& version = header_at(heap_, slot).version;
        version.init(version.load() + version.load() % 2);
    }
}

// A slot that has a word line is left to objects that need one, while there is any other.
ObjectHeader& ObjectTable::take_slot(Mutation& mutation, bool with_line) {
    HeapHeader& header = heap_.header();
    Field<Offset<ObjectHeader>>& fitting = with_line ? header.free_slots_with_line : header.free_slots;
    Field<Offset<ObjectHeader>>& other = with_line ? header.free_slots : header.free_slots_with_line;
    Field<Offset<ObjectHeader>>& list = fitting.load() ? fitting : other;
    if (!list.load())
        return new_slot(mutation);
    ObjectHeader& object = *heap_.at(list.load());
    mutation.change(object);
    mutation.store(list, object.next_by_name.load());
    mutation.store(object.next_by_name, {});
    return object;
}

ObjectHeader& ObjectTable::new_slot(Mutation& mutation) {
    HeapHeader& header = heap_.header();
    const std::uint64_t slot = header.slots_used.load();
    if (slot == max_slots)
        throw NoMemory("the domain has as many objects as it can have");
    if (slot % slots_per_slab == 0) {
        const std::uint64_t slab = header.slabs_used.load();
        slabs_of(heap_).grow(mutation, slab);
        std::byte* memory = mutation.allocate_forever(slots_per_slab * sizeof(ObjectHeader), sizeof(ObjectHeader));
        mutation.store(slabs_of(heap_).slot(slab, slab + 1), heap_.offset_of(reinterpret_cast<Node*>(memory)));
        mutation.store(header.slabs_used, slab + 1);
    }
    mutation.store(header.slots_used, slot + 1);
    ObjectHeader& object = header_at(heap_, slot);
    mutation.change(object);
    mutation.store(object.id, ObjectId::make(1, header.domain.load().number, slot));
    return object;
}

// The next object in the slot already has its id; that makes the old one invalid.
void ObjectTable::give_back_slot(Mutation& mutation, ObjectHeader& object) {
    const ObjectId id = object.id.load();
    if (id.generation() == last_generation) {
        mutation.store(object.id, {});
        return;
    }
    HeapHeader& header = heap_.header();
    Field<Offset<ObjectHeader>>& list = object.word_line.load() != 0 ? header.free_slots_with_line : header.free_slots;
    mutation.store(object.id, ObjectId::make(id.generation() + 1, id.domain(), id.slot()));
    mutation.store(object.next_by_name, list.load());
    mutation.store(list, heap_.offset_of(&object));
}

void ObjectTable::find_free_lines() {
    const std::uint64_t given_out = heap_.header().lines_used.load();
    std::vector<bool> taken(given_out);
    for (std::uint64_t slot = 0; slot < heap_.header().slots_used.load(); ++slot)
        if (const auto line = header_at(heap_, slot).word_line.load(); line < given_out)
            taken[line] = true;
    for (std::uint32_t line = 1; line < given_out; ++line)
        if (!taken[line])
            words_.free_lines().push_back(line);
}

/// A line that is taken here for an object that is rolled back is free again after the next start.
std::uint32_t ObjectTable::new_line(Mutation& mutation) {
    if (auto& free = words_.free_lines(); !free.empty()) {
        const auto line = free.back();
        free.pop_back();
        return line;
    }
    Field<std::uint64_t>& used = heap_.header().lines_used;
    const auto line = static_cast<std::uint32_t>(used.load());
    words_.obtain(line);
    mutation.store(used, line + 1);
    return line;
}

// Nobody may have the line open yet, so this needs no undo.
void ObjectTable::clear_line(std::uint32_t index) const {
    WordLine& line = words_.line(index);
    line.word.fetch_and(word_parity);
    line.token.store(0);
    line.levels.store(0);
    line.bound.store(0);
    line.acquisitions.store(0);
    line.since_ns.store(0);
}

void ObjectTable::give_name(Mutation& mutation, ObjectHeader& object, std::string_view name) {
    const auto block =
        mutation.allocate<Name>(BlockKind::name, sizeof(Name) + name.size(), static_cast<std::uint32_t>(name.size()));
    std::memcpy(bytes_behind(heap_.at(block)), name.data(), name.size());
    mutation.store(object.name, block);
    names_of(heap_).insert(mutation, heap_.offset_of(&object), hash_of(heap_, name));
}

void ObjectTable::drop_name(Mutation& mutation, ObjectHeader& object) {
    const Offset<Name> name = object.name.load();
    if (!name)
        return;
    names_of(heap_).erase(mutation, heap_.offset_of(&object), hash_of(heap_, heap_.at(name)->view()));
    mutation.store(object.name, {});
    mutation.discard(name);
}

}  // namespace steward::shared
