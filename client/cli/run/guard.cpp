#include "client/cli/run/guard.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

#include "client/cli/failure.hpp"
#include "client/cli/outer_session.hpp"
#include "client/cli/run/descendants.hpp"
#include "client/cli/run/program.hpp"

namespace steward::cli {
namespace {

constexpr int killed = signal_status + SIGKILL;

void release(Claim& claim, int exit_code) {
    try {
        claim.release(exit_code);
    } catch (const std::exception& error) {
        throw Failure(ExitStatus::lock_lost,
                      claim.name() + " could not be given back after the command had ended: " + error.what());
    }
}

}  // namespace

Guard::Guard(const GuardedRun& run, const sigset_t& signal_mask, int supervisor, int started)
    : run_(run), signal_mask_(signal_mask), supervisor_(supervisor), started_(started), process_group_(::getpgrp()) {
    ::setpgid(0, 0);
    adopt_orphans();
}

int Guard::run() {
    end_with_supervisor(true);
    ::sigprocmask(SIG_SETMASK, &signal_mask_, nullptr);
    const auto claim = run_.claim();
    const auto exit_code = run_program(*claim);
    release(*claim, exit_code);
    return exit_code;
}

/// While the guard waits for the claim there is nothing to clean up, and it may be killed with `steward run`.
void Guard::end_with_supervisor(bool wanted) const {
    ::prctl(PR_SET_PDEATHSIG, wanted ? static_cast<unsigned long>(SIGKILL) : 0UL);
    if (supervisor_ended())
        ::_exit(killed);
}

bool Guard::supervisor_ended() const {
    pollfd ended{supervisor_, POLLIN, 0};
    return ::poll(&ended, 1, 0) > 0;
}

int Guard::run_program(Claim& claim) {
    SignalFd signals;
    end_with_supervisor(false);
    auto environment = claim.environment();
    environment.emplace(session_variable, session_text(run_.daemon.session(), run_.daemon.socket()));
    program_ = start({run_.program, std::move(environment), process_group_, signal_mask_});
    ::eventfd_write(started_, 1);
    return watch(claim, signals);
}

int Guard::watch(Claim& claim, SignalFd& signals) {
    LossWatch loss(claim);
    while (reap()) {
        std::array<pollfd, 3> ready{{{signals.get(), POLLIN, 0}, {supervisor_, POLLIN, 0}, {loss.fd(), POLLIN, 0}}};
        ::poll(ready.data(), ready.size(), -1);
        pass_on(signals);
        if (ready[1].revents != 0) {
            kill_descendants();
            return killed;
        }
        if (ready[2].revents != 0) {
            kill_descendants();
            throw Failure(ExitStatus::lock_lost,
                          claim.name() + " was lost: " + loss.reason() + "; the command was killed");
        }
    }
    return exit_code_;
}

/// To the program; where it has ended and left others behind, to those.
void Guard::pass_on(SignalFd& signals) const {
    while (const auto signal = signals.next()) {
        const auto number = static_cast<int>(signal->ssi_signo);
        if (number == SIGCHLD)
            continue;
        if (program_ != 0)
            ::kill(program_, number);
        else
            signal_children(number);
    }
}

/// Takes note of who has ended; false when no descendant is left.
bool Guard::reap() {
    int status = 0;
    pid_t child = 0;
    while ((child = ::waitpid(-1, &status, WNOHANG)) > 0) {
        if (child != program_)
            continue;
        exit_code_ = exit_code_of(status);
        program_ = 0;
    }
    return child == 0 || errno == EINTR;
}

}  // namespace steward::cli
