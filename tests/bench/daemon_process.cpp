#include "tests/bench/daemon_process.hpp"

#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "client/src/client.hpp"
#include "proto/daemon.hpp"

namespace steward::bench {

Manager start_daemon(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--log-level", "warn"});
    return Manager::start({.daemon = STEWARDD_PATH, .arguments = std::move(arguments), .client_name = "steward_bench"});
}

pid_t pid_of_daemon(const Manager& manager) {
    return manager.client()->connection().call(proto::daemon::Status{})->pid;
}

std::uint64_t memory_bytes(const Manager& manager) {
    const auto status = manager.client()->connection().call(proto::daemon::Status{});
    return private_bytes(status->pid) + status->memory_obtained_bytes;
}

std::uint64_t private_bytes(pid_t pid) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string word; status >> word;)
        if (std::uint64_t kilobytes = 0; word == "RssAnon:" && status >> kilobytes)
            return kilobytes * 1024;
    throw std::runtime_error("the kernel does not say how much memory process " + std::to_string(pid) + " has");
}

}  // namespace steward::bench
