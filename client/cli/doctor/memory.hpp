#pragma once

#include <cstdint>
#include <optional>

#include "client/cli/doctor/finding.hpp"
#include "proto/daemon.hpp"

namespace steward::cli::doctor {

/// Where daemons have their memory.
inline constexpr const char* memory_folder = "/dev/shm";

/// Where the daemon's memory lies, and how much of it there is.
struct MemoryFigures {
    bool is_memory = true;                                ///< a tmpfs, and no disk
    std::optional<std::uint64_t> free_bytes;              ///< none: it cannot be seen
    std::optional<proto::daemon::Status::Result> status;  ///< none: no daemon answers
};

Finding judge(const MemoryFigures&);

/// Of this machine, or of this container.
MemoryFigures look_at_memory(std::optional<proto::daemon::Status::Result> status);

}  // namespace steward::cli::doctor
