#include "tests/cli/steward_process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace steward::tests {
namespace {

/// Appends what there is; false at the end of the file.
bool read_some(int fd, std::string& text) {
    if (!becomes_readable(fd))
        throw std::runtime_error("no output comes; so far: " + text);
    std::array<char, 4096> bytes{};
    const auto size = ::read(fd, bytes.data(), bytes.size());
    if (size <= 0)
        return false;
    text.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
}

std::string read_to_end(int fd) {
    std::string text;
    while (read_some(fd, text)) {
    }
    return text;
}

int execute(const std::vector<std::string>& words, int out, int err) {
    std::vector<char*> arguments;
    for (const auto& word : words)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::setpgid(0, 0);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    ::execv(arguments.front(), arguments.data());
    return 255;
}

std::vector<std::string> command_line(const std::string& socket, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {STEWARD_PATH, "--socket", socket});
    return arguments;
}

}  // namespace

StewardProcess::Pipe::Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe2");
    read_end = shared::UniqueFd(ends[0]);
    write_end = shared::UniqueFd(ends[1]);
}

StewardProcess::StewardProcess(const std::string& socket, std::vector<std::string> arguments)
    : process_([this, words = command_line(socket, std::move(arguments))] {
          return execute(words, out_.write_end.get(), err_.write_end.get());
      }) {
    out_.write_end = shared::UniqueFd();
    err_.write_end = shared::UniqueFd();
}

std::string StewardProcess::read_line() {
    while (unread_.find('\n') == std::string::npos)
        if (!read_some(out_.read_end.get(), unread_))
            throw std::runtime_error("the output ends without a line; errors: " + read_to_end(err_.read_end.get()));
    const auto end = unread_.find('\n');
    auto line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
}

Outcome StewardProcess::wait() {
    Outcome outcome;
    outcome.out = std::exchange(unread_, {}) + read_to_end(out_.read_end.get());
    outcome.err = read_to_end(err_.read_end.get());
    outcome.exit_code = process_.wait();
    return outcome;
}

Outcome run_steward(const std::string& socket, std::vector<std::string> arguments) {
    return StewardProcess(socket, std::move(arguments)).wait();
}

nlohmann::json steward_json(const std::string& socket, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--json");
    return nlohmann::json::parse(run_steward(socket, std::move(arguments)).out);
}

}  // namespace steward::tests
