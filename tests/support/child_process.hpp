#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>

#include "shared/unique_fd.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {

/// A process that the test made: a copy of the test itself that runs `body` and then ends with its value as exit
/// code. Killed, if it still runs, by the destructor.
class ChildProcess {
  public:
    explicit ChildProcess(const std::function<int()>& body);
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;
    ~ChildProcess();

    pid_t pid() const { return pid_; }
    bool ended() const { return exit_code_.has_value(); }

    /// The same, also where nobody has waited for that yet.
    bool has_ended() const;

    void send(int signal_number) const;

    /// Ends it by SIGKILL and waits for that.
    void kill();

    /// Waits for its end: its exit code, or 128 and the number of the signal that ended it. Throws where that does
    /// not come before the watchdog barks.
    int wait(std::chrono::milliseconds limit = watchdog);

  private:
    pid_t pid_ = 0;
    shared::UniqueFd process_;
    std::optional<int> exit_code_;
};

/// Waits until a process, of whomever it is a child, has ended; false where the watchdog barks first.
bool process_ends(pid_t process);

/// One way from one process to another: the one says when it is so far, the other waits for it.
class Gate {
  public:
    Gate();

    void open() const;

    /// Throws where nobody opens it before the watchdog barks.
    void pass() const;

  private:
    shared::UniqueFd read_end_;
    shared::UniqueFd write_end_;
};

/// Waits for input; false where the watchdog barks first.
bool becomes_readable(int fd, std::chrono::milliseconds limit = watchdog);

}  // namespace steward::tests
