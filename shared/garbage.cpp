#include <utility>

#include "shared/allocator_flag.hpp"
#include "shared/block_links.hpp"
#include "shared/errors.hpp"
#include "shared/heap.hpp"
#include "shared/kill_point.hpp"
#include "shared/references.hpp"

namespace steward::shared {

namespace {

// Counting references down takes longer than freeing a block, and so does what comes of it.
constexpr std::size_t blocks_that_referring_counts_for = 16;

// A skeleton's chunks are freed without the items in them.
bool is_freed_before(BlockKind owner, BlockKind owned) noexcept {
    return owner != BlockKind::skeleton && (owns_blocks(owned) || is_referring(owned));
}

}  // namespace

bool Heap::reap(std::size_t max_blocks) {
    for (std::size_t count = 0; count < max_blocks && header().garbage.load(); ++count) {
        const Offset<Node> head = header().garbage.load();
        if (!is_referring(at(head)->tag.load().kind)) {
            reap_one();
            continue;
        }
        count += blocks_that_referring_counts_for;
        if (!drop_references_of(head))
            return false;
    }
    return static_cast<bool>(header().garbage.load());
}

// False: there is no room for it in the undo log. It is tried again with the next reap.
bool Heap::drop_references_of(Offset<Node> block) {
    if (std::exchange(dropping_, block) != block)
        dropping_position_ = 0;
    const std::size_t before = dropping_position_;
    try {
        Mutation mutation{*this};
        drop_references(mutation, block, dropping_position_);
        return true;
    } catch (const NoMemory&) {
        dropping_position_ = before;
        return false;
    }
}

// A table at the head of the list gives up its last link: a block that owns others goes before it on the list, any
// other is freed at once. Without links it is freed itself. The tag's extra counts the links down.
void Heap::reap_one() noexcept {
    const AllocatorFlag flag{header()};
    const Offset<Node> head = header().garbage.load();
    Node& node = *at(head);
    const auto [kind, links] = node.tag.load();
    if (!owns_blocks(kind) || links == 0) {
        header().garbage.init(node.next.load());
        free(head);
        kill_point(KillPoint::blocks_are_freed);
        return;
    }
    const Offset<Node> owned = at(offset_cast<Table>(head))->slot(links - 1).load();
    node.tag.init({kind, links - 1});
    if (!owned)
        return;
    if (is_freed_before(kind, at(owned)->tag.load().kind)) {
        at(owned)->next.init(head);
        header().garbage.init(owned);
    } else {
        free(owned);
    }
}

void Heap::free(Offset<Node> block) noexcept {
    segment_.deallocate(at(block));
}

}  // namespace steward::shared
