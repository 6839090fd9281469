#pragma once

#include "daemon/log_output.hpp"
#include "daemon/options.hpp"

namespace steward::daemon {

/// Whether standard error is the journal of systemd (systemd.exec(5), $JOURNAL_STREAM).
bool logs_to_journal();

/// Sends the log to standard error, as text or as one JSON object a line; to
/// the journal text goes with its priority and without the time. Nothing waits for whoever reads it: lines
/// that are not read are kept, 64 KiB of them; what comes then is lost, and the log says later how many lines that
/// were.
void set_up_logging(const Options&);

/// Writes what is kept, as far as that goes without waiting, and says what was lost.
void settle_log();

/// Where the log goes.
LogOutput& log_output();

}  // namespace steward::daemon
