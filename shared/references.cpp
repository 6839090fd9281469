#include "shared/references.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "proto/reference.hpp"
#include "shared/dict.hpp"
#include "shared/errors.hpp"
#include "shared/item.hpp"
#include "shared/object_table.hpp"
#include "shared/queue.hpp"

namespace steward::shared {

namespace {

struct ReferringKinds {
    BlockKind plain;
    BlockKind referring;
};

constexpr std::array kinds{ReferringKinds{BlockKind::item, BlockKind::referring_item},
                           ReferringKinds{BlockKind::dict_entry, BlockKind::referring_entry},
                           ReferringKinds{BlockKind::queue_item, BlockKind::referring_queue_item}};

void change_kind(Mutation& mutation, Node& block, BlockKind ReferringKinds::*from, BlockKind ReferringKinds::*to) {
    const NodeTag tag = block.tag.load();
    const auto* known = std::ranges::find(kinds, tag.kind, from);
    mutation.store(block.tag, {known->*to, tag.extra});
}

/// The last reference that was read is none any more: its extension gets a type that nobody knows.
void obliterate(Mutation& mutation, std::string_view read) {
    constexpr std::size_t head_bytes = proto::reference_head.size();
    const char* type = read.data() + read.size() - proto::reference_bytes + head_bytes - 1;
    constexpr std::byte nobodys{0};
    mutation.overwrite(reinterpret_cast<std::byte*>(const_cast<char*>(type)), std::span{&nobodys, 1});
}

}  // namespace

void count_references(Mutation& mutation, Offset<Node> block, std::string_view bytes) {
    bool any = false;
    proto::each_reference(bytes, [&](const proto::Reference& reference) {
        any = true;
        add_reference(mutation, {reference.object});
    });
    // Through the log, though the block is fresh: after a rollback it must not be counted down.
    if (any)
        change_kind(mutation, *mutation.heap().at(block), &ReferringKinds::plain, &ReferringKinds::referring);
}

void drop_references(Mutation& mutation, Offset<Node> block, std::size_t& position) {
    constexpr unsigned most = 64;
    const std::string_view bytes = values_in(*mutation.heap().at(block));
    proto::Reader reader{bytes.substr(position)};
    const std::size_t begin = position;
    for (unsigned count = 0; count < most && !reader.at_end(); ++count) {
        const auto reference = proto::reference_from(reader.next());
        position = begin + reader.position();
        if (reference) {
            drop_reference(mutation, {reference->object});
            obliterate(mutation, bytes.substr(0, position));
        }
    }
    if (!reader.at_end())
        return;
    change_kind(mutation, *mutation.heap().at(block), &ReferringKinds::referring, &ReferringKinds::plain);
    position = 0;
}

bool is_referring(BlockKind kind) noexcept {
    return std::ranges::find(kinds, kind, &ReferringKinds::referring) != kinds.end();
}

std::string_view values_in(const Node& block) noexcept {
    switch (block.tag.load().kind) {
        case BlockKind::referring_item: return static_cast<const Item&>(block).view();
        case BlockKind::referring_queue_item: return static_cast<const QueueItem&>(block).value();
        default: break;
    }
    const auto& entry = static_cast<const DictEntry&>(block);
    return {bytes_behind(&entry), entry.sizes.load().key + std::size_t{entry.sizes.load().value}};
}

bool may_refer(const Heap& heap, Offset<Node> block, std::string_view bytes) noexcept {
    return is_referring(heap.at(block)->tag.load().kind) || proto::may_refer(bytes);
}

void add_reference(Mutation& mutation, ObjectId to) {
    ObjectHeader* object = find_object(mutation.heap(), to);
    if (object == nullptr)
        return;
    auto traits = object->traits.load();
    if (traits.references == std::numeric_limits<std::uint32_t>::max())
        throw NoMemory("an object can be referred to 2^32 - 1 times");
    ++traits.references;
    mutation.store(object->traits, traits);
}

void drop_reference(Mutation& mutation, ObjectId to) {
    ObjectHeader* object = find_object(mutation.heap(), to);
    if (object == nullptr)
        return;
    auto traits = object->traits.load();
    --traits.references;
    mutation.store(object->traits, traits);
    mutation.heap().note_dropped(to);
}

}  // namespace steward::shared
