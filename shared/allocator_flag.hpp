#pragma once

#include "shared/heap_header.hpp"

namespace steward::shared {

/// Stands while the allocator, or what belongs together with its work, is half done: a heap found with it set cannot be
/// trusted to have a sound free list. The fences keep the work between the two stores.
class AllocatorFlag {
  public:
    explicit AllocatorFlag(HeapHeader& header) noexcept : flag_(header.allocating), outermost_(flag_.load() == 0) {
        flag_.init(1);
        std::atomic_thread_fence(std::memory_order_release);
    }
    AllocatorFlag(const AllocatorFlag&) = delete;
    AllocatorFlag& operator=(const AllocatorFlag&) = delete;
    ~AllocatorFlag() {
        std::atomic_thread_fence(std::memory_order_release);
        if (outermost_)
            flag_.init(0);
    }

  private:
    Field<std::uint64_t>& flag_;
    bool outermost_;
};

}  // namespace steward::shared
