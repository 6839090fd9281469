#pragma once

#include <sys/types.h>

#include "shared/unique_fd.hpp"

namespace steward::bench {

/// Tells whether a process sleeps, as the kernel sees it.
class Sleeper {
  public:
    /// Throws std::system_error.
    explicit Sleeper(pid_t);

    bool is_asleep() const;

  private:
    shared::UniqueFd stat_;
};

}  // namespace steward::bench
