#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "shared/domain.hpp"

namespace steward::daemon {

/// One line of the record: whose memory is in which files.
struct RecordedDomain {
    uid_t uid = 0;
    shared::DomainFiles files;
    /// A heap that is to be removed: the copy that is being made of this one, or the one that it is a copy of. Empty:
    /// there is none.
    std::string leftover = {};
};

/// The record beside the socket, in the order of the domains' numbers. A line of text each: `UID HEAP WORDS` or
/// `UID HEAP WORDS LEFTOVER`, below a first line with the version of the format and the boot of the machine. The record
/// may be kept over a reboot, the memory is not.
///
/// Reading: empty where there is no file, or one of another boot; throws shared::DomainError where it is not ours or
/// not understood.
std::vector<RecordedDomain> read_domain_record(const std::filesystem::path&);

/// Replaces the record by one rename. Throws std::system_error.
void write_domain_record(const std::filesystem::path&, const std::vector<RecordedDomain>&);

}  // namespace steward::daemon
