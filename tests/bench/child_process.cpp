#include "tests/bench/child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <system_error>

namespace steward::bench {
namespace {

void replace(int standard_fd, int fd, int flags) {
    ::dup2(fd >= 0 ? fd : ::open("/dev/null", flags | O_CLOEXEC), standard_fd);
}

}  // namespace

std::optional<std::filesystem::path> find_program(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (const auto program = std::filesystem::path(folder) / name; ::access(program.c_str(), X_OK) == 0)
            return program;
    return std::nullopt;
}

ChildProcess::ChildProcess(const std::function<void()>& body) : pid_(::fork()) {
    if (pid_ < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (pid_ > 0)
        return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    body();
    ::_exit(0);
}

ChildProcess::~ChildProcess() {
    ::kill(pid_, SIGTERM);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void run_program(const std::vector<std::string>& command, int input, int output) {
    replace(STDIN_FILENO, input, O_RDONLY);
    replace(STDOUT_FILENO, output, O_WRONLY);
    std::vector<char*> arguments;
    for (const auto& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
}

}  // namespace steward::bench
