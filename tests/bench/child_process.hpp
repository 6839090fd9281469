#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace steward::bench {

/// Where a program is found on the PATH; nothing where it is not installed.
std::optional<std::filesystem::path> find_program(const std::string& name);

/// A child that is ended, by SIGTERM, with this object or with this process. Not copied, not moved.
class ChildProcess {
  public:
    /// Runs `body` in a fork of this process. Throws std::system_error.
    explicit ChildProcess(const std::function<void()>& body);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return pid_; }

  private:
    pid_t pid_;
};

/// For a child's body: becomes that program, with standard input and output if they are given (-1: nothing).
[[noreturn]] void run_program(const std::vector<std::string>& command, int input = -1, int output = -1);

}  // namespace steward::bench
