#pragma once

#include <string>

#include "client/cli/doctor/finding.hpp"

namespace steward::cli::doctor {

/// What the daemon and the library use of the kernel where it is there.
struct KernelFeatures {
    std::string release;
    bool pidfd_open = true;    ///< Linux 5.3
    bool peer_pidfd = true;    ///< SO_PEERPIDFD, Linux 6.5
    bool memfd_create = true;  ///< Linux 3.17
    bool boot_id = true;
};

Finding judge(const KernelFeatures&);

/// Tries each.
KernelFeatures look_at_kernel();

}  // namespace steward::cli::doctor
