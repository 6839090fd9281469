#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/allocator_audit.hpp"
#include "shared/block_map.hpp"
#include "shared/cell.hpp"
#include "shared/dict.hpp"
#include "shared/heap_view.hpp"
#include "shared/line.hpp"
#include "shared/live_blocks.hpp"
#include "shared/queue.hpp"
#include "shared/sequence.hpp"
#include "shared/typed_array.hpp"

namespace steward::shared {

/// Looks through a whole heap before a daemon takes it up: who serves it follows its links without looking, since
/// nobody else writes there. A file in which something was changed all the same, by a broken disk, memory or program,
/// is found out here and refused; what cannot be told from a heap is safe to use. Takes time in proportion to what is
/// live.
class HeapAudit {
  public:
    /// Interrupted Mutations have been settled; the allocator was not interrupted.
    explicit HeapAudit(const HeapView& heap);

    /// Throws DomainError.
    void run();

  private:
    template <class T>
    const T& live(Offset<T> place) const;
    template <class N, class Visit>
    std::uint64_t check_list(Offset<N> first, Offset<N> last, Visit&& visit) const;
    template <class Links>
    void check_buckets(Offset<Table> root, std::uint32_t buckets, std::vector<std::uint64_t> entries) const;

    void check_header() const;
    void check_objects();
    void check_object(const ObjectHeader&, std::uint64_t slot);
    void check_word(const ObjectHeader&);
    void check_names() const;
    void check_free_slots(Offset<ObjectHeader> first, bool with_line);
    void check_table(Offset<Table> root, std::uint64_t count) const;
    void check_pages(Offset<Table> table, std::size_t level, std::uint64_t first, std::uint64_t count) const;
    void check_state(const ObjectHeader&) const;
    void check_cell(const CellState&) const;
    void check_dict(const DictState&) const;
    void check_sequence(const SequenceState&) const;
    void check_array(const TypedArrayState&) const;
    void check_queue(const QueueState&) const;
    void check_line(const ObjectHeader&) const;
    void check_waiter(const ObjectHeader&, const Waiter&) const;
    void check_item(Offset<Node> item) const;
    void check_sessions() const;
    void check_results() const;
    void check_rooms() const;
    void check_garbage();
    void check_garbage_block(std::uint64_t place, bool with_owned);
    bool is_header(std::uint64_t place) const noexcept;

    const HeapView& heap_;
    LiveBlocks live_;
    AllocatorAudit allocator_;
    BlockMap dead_;                     ///< garbage, and free slots
    std::vector<bool> lines_;           ///< of the words: which an object has
    std::vector<std::uint64_t> named_;  ///< objects, by their places
};

}  // namespace steward::shared
