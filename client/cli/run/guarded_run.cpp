#include "client/cli/run/guarded_run.hpp"

#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "client/cli/run/descendants.hpp"
#include "client/cli/run/guard.hpp"
#include "client/cli/run/signal_fd.hpp"
#include "client/cli/run/supervisor.hpp"
#include "shared/unique_fd.hpp"

namespace steward::cli {
namespace {

shared::UniqueFd opened(long fd, const char* call) {
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(), call);
    return shared::UniqueFd(static_cast<int>(fd));
}

}  // namespace

int run_guarded(const GuardedRun& run) {
    adopt_orphans();
    // By number, since glibc 2.36 declares pidfd_open() without C linkage.
    const auto supervisor = opened(::syscall(SYS_pidfd_open, ::getpid(), 0U), "pidfd_open");
    const auto started = opened(::eventfd(0, EFD_CLOEXEC), "eventfd");
    SignalFd signals;

    const auto guard = ::fork();
    if (guard < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (guard == 0)
        return Guard(run, signals.former_mask(), supervisor.get(), started.get()).run();
    return supervise(guard, signals, started.get());
}

}  // namespace steward::cli
