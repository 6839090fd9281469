#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/cli/run/claim.hpp"

namespace steward::cli {

struct GuardedRun {
    std::vector<std::string> program;
    Daemon& daemon;                                 ///< whose session the program is told of, for runs inside of it
    std::function<std::unique_ptr<Claim>()> claim;  ///< called in the guard, which so owns the session
};

/// Runs a program under a claim. Three processes take part:
///
///     steward run     passes signals on and waits for the guard
///       guard         owns the session and the claim, adopts every descendant of the program
///         program
///
/// The guard gives the claim back when the program's last descendant has ended. It kills them all when the claim is
/// lost or `steward run` ends in whatever way. When the guard is killed the program dies with it (a parent-death
/// signal), and `steward run`, which adopts the rest, kills those. Only where both are killed at once can a
/// descendant of the program outlive them.
///
/// The guard has a process group of its own, so that neither the terminal's Ctrl-C nor a kill of the group reaches it;
/// the program stays in that of `steward run`.
///
/// Returns, in both processes, the exit code that `steward run` shall end with. Throws Failure: lock_lost, and what the
/// claim throws. Call it while the process has one thread and no session.
int run_guarded(const GuardedRun& run);

}  // namespace steward::cli
