#pragma once

#include <signal.h>
#include <sys/types.h>

#include "client/cli/run/guarded_run.hpp"
#include "client/cli/run/loss_watch.hpp"
#include "client/cli/run/signal_fd.hpp"

namespace steward::cli {

/// The process that owns the claim and every descendant of the program; see guarded_run.hpp.
class Guard {
  public:
    /// `supervisor` is the pidfd of `steward run`; `started` is an eventfd that is told when the program has started.
    /// Until then a signal that `signal_mask` lets through ends the guard as it would end any process.
    Guard(const GuardedRun& run, const sigset_t& signal_mask, int supervisor, int started);

    /// Takes the claim, runs the program, gives the claim back. Returns the program's exit code.
    int run();

  private:
    void end_with_supervisor(bool wanted) const;
    bool supervisor_ended() const;
    int run_program(Claim& claim);
    int watch(Claim& claim, SignalFd& signals);
    void pass_on(SignalFd& signals) const;
    bool reap();

    const GuardedRun& run_;
    sigset_t signal_mask_;  ///< that `steward run` was started with
    int supervisor_;
    int started_;
    pid_t process_group_;  ///< of `steward run`
    pid_t program_ = 0;    ///< 0 when it does not run
    int exit_code_ = 0;    ///< of the program, once it has ended
};

}  // namespace steward::cli
