#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "shared/unique_fd.hpp"
#include "tests/support/child_process.hpp"

namespace steward::tests {

struct Outcome {
    int exit_code = -1;  ///< 128 and the signal's number where one ended it
    std::string out;
    std::string err;
};

/// The real `steward`, started with arguments, in a process group of its own as a shell would. Killed, if it still
/// runs, by the destructor.
class StewardProcess {
  public:
    StewardProcess(const std::string& socket, std::vector<std::string> arguments);

    pid_t pid() const { return process_.pid(); }
    void send(int signal_number) const { process_.send(signal_number); }

    /// The next line of its output without the newline. Throws where none comes.
    std::string read_line();

    /// The next line of its output, which is a process id.
    pid_t read_pid() { return std::stoi(read_line()); }

    /// Waits for its end, and for that of all who have its output.
    Outcome wait();

  private:
    struct Pipe {
        Pipe();
        shared::UniqueFd read_end;
        shared::UniqueFd write_end;
    };

    Pipe out_;
    Pipe err_;
    ChildProcess process_;
    std::string unread_;
};

/// Runs `steward` to its end.
Outcome run_steward(const std::string& socket, std::vector<std::string> arguments);

/// What it prints with `--json`; throws where that is no JSON.
nlohmann::json steward_json(const std::string& socket, std::vector<std::string> arguments);

}  // namespace steward::tests
