#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace steward::shared {

/// The blocks of a heap, managed by Boost.Interprocess (rbtree_best_fit without a mutex) inside memory that the caller
/// provides. The only file that knows Boost is segment.cpp. Knows nothing of logs and files.
class Segment {
  public:
    static constexpr std::size_t alignment = 16;

    Segment() noexcept;
    static Segment create(void* memory, std::size_t bytes);
    static Segment open(void* memory, std::size_t bytes);
    Segment(Segment&&) noexcept;
    Segment& operator=(Segment&&) noexcept;
    ~Segment();

    /// Null if there is no room. Not zeroed.
    void* allocate(std::size_t bytes) noexcept;
    void* allocate_aligned(std::size_t bytes, std::size_t block_alignment) noexcept;
    void deallocate(void* block) noexcept;
    std::size_t size_of(const void* block) const noexcept;

    /// The `bytes` behind the segment now belong to it too.
    void grow(std::size_t bytes) noexcept;
    std::size_t free_bytes() const noexcept;

  private:
    struct Manager;
    std::unique_ptr<Manager> manager_;
};

}  // namespace steward::shared
