#include "client/cli/run/program.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <system_error>

#include "client/cli/exit_status.hpp"

namespace steward::cli {
namespace {

[[noreturn]] void fail_to_execute(const std::string& name, int error) {
    std::cerr << "steward: cannot run '" << name << "': " << std::strerror(error) << std::endl;
    const auto missing = error == ENOENT;
    ::_exit(static_cast<int>(missing ? ExitStatus::command_not_found : ExitStatus::cannot_execute));
}

[[noreturn]] void execute(const Program& program, pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(SIGKILL));
    if (::getppid() != parent)
        ::_exit(signal_status + SIGKILL);  // it ended before it was asked for
    ::setpgid(0, program.process_group);
    for (const auto& [name, value] : program.environment)
        ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> arguments;
    for (const auto& argument : program.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::sigprocmask(SIG_SETMASK, &program.signal_mask, nullptr);
    ::execvp(arguments.front(), arguments.data());
    fail_to_execute(program.arguments.front(), errno);
}

}  // namespace

pid_t start(const Program& program) {
    const auto parent = ::getpid();
    const auto child = ::fork();
    if (child < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0)
        execute(program, parent);
    return child;
}

int exit_code_of(int wait_status) {
    return WIFSIGNALED(wait_status) ? signal_status + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

}  // namespace steward::cli
