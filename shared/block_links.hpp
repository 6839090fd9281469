#pragma once

#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include "shared/abandonment.hpp"
#include "shared/dict.hpp"
#include "shared/heap_header.hpp"
#include "shared/holdings.hpp"
#include "shared/item.hpp"
#include "shared/line.hpp"
#include "shared/object_state.hpp"
#include "shared/object_table.hpp"
#include "shared/queue.hpp"
#include "shared/results.hpp"
#include "shared/session_records.hpp"
#include "shared/statistics.hpp"
#include "shared/typed_array.hpp"

namespace steward::shared {

/// A set of kinds of blocks.
class Kinds {
  public:
    constexpr Kinds(std::initializer_list<BlockKind> kinds) noexcept {
        for (const BlockKind kind : kinds)
            bits_ |= bit(kind);
    }
    constexpr bool contains(BlockKind kind) const noexcept { return (bits_ & bit(kind)) != 0; }

  private:
    static constexpr std::uint32_t bit(BlockKind kind) noexcept {
        return static_cast<std::uint32_t>(kind) < 32 ? 1U << static_cast<std::uint32_t>(kind) : 0;
    }

    std::uint32_t bits_ = 0;
};

inline constexpr Kinds table_of_links{BlockKind::page, BlockKind::branch};
inline constexpr Kinds any_item{BlockKind::item, BlockKind::referring_item};
inline constexpr Kinds any_entry{BlockKind::dict_entry, BlockKind::referring_entry};
inline constexpr Kinds any_queue_item{BlockKind::queue_item, BlockKind::referring_queue_item};

/// Tables that own what they link to.
constexpr bool owns_blocks(BlockKind kind) noexcept {
    return kind == BlockKind::branch || kind == BlockKind::chunk || kind == BlockKind::directory ||
           kind == BlockKind::skeleton;
}

/// Where the links of a block, of an object's header and of the heap's header are, and what they mean: the functions
/// `each_link` below call for each of them one of these of a visitor.
///
///     owned(field, Kinds)  leads to a block of one of these kinds, or nowhere. What is live is reached by exactly one
///                          such link, from the heap's header on.
///     other(field)         leads to something that is reached by another link, or nowhere
///     unused(field)        says nothing in this kind of block
///     elements(object)     the object owns the numbers of an array, whose width it alone knows
///
/// Blocks may be const; then so are the fields.

/// The block as what its kind says that it is.
template <class T, class N>
auto& block_as(N& block) noexcept {
    return static_cast<std::conditional_t<std::is_const_v<N>, const T, T>&>(block);
}

template <class N, class Visitor>
void each_slot(N& block, Kinds kinds, Visitor& visitor) {
    auto& table = block_as<Table>(block);
    for (std::size_t index = 0; index < table.slots(); ++index) {
        if (owns_blocks(table.tag.load().kind))
            visitor.owned(table.slot(index), kinds);
        else
            visitor.other(table.slot(index));
    }
    visitor.unused(table.next);
}

/// Of a list in which every node owns the next.
template <class N, class Visitor>
void each_link_of_list(N& block, Kinds kinds, Visitor& visitor) {
    auto& node = block_as<Linked>(block);
    visitor.owned(node.next, kinds);
    visitor.other(node.prev);
}

template <class N, class Visitor>
void each_link_of_results(N& block, Visitor& visitor) {
    auto& results = block_as<ResultTable>(block);
    for (std::uint32_t index = 0; index < results.slots(); ++index)
        visitor.owned(results.slot(index).item, any_item);
    each_link_of_list(block, {BlockKind::results}, visitor);
}

/// Of a live block.
template <class N, class Visitor>
void each_link(N& block, Visitor& visitor) {
    switch (block.tag.load().kind) {
        case BlockKind::page: return each_slot(block, {}, visitor);
        case BlockKind::branch: return each_slot(block, table_of_links, visitor);
        case BlockKind::chunk: return each_slot(block, any_item, visitor);
        case BlockKind::directory:
        case BlockKind::skeleton: return each_slot(block, {BlockKind::chunk}, visitor);
        case BlockKind::dict_entry:
        case BlockKind::referring_entry:
            visitor.other(block_as<DictEntry>(block).chain);
            return each_link_of_list(block, any_entry, visitor);
        case BlockKind::waiter:
            visitor.other(block_as<Waiter>(block).sibling);
            visitor.owned(block_as<Waiter>(block).payload, any_queue_item);
            return each_link_of_list(block, {BlockKind::waiter}, visitor);
        case BlockKind::holder: return each_link_of_list(block, {BlockKind::holder}, visitor);
        case BlockKind::session: return each_link_of_list(block, {BlockKind::session}, visitor);
        case BlockKind::results: return each_link_of_results(block, visitor);
        case BlockKind::queue:
            visitor.owned(block_as<QueueRoot>(block).first, any_queue_item);
            visitor.other(block_as<QueueRoot>(block).last);
            visitor.owned(block_as<QueueRoot>(block).first_taken, any_queue_item);
            visitor.other(block_as<QueueRoot>(block).last_taken);
            return visitor.unused(block.next);
        case BlockKind::queue_item:
        case BlockKind::referring_queue_item: return each_link_of_list(block, any_queue_item, visitor);
        case BlockKind::item:
        case BlockKind::referring_item:
        case BlockKind::name:
        case BlockKind::abandonment:
        case BlockKind::elements:
        case BlockKind::statistics: return visitor.unused(block.next);
        case BlockKind::none:
        case BlockKind::slab: break;  // no block that begins with a Node
    }
}

/// Of the state of an object, by its type.
template <class Header, class Visitor>
void each_link_of_state(Header& object, Visitor& visitor) {
    const auto visit_holders = [&](auto& holdings) {
        visitor.owned(holdings.first, Kinds{BlockKind::holder});
        visitor.other(holdings.last);
    };
    switch (contents_of(object)) {
        case Contents::numbers: return;
        case Contents::cell: return visitor.owned(object.template state_as<CellState>().item, any_item);
        case Contents::sequence:
            return visitor.owned(object.template state_as<SequenceState>().directory, Kinds{BlockKind::directory});
        case Contents::elements: return visitor.elements(object);
        case Contents::dict: {
            auto& dict = object.template state_as<DictState>();
            visitor.owned(dict.buckets, table_of_links);
            visitor.owned(dict.first, any_entry);
            return visitor.other(dict.last);
        }
        case Contents::queue:
            return visitor.owned(object.template state_as<QueueState>().root, Kinds{BlockKind::queue});
        case Contents::holdings: return visit_holders(object.template state_as<HoldingsState>());
        case Contents::holdings_behind: return visit_holders(object.template state_as<HoldingsBehind>().holdings);
    }
}

template <class Header, class Visitor>
void each_link_of_object(Header& object, Visitor& visitor) {
    visitor.owned(object.name, Kinds{BlockKind::name});
    visitor.other(object.next_by_name);
    visitor.owned(object.line_first, Kinds{BlockKind::waiter});
    visitor.other(object.line_last);
    visitor.owned(object.statistics, Kinds{BlockKind::statistics});
    visitor.owned(object.last_abandonment, Kinds{BlockKind::abandonment});
    each_link_of_state(object, visitor);
}

/// The garbage is not live and not among them.
template <class Header, class Visitor>
void each_link_of_heap(Header& header, Visitor& visitor) {
    visitor.owned(header.slabs, table_of_links);
    visitor.other(header.free_slots);
    visitor.other(header.free_slots_with_line);
    visitor.owned(header.name_buckets, table_of_links);
    visitor.owned(header.first_session, Kinds{BlockKind::session});
    visitor.other(header.last_session);
    visitor.owned(header.first_results, Kinds{BlockKind::results});
    visitor.other(header.last_results);
}

/// What every block of the kind has; 0 for what is no kind of a live block.
constexpr std::uint64_t fixed_bytes_of(BlockKind kind) noexcept {
    switch (kind) {
        case BlockKind::page:
        case BlockKind::branch:
        case BlockKind::chunk:
        case BlockKind::directory:
        case BlockKind::skeleton: return sizeof(Table);
        case BlockKind::item:
        case BlockKind::referring_item: return sizeof(Item);
        case BlockKind::name: return sizeof(Name);
        case BlockKind::dict_entry:
        case BlockKind::referring_entry: return sizeof(DictEntry);
        case BlockKind::waiter: return sizeof(Waiter);
        case BlockKind::holder: return sizeof(Holder);
        case BlockKind::session: return sizeof(SessionRecord);
        case BlockKind::results: return sizeof(ResultTable);
        case BlockKind::abandonment: return sizeof(AbandonmentRecord);
        case BlockKind::elements: return sizeof(Elements);
        case BlockKind::queue: return sizeof(QueueRoot);
        case BlockKind::queue_item:
        case BlockKind::referring_queue_item: return sizeof(QueueItem);
        case BlockKind::statistics: return sizeof(Statistics);
        case BlockKind::none:
        case BlockKind::slab: break;
    }
    return 0;
}

/// All of the block, whose fixed part can be read; of `elements` that part alone.
inline std::uint64_t bytes_of(const Node& block) noexcept {
    const auto [kind, extra] = block.tag.load();
    const std::uint64_t fixed = fixed_bytes_of(kind);
    if (any_entry.contains(kind)) {
        const EntrySizes sizes = block_as<DictEntry>(block).sizes.load();
        return fixed + sizes.key + std::uint64_t{sizes.value};
    }
    if (owns_blocks(kind) || kind == BlockKind::page)
        return fixed + std::uint64_t{extra} * sizeof(Offset<Node>);
    if (kind == BlockKind::results)
        return ResultTable::bytes_for(extra);
    const bool has_bytes = any_item.contains(kind) || any_queue_item.contains(kind) || kind == BlockKind::name ||
                           kind == BlockKind::session || kind == BlockKind::abandonment;
    return has_bytes ? fixed + extra : fixed;
}

}  // namespace steward::shared
