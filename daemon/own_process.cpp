#include "daemon/own_process.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

namespace steward::daemon {
namespace {

/// As many descriptors as the system allows: each connection needs one, each client process another.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// sched_setattr(2): struct sched_attr, which no header of the C library has.
struct SchedulingAttributes {
    std::uint32_t size = sizeof(SchedulingAttributes);
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime_ns = 0;
    std::uint64_t deadline_ns = 0;
    std::uint64_t period_ns = 0;
};

/// Where more processes want to run than there are processors, the daemon is to run for a short time soon and not for a
/// long time later: everybody waits for it. Linux 6.12 and later take the runtime of a normal process as the length of
/// its slices; earlier ones do not mind it.
void ask_for_short_slices() {
    SchedulingAttributes attributes;
    if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0 || attributes.policy != SCHED_OTHER)
        return;
    attributes.runtime_ns = 100'000;
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/// Whoever is started without them would open files of his own under their numbers, and print into those.
void open_standard_streams() {
    int opened = 0;
    do
        opened = ::open("/dev/null", O_RDWR);
    while (opened >= 0 && opened <= STDERR_FILENO);
    if (opened >= 0)
        ::close(opened);
}

/// Or the daemon could not open again what it has made.
void keep_the_rights_of_the_owner() {
    ::umask(::umask(0) & 0077);
}

/// What was allocated for one large message goes back to the system with it. By itself the allocator takes the largest
/// block that was ever freed, up to 32 MiB, for what is usual, and keeps twice as much from then on (mallopt(3)).
void give_back_freed_memory() {
    constexpr int large_bytes = 1 << 20;
    ::mallopt(M_MMAP_THRESHOLD, large_bytes);
    ::mallopt(M_TRIM_THRESHOLD, 2 * large_bytes);
}

}  // namespace

void prepare_own_process() {
    give_back_freed_memory();
    open_standard_streams();
    keep_the_rights_of_the_owner();
    raise_descriptor_limit();
    ask_for_short_slices();
    // What breaks a limit is refused with an error.
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);
    // It has no children, but for those that fall to the first process of a container: they end unseen.
    ::signal(SIGCHLD, SIG_IGN);
}

}  // namespace steward::daemon
