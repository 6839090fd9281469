#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "shared/unique_fd.hpp"

namespace steward::daemon {

/// Who is at the other end of a socket, as the kernel says it and never as the client says.
struct Credentials {
    pid_t pid = 0;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    shared::UniqueFd pidfd;  ///< none where the kernel cannot give one
};

/// Throws std::system_error where the socket has no peer any more, or there is no descriptor left to watch it.
Credentials credentials_of(int socket);

/// None, with errno, where there is no such process or it cannot be watched.
shared::UniqueFd pidfd_of(pid_t pid);

/// Clock ticks since boot, from /proc/PID/stat; 0: unknown.
std::uint64_t start_time_of(pid_t pid);

/// From the contents of /proc/PID/cgroup (cgroups(7)): the systemd unit, which is the last part of the path that ends
/// in .service, .scope or .slice, or the whole path where there is none. Empty where there is no unified hierarchy.
/// Bytes that are no UTF-8 become U+FFFD.
std::string unit_in(std::string_view cgroups);

/// One incarnation of a process: a pid alone may be somebody else's tomorrow, its pidfd and start time may not.
struct Process {
    pid_t pid = 0;
    std::uint64_t start_time = 0;  ///< clock ticks since boot, from /proc/PID/stat; 0: unknown
    std::string command;           ///< command line, as it was when the process came
    std::string unit;              ///< systemd unit or cgroup, as it was when the process came; empty: unknown
    shared::UniqueFd pidfd;        ///< readable when the process has ended; none: it cannot be watched

    bool ended() const;
};

/// The processes that have sessions, each with one pidfd however many connections it makes.
class Processes {
  public:
    /// The process of these credentials. It is kept as long as a session holds it.
    std::shared_ptr<Process> of(Credentials& credentials);

    /// That incarnation of a process, where it still lives and can be watched; null where not.
    std::shared_ptr<Process> find_living(pid_t pid, std::uint64_t start_time);

  private:
    static constexpr std::size_t smallest_sweep = 1024;

    std::shared_ptr<Process> add(pid_t pid, shared::UniqueFd pidfd);
    void forget_expired();

    std::unordered_map<pid_t, std::weak_ptr<Process>> by_pid_;
    std::size_t sweep_at_ = smallest_sweep;  ///< doubles with the table, so that a sweep costs O(1) a process
};

}  // namespace steward::daemon
