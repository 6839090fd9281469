#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "shared/heap_header.hpp"
#include "shared/memory_budget.hpp"
#include "shared/segment.hpp"
#include "shared/undo_log.hpp"
#include "shared/unique_fd.hpp"
#include "shared/words.hpp"

namespace steward::shared {

struct HeapUsage {
    std::uint64_t obtained_bytes = 0;  ///< of the heap file, from the kernel
    std::uint64_t free_bytes = 0;      ///< of these, free for blocks
};

/// A change of a word that a Mutation will make when it is decided.
struct PlannedWord {
    Words* words = nullptr;
    std::uint32_t line = 0;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
};

/// The memory of one domain: header page, undo log, blocks (layout in MEMORY.md). The address range is reserved for the
/// largest size; memory is obtained from the kernel in small steps and the segment grown in place, so pointers stay.
///
/// One writer (this daemon, one thread), any number of processes that read. Everything live is written by a Mutation;
/// what is declared here beside that is for Mutation and the garbage alone.
class Heap {
  public:
    struct Options {
        DomainIdentity domain;
        std::uint64_t max_bytes = std::uint64_t{1} << 34;  ///< of address space and file; rounded up to pages
    };
    static constexpr std::uint64_t largest_step_bytes = std::uint64_t{1} << 19;
    static constexpr std::uint64_t largest_block_bytes = std::uint64_t{1} << 30;

    /// Makes a heap in an empty file. Throws NoMemory, std::system_error.
    static std::unique_ptr<Heap> create(UniqueFd file, const Options&, MemoryBudget&);
    /// Takes over a heap that a former process left. A Mutation that was killed is rolled back, or completed where it
    /// had changed its words: it has happened then (see Mutation::decide). Throws DomainError for a file that is not
    /// such a heap, and where the allocator was interrupted (see copy_heap).
    static std::unique_ptr<Heap> attach(UniqueFd file, const Options&, const Words&, MemoryBudget&);
    /// As far as `attach` can without the allocator: what is live is as before the interrupted Mutation, or after it.
    /// May be repeated, also after it was killed. Throws DomainError.
    static void settle(UniqueFd file, const Options&, const Words&, MemoryBudget&);
    /// Whether it looks like a heap whose allocator was interrupted.
    static bool is_interrupted(const UniqueFd& file) noexcept;

    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;
    ~Heap();

    template <class T>
    T* at(Offset<T> offset) const noexcept {
        return reinterpret_cast<T*>(base_ + offset.value);
    }
    template <class T>
    Offset<T> offset_of(const T* block) const noexcept {
        return Offset<T>{static_cast<std::uint64_t>(reinterpret_cast<const std::byte*>(block) - base_)};
    }

    HeapHeader& header() const noexcept { return *reinterpret_cast<HeapHeader*>(base_); }
    int fd() const noexcept { return file_.get(); }
    /// The range of addresses in which the file is mapped.
    std::uint64_t mapped_bytes() const noexcept { return max_bytes_; }
    std::uint64_t hash_seed() const noexcept { return header().hash_seed.load(); }
    /// The bytes that the block can hold (at least what was asked for).
    std::size_t capacity_of(Offset<Node> block) const noexcept { return segment_.size_of(at(block)); }

    /// Frees up to `max_blocks` discarded blocks; returns whether there are more. Not inside a Mutation.
    bool reap(std::size_t max_blocks);
    HeapUsage usage() const noexcept;

    /// Objects that have lost a reference since the last call; they may be gone, or occur more than once.
    std::vector<ObjectId> take_dropped() { return std::exchange(dropped_, {}); }
    void note_dropped(ObjectId object) { dropped_.push_back(object); }

  private:
    friend class Mutation;
    friend class Transaction;
    friend class HeapCopy;

    Heap(UniqueFd file, const Options&, MemoryBudget&);
    void initialize(const Options&);
    void check(const Options&) const;
    void settle_intents(const Words&) noexcept;
    void settle_log(const Words&);
    void check_log() const;
    void undo_stores() noexcept;
    void discard_fresh_blocks() noexcept;
    void obtain(std::uint64_t position, std::uint64_t bytes);
    void grow_segment(std::uint64_t at_least_bytes);
    void populate() noexcept;
    void grow_log();

    /// Raw blocks, not zeroed, logged by the caller while `allocating` is set.
    void* take(std::size_t bytes, std::size_t alignment);
    void free(Offset<Node> block) noexcept;
    void reap_one() noexcept;
    bool drop_references_of(Offset<Node> block);

    MemoryBudget& budget_;
    UniqueFd file_;
    std::uint64_t max_bytes_;
    std::uint64_t counted_bytes_ = 0;
    std::byte* base_ = nullptr;
    UndoLog log_;
    Segment segment_;
    bool mutating_ = false;
    bool in_transaction_ = false;          ///< Mutations are parts of one that is under way
    std::vector<ObjectHeader*> changing_;  ///< of the Mutation under way; kept for its capacity
    std::vector<PlannedWord> planned_;     ///< the same
    std::vector<ObjectId> dropped_;
    Offset<Node> dropping_;              ///< the garbage whose references are being counted down
    std::size_t dropping_position_ = 0;  ///< how far
};

}  // namespace steward::shared
