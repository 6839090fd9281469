#pragma once

#include <sys/types.h>

#include "client/cli/run/signal_fd.hpp"

namespace steward::cli {

/// What `steward run` itself does: waits for the guard, passes signals on to it, and kills what is left of the program
/// when the guard is killed. `started` is readable once the program has started. Returns the guard's exit code. Throws
/// Failure(lock_lost) where the guard was killed after the start.
int supervise(pid_t guard, SignalFd& signals, int started);

}  // namespace steward::cli
