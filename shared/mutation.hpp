#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "shared/heap.hpp"
#include "shared/words.hpp"

namespace steward::shared {

/// One change of a domain: all of it happens or nothing. The only thing that writes live structures.
///
///     Mutation mutation{heap};
///     mutation.change(object);
///     mutation.store(object.operations, object.operations.load() + 1);
///     ...                                          // leaving the scope commits; leaving it by an exception rolls back
///
/// One at a time per heap (std::logic_error otherwise), but for those that are parts of a Transaction. Every store
/// first goes to the undo log of the heap, with its old value; the commit is one store that empties the log. So a
/// process killed at any instruction leaves a log from which the state before can be restored. Everything may throw
/// NoMemory, which leaves nothing changed.
class Mutation {
  public:
    explicit Mutation(Heap&);
    Mutation(const Mutation&) = delete;
    Mutation& operator=(const Mutation&) = delete;
    /// Throws WordChanged, but not while another exception is under way.
    ~Mutation() noexcept(false);

    Heap& heap() const noexcept { return heap_; }

    template <class T>
    void store(Field<T>& field, std::type_identity_t<T> value) {
        store_word(field.bits_, std::bit_cast<std::uint64_t>(value));
    }

    /// Replaces bytes inside a live block, word by word; `live` need not be aligned. Words that stay the same cost
    /// nothing. Meant for small values: each changed word takes 16 bytes of the log.
    void overwrite(std::byte* live, std::span<const std::byte> bytes);

    /// A zeroed block of `kind` that nobody can reach; write it with `init` until it is linked. A rollback discards it,
    /// with what its kind owns.
    template <class T>
    Offset<T> allocate(BlockKind kind, std::size_t bytes = sizeof(T), std::uint32_t extra = 0) {
        return offset_cast<T>(allocate_logged(NodeTag{kind, extra}, bytes, 0));
    }
    /// The same, but not in the log: it belongs to the fresh block that `slot` is a link of, and goes with that one.
    template <class T>
    Offset<T> allocate_into(Field<Offset<Node>>& slot, BlockKind kind, std::size_t bytes, std::uint32_t extra = 0) {
        return offset_cast<T>(allocate_owned(slot, NodeTag{kind, extra}, bytes));
    }
    /// A zeroed block without a Node at a multiple of `alignment`, which must never be discarded (slabs).
    std::byte* allocate_forever(std::size_t bytes, std::size_t alignment);

    /// After the commit nobody reaches the chain of blocks from `first` to `last` (linked by next): they are freed by
    /// Heap::reap, with what their kinds own. Their contents stay readable until then.
    void discard(Offset<Node> first, Offset<Node> last);
    void discard(Offset<Node> block) { discard(block, block); }

    /// Makes the object's version odd, now, and even again after the end (also after a rollback: a version never goes
    /// back). To be called before the first store to anything that belongs to the object. Twice does no harm.
    void change(ObjectHeader&);

    /// Plans the change of a word that clients may change at the same time (of both values the parity bit is ignored).
    /// A second plan for the same word replaces what is desired. Throws std::length_error beyond `most_words`.
    void plan_word(Words&, std::uint32_t line, std::uint64_t expected, std::uint64_t desired);
    /// The word as it will be: as planned, or as it is.
    std::uint64_t planned_or_found(Words&, std::uint32_t line) const;

    /// Changes the planned words: each by one compare-and-swap that also flips the word's `parity`. False: one of them
    /// was no longer as expected; the words are as before, the plans are dropped, and the caller may try again with
    /// what it finds. True: the Mutation is decided; this must have been its last act, and its end commits.
    ///
    /// The intents are written down before the first swap, so that a restart finds out by the parity of the last word
    /// whether the Mutation happened: the last swap is the moment of commit for all of it.
    ///
    /// The end of a Mutation that has plans left decides it, and where that fails rolls it back and throws WordChanged.
    [[nodiscard]] bool decide();

    /// Both for a single word.
    [[nodiscard]] bool change_word(Words& words, std::uint32_t line, std::uint64_t expected, std::uint64_t desired) {
        plan_word(words, line, expected, desired);
        return decide();
    }

  private:
    void store_word(std::atomic<std::uint64_t>& word, std::uint64_t value) {
        make_log_room();
        log_.append(heap_.offset_of(&word).value, word.load(std::memory_order_relaxed));
        // Release: the log's entry is written before the store that it undoes.
        word.store(value, std::memory_order_release);
    }
    void make_log_room() {
        if (log_.full()) [[unlikely]]
            heap_.grow_log();
    }
    Offset<Node> allocate_logged(NodeTag, std::size_t bytes, std::size_t alignment);
    Offset<Node> allocate_owned(Field<Offset<Node>>& slot, NodeTag, std::size_t bytes);
    void commit() noexcept;
    void roll_back() noexcept;
    bool swap_words() noexcept;
    void put_words_back(std::size_t count) noexcept;
    void finish_versions() noexcept;

    Heap& heap_;
    UndoLog& log_;
    int exceptions_at_start_;
    bool decided_ = false;
    bool part_;  ///< of a Transaction, which commits or rolls back for it
};

/// Several Mutations as one: those that are made while it lives are its parts, and happen all or not at all. Leaving
/// the scope commits; leaving it by an exception rolls all of them back. An exception that leaves a part must leave the
/// Transaction too.
class Transaction {
  public:
    explicit Transaction(Heap& heap) : all_(heap) { heap.in_transaction_ = true; }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction() noexcept(false) { all_.heap().in_transaction_ = false; }

  private:
    Mutation all_;
};

}  // namespace steward::shared
