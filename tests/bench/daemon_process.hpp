#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include <steward/manager.hpp>

namespace steward::bench {

/// A private daemon, for as long as the Manager or a proxy of it lives.
Manager start_daemon(std::vector<std::string> arguments = {});

pid_t pid_of_daemon(const Manager&);

/// All memory that the daemon has from the system, its own and that of the objects.
std::uint64_t memory_bytes(const Manager&);

/// The memory that a process has to itself, shared mappings not counted.
std::uint64_t private_bytes(pid_t);

}  // namespace steward::bench
