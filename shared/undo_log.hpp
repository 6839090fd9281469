#pragma once

#include <cstdint>

#include "shared/heap_header.hpp"

namespace steward::shared {

/// The log of the Mutation under way, in its own region of the heap file: what to put back where. Empty between
/// Mutations. An entry is written before the log's length, and that before the store that it undoes (release stores).
class UndoLog {
  public:
    struct Entry {
        Field<std::uint64_t> where;  ///< offset of a word; or, with `fresh`, of a block that was just allocated
        Field<std::uint64_t> old;
    };
    static constexpr std::uint64_t fresh = 1;

    UndoLog() noexcept = default;
    UndoLog(HeapHeader& header, Entry* entries) noexcept
        : header_(&header),
          entries_(entries),
          capacity_(header.log_capacity.load()),
          length_(header.log_length.load()) {}

    bool full() const noexcept { return length_ == capacity_; }
    std::uint64_t length() const noexcept { return length_; }
    std::uint64_t capacity() const noexcept { return capacity_; }
    void set_capacity(std::uint64_t entries) noexcept { header_->log_capacity.init(capacity_ = entries); }

    /// Not when full.
    void append(std::uint64_t where, std::uint64_t old) noexcept {
        entries_[length_].where.init(where);
        entries_[length_].old.init(old);
        set_length(length_ + 1);
    }
    const Entry& at(std::uint64_t index) const noexcept { return entries_[index]; }
    /// How often that happened is counted before it is seen, for those who look twice (ResultReader).
    void clear() noexcept {
        std::atomic_thread_fence(std::memory_order_release);  // who sees the count sees what was stored before
        header_->log_ends.init(header_->log_ends.load() + 1);
        set_length(0);
    }

  private:
    void set_length(std::uint64_t length) noexcept {
        length_ = length;
        std::atomic_thread_fence(std::memory_order_release);
        header_->log_length.init(length);
    }

    HeapHeader* header_ = nullptr;
    Entry* entries_ = nullptr;
    std::uint64_t capacity_ = 0;
    std::uint64_t length_ = 0;
};

static_assert(sizeof(UndoLog::Entry) == 16);

}  // namespace steward::shared
