#include "client/cli/daemon.hpp"

namespace steward::cli {

Manager& Daemon::manager() {
    if (!manager_)
        manager_.emplace(ManagerOptions{.socket = socket_, .client_name = "steward"});
    return *manager_;
}

std::string Daemon::socket() {
    return manager().socket().string();
}

}  // namespace steward::cli
