#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <system_error>

namespace steward::tests {
namespace {

shared::UniqueFd pidfd_of(pid_t pid) {
    return shared::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

[[noreturn]] void run(const std::function<int()>& body) {
    try {
        ::_exit(body());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "a test's child process failed: %s\n", error.what());
    }
    ::_exit(255);
}

}  // namespace

ChildProcess::ChildProcess(const std::function<int()>& body) : pid_(::fork()) {
    if (pid_ < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (pid_ == 0)
        run(body);
    process_ = pidfd_of(pid_);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(other.pid_), process_(std::move(other.process_)), exit_code_(other.exit_code_) {
    other.exit_code_ = 0;  // it is this one's now
}

ChildProcess::~ChildProcess() {
    if (ended())
        return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

bool ChildProcess::has_ended() const {
    return ended() || becomes_readable(process_.get(), std::chrono::milliseconds(0));
}

void ChildProcess::send(int signal_number) const {
    ::kill(pid_, signal_number);
}

void ChildProcess::kill() {
    send(SIGKILL);
    wait();
}

int ChildProcess::wait(std::chrono::milliseconds limit) {
    if (exit_code_)
        return *exit_code_;
    if (!becomes_readable(process_.get(), limit))
        throw std::runtime_error("process " + std::to_string(pid_) + " does not end");
    int status = 0;
    ::waitpid(pid_, &status, 0);
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return *exit_code_;
}

bool process_ends(pid_t process) {
    const auto fd = pidfd_of(process);
    return !fd || becomes_readable(fd.get());
}

Gate::Gate() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
    read_end_ = shared::UniqueFd(ends[0]);
    write_end_ = shared::UniqueFd(ends[1]);
}

void Gate::open() const {
    if (::write(write_end_.get(), "\n", 1) != 1)
        throw std::system_error(errno, std::generic_category(), "a gate cannot be opened");
}

void Gate::pass() const {
    char byte = 0;
    if (!becomes_readable(read_end_.get()) || ::read(read_end_.get(), &byte, 1) != 1)
        throw std::runtime_error("nobody opened the gate");
}

bool becomes_readable(int fd, std::chrono::milliseconds limit) {
    pollfd awaited{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&awaited, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace steward::tests
