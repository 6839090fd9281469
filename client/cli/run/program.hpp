#pragma once

#include <signal.h>
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace steward::cli {

/// The command that `run` starts.
struct Program {
    std::vector<std::string> arguments;              ///< its name first; looked up in $PATH
    std::map<std::string, std::string> environment;  ///< added to that of this process
    pid_t process_group = 0;                         ///< in which a terminal's signals reach it
    sigset_t signal_mask{};
};

/// Starts it as a child that is killed when this process ends. Where it cannot be executed the child says so and ends
/// with 126, or 127 where it does not exist. Call it while the process has one thread.
pid_t start(const Program& program);

/// What a shell would say of a process that waitpid() described: its exit code, or 128 and the signal's number.
int exit_code_of(int wait_status);

}  // namespace steward::cli
