#pragma once

#include <signal.h>
#include <sys/signalfd.h>

#include <optional>

#include "shared/unique_fd.hpp"

namespace steward::cli {

/// Takes SIGCHLD and the signals that `run` passes on to its command (HUP, INT, QUIT, TERM, USR1, USR2) out of a
/// descriptor, for a loop that polls. They stay blocked when it is gone.
class SignalFd {
  public:
    SignalFd();

    /// The signals that were blocked before.
    const sigset_t& former_mask() const { return former_mask_; }

    int get() const { return fd_.get(); }

    /// The next signal that has come, or nothing.
    std::optional<signalfd_siginfo> next();

  private:
    sigset_t former_mask_{};
    shared::UniqueFd fd_;
};

}  // namespace steward::cli
