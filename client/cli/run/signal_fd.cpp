#include "client/cli/run/signal_fd.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace steward::cli {
namespace {

sigset_t watched_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int number : {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2})
        ::sigaddset(&signals, number);
    return signals;
}

}  // namespace

SignalFd::SignalFd() {
    const auto signals = watched_signals();
    ::sigprocmask(SIG_BLOCK, &signals, &former_mask_);
    fd_ = shared::UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd_)
        throw std::system_error(errno, std::generic_category(), "signalfd");
}

std::optional<signalfd_siginfo> SignalFd::next() {
    signalfd_siginfo signal{};
    if (::read(fd_.get(), &signal, sizeof signal) != sizeof signal)
        return std::nullopt;
    return signal;
}

}  // namespace steward::cli
