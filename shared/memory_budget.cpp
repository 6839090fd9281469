#include "shared/memory_budget.hpp"

#include <sys/statvfs.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "shared/errors.hpp"

namespace steward::shared {

namespace {

// The kernel's killer must not be the one to find out that others took the rest meanwhile.
constexpr std::uint64_t cgroup_margin_bytes = std::uint64_t{4} << 20;

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

// What the kernel can drop to make room: pages of files on disk. Those of /dev/shm are not on these lists.
std::uint64_t page_cache_bytes(const std::filesystem::path& cgroup) {
    std::ifstream stat{cgroup / "memory.stat"};
    std::uint64_t total = 0;
    std::string name;
    for (std::uint64_t bytes = 0; stat >> name >> bytes;)
        if (name == "inactive_file" || name == "active_file")
            total += bytes;
    return total;
}

std::uint64_t free_bytes_of_cgroup(const std::filesystem::path& cgroup) {
    std::uint64_t limit = 0;
    std::uint64_t current = 0;
    std::ifstream{cgroup / "memory.max"} >> limit;
    std::ifstream{cgroup / "memory.current"} >> current;
    if (limit == 0)
        return MemoryBudget::unlimited;  // "max", or no such controller
    const std::uint64_t cache = page_cache_bytes(cgroup);
    const std::uint64_t held = (current > cache ? current - cache : 0) + cgroup_margin_bytes;
    return limit > held ? limit - held : 0;
}

}  // namespace

MemoryBudget::MemoryBudget(std::uint64_t limit_bytes, std::vector<std::filesystem::path> cgroups)
    : limit_bytes_(limit_bytes), cgroups_(std::move(cgroups)) {}

void MemoryBudget::take(std::uint64_t bytes, int fd, std::uint64_t heap_bytes) {
    const std::uint64_t largest = std::max(largest_heap_bytes_, heap_bytes);
    const std::uint64_t needed = bytes + (leaves_room_ ? bytes_to_copy(largest) : 0);
    if (used_bytes_ > limit_bytes_ || bytes > limit_bytes_ - used_bytes_)
        throw NoMemory("the memory limit of " + std::to_string(limit_bytes_) + " bytes is reached");
    if (needed > free_bytes_of_file_system(fd))
        throw NoMemory("the file system of the shared memory is full");
    for (const auto& cgroup : cgroups_)
        if (needed > free_bytes_of_cgroup(cgroup))
            throw NoMemory("the memory limit of the control group " + cgroup.string() + " is reached");
    used_bytes_ += bytes;
    largest_heap_bytes_ = largest;
}

MemoryBudget MemoryBudget::for_copy() const {
    MemoryBudget same{unlimited, cgroups_};
    same.leaves_room_ = false;
    return same;
}

std::vector<std::filesystem::path> MemoryBudget::own_cgroups() {
    const std::filesystem::path root = "/sys/fs/cgroup";
    std::vector<std::filesystem::path> found;
    std::ifstream lines{"/proc/self/cgroup"};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("0::/"))
            continue;
        for (auto path = std::filesystem::path{line.substr(4)};; path = path.parent_path()) {
            if (std::filesystem::exists(root / path / "memory.max"))
                found.push_back(root / path);
            if (!path.has_relative_path())  // the root, which has a limit where a container sees its own group there
                break;
        }
    }
    return found;
}

}  // namespace steward::shared
