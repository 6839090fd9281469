#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "shared/control_group.hpp"

namespace steward::shared {

/// How much memory all domains of a daemon may take together. Every byte of a heap or words file is taken from it
/// before it is asked of the kernel, so that full memory is a NoMemory and never a SIGBUS or the kernel's killer.
/// Of what the kernel has, room for a copy of the largest heap is left free: a start may have to make one (copy_heap),
/// one at a time. It does not count for the daemon's own limit, since the old heap goes when the copy is made. Used by
/// one thread.
class MemoryBudget {
  public:
    static constexpr std::uint64_t unlimited = ControlGroup::unlimited;

    /// `limit_bytes` is the daemon's own limit. The limits of the control groups count, too.
    explicit MemoryBudget(std::uint64_t limit_bytes = unlimited,
                          std::vector<ControlGroup> groups = ControlGroup::own());

    /// Takes `bytes` for the file `fd`, or throws NoMemory: above the limit, above what the file system of `fd` has
    /// free, or above what a control group has left. `heap_bytes`: so large is the heap then, if it
    /// is for one.
    void take(std::uint64_t bytes, int fd, std::uint64_t heap_bytes = 0);
    /// For files that hold their memory already (attached ones): only counts.
    void count(std::uint64_t bytes, std::uint64_t heap_bytes = 0) noexcept {
        used_bytes_ += bytes;
        largest_heap_bytes_ = std::max(largest_heap_bytes_, heap_bytes);
    }
    void give_back(std::uint64_t bytes) noexcept { used_bytes_ -= bytes; }

    std::uint64_t limit_bytes() const noexcept { return limit_bytes_; }
    void set_limit(std::uint64_t limit_bytes) noexcept { limit_bytes_ = limit_bytes; }
    std::uint64_t used_bytes() const noexcept { return used_bytes_; }

    /// For the copy of a heap: the same kernel's memory, the room that was left free among it, and no limit of its own.
    MemoryBudget for_copy() const;

  private:
    std::uint64_t limit_bytes_;
    std::uint64_t used_bytes_ = 0;
    std::uint64_t largest_heap_bytes_ = 0;
    bool leaves_room_ = true;
    std::vector<ControlGroup> groups_;
};

}  // namespace steward::shared
