#pragma once

#include "daemon/options.hpp"

namespace steward::daemon {

/// Sends the log to standard error, as text or as one JSON object a line.
void set_up_logging(const Options&);

}  // namespace steward::daemon
