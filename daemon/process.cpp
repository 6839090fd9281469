#include "daemon/process.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "daemon/utf8.hpp"

namespace steward::daemon {
namespace {

constexpr int peer_pidfd_option = 77;  // SO_PEERPIDFD, Linux 6.5; missing in older headers, asked for at run time

std::vector<gid_t> groups_of(int socket) {
    std::vector<gid_t> groups(64);
    for (;;) {
        auto size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        const int outcome = ::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size);
        if (outcome != 0 && errno != ERANGE)
            return {};
        groups.resize(size / sizeof(gid_t));
        if (outcome == 0)
            return groups;
    }
}

/// Of the very process that connected; pidfd_open by number may find another one of the same number, which
/// `Process::start_time` and the kernel's report of its end then tell apart only from now on.
shared::UniqueFd peer_pidfd_of(int socket, pid_t pid) {
    int fd = -1;
    socklen_t size = sizeof fd;
    if (::getsockopt(socket, SOL_SOCKET, peer_pidfd_option, &fd, &size) == 0)
        return shared::UniqueFd(fd);
    if (pid <= 0)
        return {};
    auto opened = pidfd_of(pid);
    // A process that has ended already, or that could be watched but for a shortage, must not hold anything unwatched.
    if (!opened && errno != ENOSYS && errno != EPERM)
        throw std::system_error(errno, std::generic_category(), "pid " + std::to_string(pid) + " cannot be watched");
    return opened;
}

std::string contents_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string command_of(pid_t pid) {
    constexpr std::size_t longest = 200;
    auto command = contents_of("/proc/" + std::to_string(pid) + "/cmdline");
    while (!command.empty() && command.back() == '\0')
        command.pop_back();
    std::ranges::replace(command, '\0', ' ');
    if (command.empty())
        command = contents_of("/proc/" + std::to_string(pid) + "/comm");
    std::erase_if(command, [](char letter) { return static_cast<unsigned char>(letter) < 0x20; });
    if (command.size() > longest)
        command.resize(longest);
    return command;
}

/// The path of the unified hierarchy, `0::/...`, up to the end of its line.
std::string_view unified_path_in(std::string_view cgroups) {
    constexpr std::string_view mark = "0::";
    while (!cgroups.empty()) {
        const auto line = cgroups.substr(0, cgroups.find('\n'));
        if (line.starts_with(mark))
            return line.substr(mark.size());
        cgroups.remove_prefix(std::min(cgroups.size(), line.size() + 1));
    }
    return {};
}

bool is_unit(std::string_view name) {
    return name.ends_with(".service") || name.ends_with(".scope") || name.ends_with(".slice");
}

std::string_view unit_of(std::string_view path) {
    for (auto rest = path; !rest.empty();) {
        const auto slash = rest.rfind('/');
        const auto name = rest.substr(slash == std::string_view::npos ? 0 : slash + 1);
        if (is_unit(name))
            return name;
        rest.remove_suffix(std::min(rest.size(), name.size() + 1));
    }
    return path;
}

}  // namespace

std::string unit_in(std::string_view cgroups) {
    constexpr std::size_t longest = 200;
    const auto unit = unit_of(unified_path_in(cgroups)).substr(0, longest);
    return unit == "/" ? std::string() : as_utf8(unit);
}

shared::UniqueFd pidfd_of(pid_t pid) {
    return shared::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

/// proc(5): the 22nd field of stat; the second is in parentheses and may hold anything.
std::uint64_t start_time_of(pid_t pid) {
    const auto stat = contents_of("/proc/" + std::to_string(pid) + "/stat");
    const auto behind_name = stat.rfind(')');
    if (behind_name == std::string::npos)
        return 0;
    std::istringstream fields(stat.substr(behind_name + 1));
    std::string skipped;
    for (int field = 3; field < 22; ++field)
        fields >> skipped;
    std::uint64_t start_time = 0;
    fields >> start_time;
    return start_time;
}

Credentials credentials_of(int socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        throw std::system_error(errno, std::generic_category(), "SO_PEERCRED");
    Credentials credentials;
    credentials.pid = peer.pid;
    credentials.uid = peer.uid;
    credentials.gid = peer.gid;
    credentials.groups = groups_of(socket);
    credentials.pidfd = peer_pidfd_of(socket, peer.pid);
    return credentials;
}

bool Process::ended() const {
    if (!pidfd)
        return false;
    pollfd watched{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
    return ::poll(&watched, 1, 0) == 1;
}

std::shared_ptr<Process> Processes::of(Credentials& credentials) {
    const bool identified = credentials.pid > 0;  // 0: a process of another pid namespace
    if (identified) {
        if (auto known = by_pid_[credentials.pid].lock(); known && known->pidfd && !known->ended())
            return known;
    }
    if (identified)
        return add(credentials.pid, std::move(credentials.pidfd));
    auto unknown = std::make_shared<Process>();
    unknown->pidfd = std::move(credentials.pidfd);
    return unknown;
}

std::shared_ptr<Process> Processes::add(pid_t pid, shared::UniqueFd pidfd) {
    auto process = std::make_shared<Process>();
    process->pid = pid;
    process->pidfd = std::move(pidfd);
    process->start_time = start_time_of(pid);
    process->command = command_of(pid);
    process->unit = unit_in(contents_of("/proc/" + std::to_string(pid) + "/cgroup"));
    by_pid_[pid] = process;
    forget_expired();
    return process;
}

/// The pidfd comes first: where the process that it is of has not ended by the time that the start time has been read,
/// that was the start time of the same.
std::shared_ptr<Process> Processes::find_living(pid_t pid, std::uint64_t start_time) {
    if (pid <= 0 || start_time == 0)
        return nullptr;
    auto process = by_pid_[pid].lock();
    if (!process || process->ended()) {
        auto pidfd = pidfd_of(pid);
        if (!pidfd || start_time_of(pid) != start_time)
            return nullptr;
        process = add(pid, std::move(pidfd));
    }
    return process->start_time == start_time && !process->ended() ? process : nullptr;
}

void Processes::forget_expired() {
    if (by_pid_.size() < sweep_at_)
        return;
    std::erase_if(by_pid_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = std::max(smallest_sweep, 2 * by_pid_.size());
}

}  // namespace steward::daemon
