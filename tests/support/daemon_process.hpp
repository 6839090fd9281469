#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::tests {

/// How a program ended, and what it said on standard error.
struct ProgramOutcome {
    int exit_code = 0;
    std::string errors;
};

/// Runs the real `stewardd` to its end: for what it refuses to do.
ProgramOutcome run_stewardd(const std::vector<std::string>& arguments);

/// The real `stewardd` on a socket in a fresh folder of its own, serving from the constructor on.
///
///     DaemonProcess daemon({"--memory-limit", "64mb"});
///     RawClient client(daemon.socket());
///
/// The destructor kills it and removes its memory and its folder.
class DaemonProcess {
  public:
    struct Settings {
        std::vector<std::string> arguments = {};           ///< options beside --socket, --log-level and --ready-fd
        std::vector<std::string> environment = {};         ///< "NAME=VALUE", beside that of the test
        std::function<void()> before_exec = {};            ///< runs in the child: limits, namespaces
        std::optional<std::filesystem::path> socket = {};  ///< none: `steward.sock` in a fresh folder
        std::filesystem::path program = STEWARDD_PATH;
    };

    explicit DaemonProcess(std::vector<std::string> arguments = {});
    explicit DaemonProcess(Settings settings);
    DaemonProcess(const DaemonProcess&) = delete;
    DaemonProcess& operator=(const DaemonProcess&) = delete;
    ~DaemonProcess();

    std::string socket() const { return socket_.string(); }
    const std::filesystem::path& folder() const { return folder_.path(); }
    pid_t pid() const { return process_->pid(); }

    /// Whether this run of the tests has daemons that share no memory with their clients, so that all goes over the
    /// socket ($STEWARD_TEST_SHARES_NOTHING).
    static bool shares_nothing();

    /// Starts it again, on the same socket and memory, after it has ended.
    void start();

    void kill() { process_->kill(); }

    /// SIGSTOP, and waits until it has stopped; SIGCONT.
    void stop() const;
    void go_on() const;

    /// SIGTERM, and waits for the end. Returns the exit code.
    int terminate();

    /// Waits for the end. Returns the exit code, or 128 and the number of the signal that ended it.
    int wait() { return process_->wait(); }

    /// What it has written to standard error, over all its starts.
    std::string errors() const;

    /// The record beside the socket that names its memory files; the files where it says so.
    std::filesystem::path memory_record() const;
    std::vector<std::filesystem::path> memory_files() const;

  private:
    TemporaryFolder folder_;
    Settings settings_;
    std::filesystem::path socket_;
    std::optional<ChildProcess> process_;
};

}  // namespace steward::tests
