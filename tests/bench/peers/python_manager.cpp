#include "tests/bench/peers/python_manager.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

namespace steward::bench {
namespace {

/// The distribution's Python, whatever else comes first on the PATH.
std::string python() {
    std::string distributions = "/usr/bin/python3";
    if (::access(distributions.c_str(), X_OK) == 0)
        return distributions;
    const auto program = find_program("python3");
    if (!program)
        throw std::runtime_error("python3 is not installed");
    return program->string();
}

}  // namespace

PythonManager::Pipe PythonManager::Pipe::make() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    return {.reading = shared::UniqueFd(ends[0]), .writing = shared::UniqueFd(ends[1])};
}

PythonManager::PythonManager(Pipe orders, Pipe answers)
    : orders_(std::move(orders.writing)), answers_(std::move(answers.reading)), process_([&] {
          run_program({python(), MANAGER_PEER_PATH}, orders.reading.get(), answers.writing.get());
      }) {}

double PythonManager::measure(const std::string& operation, std::size_t count) {
    const auto order = operation + " " + std::to_string(count) + "\n";
    if (::write(orders_.get(), order.data(), order.size()) != static_cast<ssize_t>(order.size()))
        throw std::system_error(errno, std::generic_category(), "manager_peer.py");
    return nlohmann::json::parse(read_line()).at(operation).get<double>();
}

std::string PythonManager::read_line() {
    std::string line;
    for (char letter = 0; letter != '\n'; line += letter)
        if (::read(answers_.get(), &letter, 1) != 1)
            throw std::runtime_error("manager_peer.py has ended");
    return line;
}

}  // namespace steward::bench
