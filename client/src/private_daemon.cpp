#include "client/src/private_daemon.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "client/src/process.hpp"

extern char** environ;

namespace steward::detail {
namespace {

/// How long a daemon that was told to end may take before it is killed.
constexpr int patience_ms = 5000;

[[noreturn]] void throw_cannot_start(const std::string& what, int reason) {
    throw Error(errc::not_connected,
                "a private daemon cannot be started: " + what + ": " + std::generic_category().message(reason));
}

std::filesystem::path make_private_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "steward-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        throw_cannot_start(pattern, errno);
    return pattern;
}

shared::UniqueFd open_process(pid_t pid) {
    return shared::UniqueFd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

/// A path, or a bare name that is looked for on the PATH.
std::filesystem::path find_daemon(const std::filesystem::path& explicit_path) {
    if (!explicit_path.empty())
        return explicit_path;
    if (const char* path = std::getenv("STEWARDD"); path != nullptr && *path != '\0')
        return path;
    std::error_code unreadable;
    const auto beside = std::filesystem::read_symlink("/proc/self/exe", unreadable).replace_filename("stewardd");
    return std::filesystem::exists(beside, unreadable) ? beside : "stewardd";
}

/// Keeps two descriptors open for the program to come, and gives it signals as a new process has them. It is a process
/// group of its own: an interrupt from the terminal is for the program, which may want to end in order.
class SpawnPlan {
  public:
    SpawnPlan(int owner, int ready) {
        posix_spawn_file_actions_init(&files_);
        posix_spawn_file_actions_adddup2(&files_, owner, owner);  // to itself: no longer closed on exec
        posix_spawn_file_actions_adddup2(&files_, ready, ready);
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_init(&attributes_);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&files_);
        posix_spawnattr_destroy(&attributes_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    /// 0, or why not.
    int spawn(pid_t& pid, std::vector<std::string>& arguments) const {
        std::vector<char*> pointers;
        for (auto& argument : arguments)
            pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        return posix_spawnp(&pid, pointers[0], &files_, &attributes_, pointers.data(), environ);
    }

  private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

/// Of a child of this process, unless somebody else has asked for its end before.
std::optional<siginfo_t> await_end(int process) {
    siginfo_t end{};
    for (;;) {
        if (waitid(P_PIDFD, static_cast<id_t>(process), &end, WEXITED) == 0)
            return end;
        if (errno != EINTR)
            return std::nullopt;
    }
}

std::string end_of(int process) {
    const auto end = await_end(process);
    if (!end)
        return "it ended";
    return end->si_code == CLD_EXITED ? "it ended with exit code " + std::to_string(end->si_status)
                                      : "it was ended by signal " + std::to_string(end->si_status);
}

/// By its descriptor: its number may be another process's, where this program does not wait for its children itself.
void send_signal(int process, int signal) noexcept {
    syscall(SYS_pidfd_send_signal, process, signal, nullptr, 0);
}

}  // namespace

PrivateDaemon::PrivateDaemon(const StartOptions& options)
    : generation_(process_generation()), folder_(make_private_folder()), socket_(folder_ / "steward.sock") {
    try {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0)
            throw_cannot_start("pipe", errno);
        const shared::UniqueFd reading(ends[0]);
        shared::UniqueFd writing(ends[1]);
        const auto owner = open_process(getpid());
        if (!owner)
            throw_cannot_start("pidfd_open", errno);
        spawn(options, owner.get(), writing.get());
        writing = shared::UniqueFd();  // so that its end is seen
        wait_until_it_serves(reading.get(), options.start_timeout);
    } catch (...) {
        end();
        throw;
    }
}

PrivateDaemon::~PrivateDaemon() {
    if (generation_ == process_generation())
        end();
}

void PrivateDaemon::spawn(const StartOptions& options, int owner, int ready) {
    std::vector<std::string> arguments{find_daemon(options.daemon).string(),
                                       "--private",
                                       "--socket",
                                       socket_.string(),
                                       "--owner-fd",
                                       std::to_string(owner),
                                       "--ready-fd",
                                       std::to_string(ready)};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    const auto is_level = [](const std::string& argument) { return argument.starts_with("--log-level"); };
    if (std::none_of(options.arguments.begin(), options.arguments.end(), is_level))
        arguments.insert(arguments.end(), {"--log-level", "warn"});
    pid_t pid = 0;
    if (const int reason = SpawnPlan(owner, ready).spawn(pid, arguments); reason != 0)
        throw_cannot_start(arguments[0], reason);
    process_ = open_process(pid);
    if (!process_)
        throw_cannot_start("pidfd_open", errno);  // it ends by itself, as this program has closed its end of the pipe
}

void PrivateDaemon::wait_until_it_serves(int ready, std::chrono::nanoseconds timeout) {
    using std::chrono::steady_clock;
    const auto deadline = steady_clock::now() + timeout;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
        pollfd polled{ready, POLLIN, 0};
        const int count = poll(&polled, 1, static_cast<int>(std::clamp<long long>(left, 0, patience_ms)));
        if (count > 0)
            break;
        if (count == 0 && left <= 0)
            throw Error(errc::not_connected,
                        "the private daemon has not got ready at " + socket_.string() + " in time (start_timeout)");
    }
    char byte = 0;
    if (::read(ready, &byte, 1) == 1)
        return;
    throw Error(errc::not_connected, "the private daemon does not serve: " + end_of(process_.get()));
}

void PrivateDaemon::end() noexcept {
    if (process_) {
        send_signal(process_.get(), SIGTERM);
        pollfd ended{process_.get(), POLLIN, 0};
        while (poll(&ended, 1, patience_ms) < 0 && errno == EINTR) {
        }
        if ((ended.revents & POLLIN) == 0)
            send_signal(process_.get(), SIGKILL);
        await_end(process_.get());
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

}  // namespace steward::detail
