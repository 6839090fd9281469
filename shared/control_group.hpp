#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace steward::shared {

/// A control group that limits the memory of its processes (cgroups(7)), of version 2 or 1. The kernel gives nothing
/// above the limit: it kills.
class ControlGroup {
  public:
    static constexpr std::uint64_t unlimited = UINT64_MAX;

    explicit ControlGroup(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// The group of this process and those above it, as far as it sees them: all of them limit it.
    static std::vector<ControlGroup> own();

    const std::filesystem::path& folder() const noexcept { return folder_; }

    /// What its processes can still take. Pages of files on disk count as free: the kernel drops them to make room.
    std::uint64_t free_bytes() const;

  private:
    std::filesystem::path folder_;
};

}  // namespace steward::shared
