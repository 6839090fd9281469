#include "shared/memory_budget.hpp"

#include <sys/statvfs.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "shared/errors.hpp"

namespace steward::shared {

namespace {

// Of a copy of a heap: the heap, and what whoever makes the copy remembers of its blocks.
constexpr std::uint64_t bytes_to_copy(std::uint64_t heap_bytes) noexcept {
    return heap_bytes + heap_bytes / 8;
}

std::uint64_t free_bytes_of_file_system(int fd) {
    struct statvfs about {};
    if (::fstatvfs(fd, &about) != 0)
        throw std::system_error(errno, std::generic_category(), "statvfs of shared memory");
    if (about.f_blocks == 0)
        return MemoryBudget::unlimited;  // a tmpfs without a size
    return std::uint64_t{about.f_bavail} * about.f_frsize;
}

}  // namespace

MemoryBudget::MemoryBudget(std::uint64_t limit_bytes, std::vector<ControlGroup> groups)
    : limit_bytes_(limit_bytes), groups_(std::move(groups)) {}

void MemoryBudget::take(std::uint64_t bytes, int fd, std::uint64_t heap_bytes) {
    const std::uint64_t largest = std::max(largest_heap_bytes_, heap_bytes);
    const std::uint64_t needed = bytes + (leaves_room_ ? bytes_to_copy(largest) : 0);
    if (used_bytes_ > limit_bytes_ || bytes > limit_bytes_ - used_bytes_)
        throw NoMemory("the memory limit of " + std::to_string(limit_bytes_) + " bytes is reached");
    if (needed > free_bytes_of_file_system(fd))
        throw NoMemory("the file system of the shared memory is full");
    for (const auto& group : groups_)
        if (needed > group.free_bytes())
            throw NoMemory("the memory limit of the control group " + group.folder().string() + " is reached");
    used_bytes_ += bytes;
    largest_heap_bytes_ = largest;
}

MemoryBudget MemoryBudget::for_copy() const {
    MemoryBudget same{unlimited, groups_};
    same.leaves_room_ = false;
    return same;
}

}  // namespace steward::shared
