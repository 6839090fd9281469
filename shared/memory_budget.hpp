#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace steward::shared {

/// How much memory all domains of a daemon may take together. Every byte of a heap or words file is taken from it
/// before it is asked of the kernel, so that full memory is a NoMemory and never a SIGBUS or the kernel's killer.
/// Used by one thread.
class MemoryBudget {
  public:
    static constexpr std::uint64_t unlimited = UINT64_MAX;

    /// `limit_bytes` is the daemon's own limit. `cgroups` are the folders whose memory.max counts too.
    explicit MemoryBudget(std::uint64_t limit_bytes = unlimited,
                          std::vector<std::filesystem::path> cgroups = own_cgroups());

    /// Takes `bytes` for the file `fd`, or throws NoMemory: above the limit, above what the file system of `fd` has
    /// free, or above what the cgroup has left without its page cache.
    void take(std::uint64_t bytes, int fd);
    /// For files that hold their memory already (attached ones): only counts.
    void count(std::uint64_t bytes) noexcept { used_bytes_ += bytes; }
    void give_back(std::uint64_t bytes) noexcept { used_bytes_ -= bytes; }

    std::uint64_t limit_bytes() const noexcept { return limit_bytes_; }
    void set_limit(std::uint64_t limit_bytes) noexcept { limit_bytes_ = limit_bytes; }
    std::uint64_t used_bytes() const noexcept { return used_bytes_; }

    /// The process's cgroup and those above it, from /proc/self/cgroup (version 2).
    static std::vector<std::filesystem::path> own_cgroups();

  private:
    std::uint64_t limit_bytes_;
    std::uint64_t used_bytes_ = 0;
    std::vector<std::filesystem::path> cgroups_;
};

}  // namespace steward::shared
