#include "tests/support/daemon_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tests/support/text_file.hpp"

namespace steward::tests {
namespace {

/// A program with its arguments, and the file that gets what it says. A forked child of a process with threads must not
/// take memory: a thread that it has not may have been about to, and its allocator is locked for ever.
class Execution {
  public:
    Execution(std::vector<std::string> words, std::string errors, std::vector<std::string> variables = {})
        : words_(std::move(words)), errors_(std::move(errors)), variables_(std::move(variables)) {
        for (auto& word : words_)
            arguments_.push_back(word.data());
        arguments_.push_back(nullptr);
        constexpr std::size_t set_in_the_child = 16;  // by before_exec, at most
        std::size_t inherited = 0;
        while (environ[inherited] != nullptr)
            ++inherited;
        environment_.reserve(variables_.size() + inherited + set_in_the_child + 1);
        for (auto& variable : variables_)
            environment_.push_back(variable.data());
    }
    Execution(const Execution&) = delete;
    Execution& operator=(const Execution&) = delete;

    /// In the child. Takes no memory.
    int begin() {
        const int log = ::open(errors_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        for (char** variable = environ; *variable != nullptr; ++variable) {
            if (environment_.size() + 1 == environment_.capacity())
                return 126;
            environment_.push_back(*variable);
        }
        environment_.push_back(nullptr);
        ::execve(arguments_.front(), arguments_.data(), environment_.data());
        return 127;
    }

  private:
    std::vector<std::string> words_;
    std::string errors_;
    std::vector<std::string> variables_;
    std::vector<char*> arguments_;
    std::vector<char*> environment_;
};

std::vector<std::string> command(const std::vector<std::string>& arguments,
                                 const std::string& program = STEWARDD_PATH) {
    std::vector<std::string> words{program};
    if (DaemonProcess::shares_nothing())
        words.insert(words.end(), {"--shared-words", "off", "--shared-reads", "off"});
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

constexpr int heap_and_words = 2;
constexpr int leftover_too = 3;

/// The first so many files that a record names of each domain: heap, words, and a leftover where there is one.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& record, int of_each) {
    std::vector<std::filesystem::path> files;
    std::istringstream lines(text_of(record));
    std::string line;
    for (std::getline(lines, line); std::getline(lines, line);) {
        std::istringstream fields(line);
        std::string uid;
        fields >> uid;
        std::string file;
        for (int field = 0; field < of_each && fields >> file; ++field)
            files.push_back(std::filesystem::path("/dev/shm") / file);
    }
    return files;
}

}  // namespace

ProgramOutcome run_stewardd(const std::vector<std::string>& arguments) {
    const TemporaryFolder folder;
    const auto errors = folder.path() / "stderr";
    Execution execution(command(arguments), errors);
    ChildProcess process([&] { return execution.begin(); });
    const int exit_code = process.wait();
    return {.exit_code = exit_code, .errors = text_of(errors)};
}

DaemonProcess::DaemonProcess(std::vector<std::string> arguments)
    : DaemonProcess(Settings{.arguments = std::move(arguments)}) {}

DaemonProcess::DaemonProcess(Settings settings)
    : settings_(std::move(settings)), socket_(settings_.socket.value_or(folder_.path() / "steward.sock")) {
    start();
}

bool DaemonProcess::shares_nothing() {
    return std::getenv("STEWARD_TEST_SHARES_NOTHING") != nullptr;
}

DaemonProcess::~DaemonProcess() {
    process_.reset();
    // Not by `--forget`: thousands of tests would start another program each.
    std::error_code failed;
    for (const auto& file : files_in(memory_record(), leftover_too))
        std::filesystem::remove(file, failed);
    std::filesystem::remove(memory_record(), failed);
}

void DaemonProcess::start() {
    std::array<int, 2> ready{};
    if (::pipe2(ready.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
    const shared::UniqueFd read_end(ready[0]);
    shared::UniqueFd write_end(ready[1]);
    auto arguments = settings_.arguments;
    arguments.insert(arguments.end(), {"--socket", socket(), "--ready-fd", std::to_string(write_end.get())});
    Execution execution(command(arguments, settings_.program), folder() / "stderr", settings_.environment);
    process_.reset();
    process_.emplace([&] {
        ::fcntl(write_end.get(), F_SETFD, 0);
        if (settings_.before_exec)
            settings_.before_exec();
        return execution.begin();
    });
    write_end = shared::UniqueFd();
    char byte = 0;
    if (!becomes_readable(read_end.get()) || ::read(read_end.get(), &byte, 1) != 1)
        throw std::runtime_error("stewardd does not serve: " + errors());
}

void DaemonProcess::stop() const {
    process_->send(SIGSTOP);
    siginfo_t stopped{};
    while (::waitid(P_PID, static_cast<id_t>(pid()), &stopped, WSTOPPED) != 0 && errno == EINTR) {
    }
}

void DaemonProcess::go_on() const {
    process_->send(SIGCONT);
}

int DaemonProcess::terminate() {
    process_->send(SIGTERM);
    return process_->wait();
}

std::string DaemonProcess::errors() const {
    return text_of(folder() / "stderr");
}

std::filesystem::path DaemonProcess::memory_record() const {
    return socket() + ".default.memory";
}

std::vector<std::filesystem::path> DaemonProcess::memory_files() const {
    return files_in(memory_record(), heap_and_words);
}

}  // namespace steward::tests
