#pragma once

#include <sys/types.h>

#include <cstdint>
#include <limits>
#include <optional>

#include "client/cli/doctor/finding.hpp"

namespace steward::cli::doctor {

inline constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

/// Descriptors of a process: how many it has, and how many it may have.
struct Descriptors {
    std::uint64_t open = 0;
    std::uint64_t most = unlimited;
};

/// Those of programs that are started as this one is.
Finding judge_own(const Descriptors&, std::uint64_t most_address_space_bytes, std::uint64_t memory_limit_bytes);

/// Those of the daemon: one for each connection, and one for each process that has any.
Finding judge_daemons(const Descriptors&);

/// `memory_limit_bytes`: of the daemon; 0: none answers.
Finding look_at_own_limits(std::uint64_t memory_limit_bytes);

/// Only root and the user that the daemon runs as see its limits. The number that it has for itself may be that of
/// another process here, where it runs in a container: `listener`, whom the kernel calls so, or systemd, tells.
Finding look_at_limits_of(pid_t daemon, pid_t listener);

}  // namespace steward::cli::doctor
