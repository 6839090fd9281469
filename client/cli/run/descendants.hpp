#pragma once

namespace steward::cli {

/// From now on processes whose parent ends become children of this process, if they descend from it: so all its
/// descendants are in its reach, however they were started (prctl(2), PR_SET_CHILD_SUBREAPER).
void adopt_orphans();

/// Sends a signal to the children of this process.
void signal_children(int number);

/// Kills every descendant and returns when the last has ended. Needs adopt_orphans() before they were started. What
/// this user may not kill (a set-user-ID program) is waited for.
void kill_descendants();

}  // namespace steward::cli
