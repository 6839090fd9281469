#include "client/cli/run/descendants.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace steward::cli {
namespace {

std::optional<pid_t> number(const std::string& text) {
    pid_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || rest != end)
        return std::nullopt;
    return value;
}

/// From /proc/PID/stat: "PID (COMMAND) STATE PPID ...", where COMMAND may hold anything (proc(5)).
std::optional<pid_t> parent_of(const std::filesystem::path& process) {
    std::ifstream file(process / "stat");
    std::string stat;
    if (!std::getline(file, stat, '\0'))
        return std::nullopt;
    constexpr std::size_t state_length = 4;  // ") S "
    const auto state = stat.rfind(')');
    if (state == std::string::npos || state + state_length >= stat.size())
        return std::nullopt;
    const auto begin = state + state_length;
    return number(stat.substr(begin, stat.find(' ', begin) - begin));
}

/// Only children: until this process waits for them, their numbers cannot become those of others.
std::vector<pid_t> children() {
    std::vector<pid_t> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const auto pid = number(entry.path().filename());
        if (pid && parent_of(entry.path()) == ::getpid())
            found.push_back(*pid);
    }
    return found;
}

bool has_children() {
    siginfo_t ignored{};
    return ::waitid(P_ALL, 0, &ignored, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/// Waits until a child has ended, and for all that have.
void reap() {
    ::waitpid(-1, nullptr, 0);
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
}

}  // namespace

void adopt_orphans() {
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL) != 0)
        throw std::system_error(errno, std::generic_category(), "prctl(PR_SET_CHILD_SUBREAPER)");
}

void signal_children(int number) {
    for (const auto child : children())
        ::kill(child, number);
}

// A process that ends gives its children to the next who adopts before it can be waited for. So each round finds what
// the deaths of the round before brought up, and nothing is left when there is no child.
void kill_descendants() {
    while (has_children()) {
        signal_children(SIGKILL);
        reap();
    }
}

}  // namespace steward::cli
