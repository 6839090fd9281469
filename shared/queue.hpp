#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/agent.hpp"
#include "shared/linked_list.hpp"

namespace steward::shared {

/// A value of a queue; the bytes follow, the tag's extra is how many.
struct QueueItem : Linked {
    Field<std::uint64_t> number;  ///< 0: it has not been taken
    Field<Agent> taker;

    std::string_view value() const noexcept { return {bytes_behind(this), tag.load().extra}; }
};
static_assert(sizeof(QueueItem) == 40);

struct QueueRoot : Node {
    Field<Offset<QueueItem>> first;
    Field<Offset<QueueItem>> last;
    Field<Offset<QueueItem>> first_taken;
    Field<Offset<QueueItem>> last_taken;
    Field<std::uint64_t> size;
    Field<std::uint64_t> taken;
    Field<std::uint64_t> unfinished;  ///< items that were put and are not done with
    Field<std::uint64_t> last_number;
};
static_assert(sizeof(QueueRoot) == 80);

struct QueueState {
    Field<Offset<QueueRoot>> root;
    Field<std::uint64_t> max_size;  ///< 0: any number
};

/// First in, first out; with those items beside that somebody has taken and not done with. Every operation takes
/// constant time. A view: cheap to make. The caller has called Mutation::change.
class Queue {
  public:
    Queue(Heap& heap, QueueState& state) noexcept : heap_(heap), state_(state) {}

    /// Before anything else is done with it.
    void create(Mutation&, std::uint64_t max_size);
    /// Everything, in constant time.
    void discard(Mutation&);

    std::size_t size() const noexcept { return root().size.load(); }
    std::size_t taken() const noexcept { return root().taken.load(); }
    std::uint64_t unfinished() const noexcept { return root().unfinished.load(); }
    std::uint64_t max_size() const noexcept { return state_.max_size.load(); }
    bool empty() const noexcept { return size() == 0; }
    bool full() const noexcept { return max_size() != 0 && size() >= max_size(); }

    /// A fresh item that stands nowhere yet.
    static Offset<QueueItem> make_item(Mutation&, std::string_view value);
    void put(Mutation&, Offset<QueueItem> fresh);
    /// Not when empty. The view stays valid until the next Heap::reap.
    std::string_view get(Mutation&);

    /// An item that get() had taken out, made anew: it has been counted.
    void put_first(Mutation&, Offset<QueueItem> fresh);

    /// Not when empty. It has a number from now on, which no other item of the queue ever had.
    Offset<QueueItem> take(Mutation&, Agent);
    /// Of an item that is taken: it goes, and counts as done with.
    void done(Mutation&, Offset<QueueItem>);
    /// Of an item that is taken: it goes to the head.
    void give_back(Mutation&, Offset<QueueItem>);

    Offset<QueueItem> first() const noexcept { return root().first.load(); }
    Offset<QueueItem> first_taken() const noexcept { return root().first_taken.load(); }
    Offset<QueueItem> last_taken() const noexcept { return root().last_taken.load(); }
    Offset<QueueItem> next(Offset<QueueItem> item) const noexcept { return next_of(heap_, item); }
    const QueueItem& item(Offset<QueueItem> place) const noexcept { return *heap_.at(place); }

    /// False, and nothing changed: all that were put are done with.
    [[nodiscard]] bool task_done(Mutation&);
    void set_unfinished(Mutation& mutation, std::uint64_t items) { mutation.store(root().unfinished, items); }

  private:
    QueueRoot& root() const noexcept { return *heap_.at(state_.root.load()); }
    ListEnds<QueueItem> waiting() const noexcept { return {root().first, root().last}; }
    ListEnds<QueueItem> taken_items() const noexcept { return {root().first_taken, root().last_taken}; }

    Heap& heap_;
    QueueState& state_;
};

}  // namespace steward::shared
