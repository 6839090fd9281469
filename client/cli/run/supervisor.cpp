#include "client/cli/run/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <optional>
#include <string>

#include "client/cli/failure.hpp"
#include "client/cli/run/descendants.hpp"
#include "client/cli/run/program.hpp"
#include "client/cli/run/signal_fd.hpp"

namespace steward::cli {
namespace {

bool has_started(int started) {
    pollfd ready{started, POLLIN, 0};
    return ::poll(&ready, 1, 0) > 0;
}

bool came_from_terminal(const signalfd_siginfo& signal) {
    return signal.ssi_code == SI_KERNEL;
}

/// What the terminal sends, it sends to the program too, which is in the same process group; but not to the guard,
/// which a signal ends as long as it waits for its turn.
void pass_signals_on(SignalFd& signals, pid_t guard, int started) {
    while (const auto signal = signals.next()) {
        const auto number = static_cast<int>(signal->ssi_signo);
        if (number != SIGCHLD && !(came_from_terminal(*signal) && has_started(started)))
            ::kill(guard, number);
    }
}

std::optional<int> ended(pid_t guard) {
    int status = 0;
    if (::waitpid(guard, &status, WNOHANG) != guard)
        return std::nullopt;
    return status;
}

int wait_for_end(pid_t guard, SignalFd& signals, int started) {
    while (true) {
        if (const auto status = ended(guard))
            return *status;
        pollfd ready{signals.get(), POLLIN, 0};
        ::poll(&ready, 1, -1);
        pass_signals_on(signals, guard, started);
    }
}

}  // namespace

int supervise(pid_t guard, SignalFd& signals, int started) {
    const auto status = wait_for_end(guard, signals, started);
    kill_descendants();
    if (WIFSIGNALED(status) && has_started(started))
        throw Failure(ExitStatus::lock_lost, "the guard (pid " + std::to_string(guard) + ") was killed by signal " +
                                                 std::to_string(WTERMSIG(status)) +
                                                 ", and so the lock is lost and the command was killed");
    return exit_code_of(status);
}

}  // namespace steward::cli
