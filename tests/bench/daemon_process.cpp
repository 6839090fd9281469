#include "tests/bench/daemon_process.hpp"

#include <fstream>
#include <stdexcept>
#include <string>

#include "client/src/client.hpp"
#include "proto/daemon.hpp"

namespace steward::bench {

Manager start_daemon() {
    return Manager::start(
        {.daemon = STEWARDD_PATH, .arguments = {"--log-level", "warn"}, .client_name = "steward_bench"});
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
