#pragma once

#include "daemon/log_output.hpp"
#include "daemon/options.hpp"

namespace steward::daemon {

/// A process that dies of SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT (such as the watchdog of systemd sends) from now
/// on leaves a report in the log first: the signal, where, the stack, the last requests without what they carry. Then
/// it dies of the same signal. A signal that something else handles already (a sanitizer) is left to that. The report
/// is written on a stack of its own, takes no locks and no memory, and gives up where nobody reads it for a second.
///
/// `output` must live as long as the process.
void report_crashes(LogOutput& output, LogFormat format);

}  // namespace steward::daemon
