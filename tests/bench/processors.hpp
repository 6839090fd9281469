#pragma once

#include <sys/types.h>

namespace steward::bench {

/// From now on this process and its children run on the processor that it is on.
void stay_on_this_processor();

void use_all_processors();

/// Sends a process (0: the calling one) to the processors that the calling one does not use; where there are no others,
/// it stays where it is.
void use_other_processors(pid_t process = 0);

}  // namespace steward::bench
