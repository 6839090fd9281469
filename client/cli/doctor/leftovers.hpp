#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "client/cli/doctor/finding.hpp"

namespace steward::cli::doctor {

/// A file of a daemon's memory that no process has mapped and no record names.
struct Leftover {
    std::string path;
    std::uint64_t bytes = 0;
};

/// `in_use`: files that are none; `unseen`: those of other users.
Finding judge(const std::vector<Leftover>&, std::size_t in_use, std::size_t unseen = 0);

/// Memory files of this user, or of all where root asks, since nobody else sees who has them mapped. What the records
/// beside the socket name is kept for the next start of their daemon.
Finding look_for_leftovers(const std::filesystem::path& socket);

}  // namespace steward::cli::doctor
