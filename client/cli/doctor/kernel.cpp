#include "client/cli/doctor/kernel.hpp"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "shared/boot_id.hpp"
#include "shared/unique_fd.hpp"

namespace steward::cli::doctor {
namespace {

constexpr int peer_pidfd_option = 77;  // SO_PEERPIDFD, missing in older headers

bool has_pidfd_open() {
    const shared::UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    return static_cast<bool>(pidfd);
}

bool has_peer_pidfd() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return true;  // nothing is known
    const std::array owned{shared::UniqueFd(ends[0]), shared::UniqueFd(ends[1])};
    int pidfd = -1;
    socklen_t size = sizeof pidfd;
    const bool there = ::getsockopt(ends[0], SOL_SOCKET, peer_pidfd_option, &pidfd, &size) == 0;
    const shared::UniqueFd closed_again(pidfd);
    return there;
}

bool has_memfd_create() {
    const shared::UniqueFd file(::memfd_create("steward-doctor", MFD_CLOEXEC));
    return static_cast<bool>(file);
}

}  // namespace

Finding judge(const KernelFeatures& kernel) {
    Finding finding{"kernel", Verdict::good, "Linux " + kernel.release};
    const auto lacks = [&](const char* what) { finding.found += std::string("; no ") + what; };
    if (!kernel.peer_pidfd)
        lacks("SO_PEERPIDFD (of 6.5), so a client is known by its pid for a moment while it connects");
    if (!kernel.boot_id)
        lacks("boot id, so a daemon cannot tell memory of before a reboot by its record");
    if (!kernel.memfd_create)
        lacks("memfd_create(2), so the daemon does not start");
    if (!kernel.pidfd_open)
        lacks("pidfd_open(2), so a death is noticed only when the connection is closed, which a forked child may keep");
    if (!kernel.memfd_create || !kernel.pidfd_open || !kernel.boot_id) {
        finding.verdict = kernel.memfd_create ? Verdict::warning : Verdict::bad;
        finding.advice =
            "use Linux 5.3 or newer; in a container, let its filter of system calls pass these, and mount /proc";
    }
    return finding;
}

KernelFeatures look_at_kernel() {
    utsname names{};
    ::uname(&names);
    return {.release = names.release,
            .pidfd_open = has_pidfd_open(),
            .peer_pidfd = has_peer_pidfd(),
            .memfd_create = has_memfd_create(),
            .boot_id = !shared::boot_id().empty()};
}

}  // namespace steward::cli::doctor
