#include "client/cli/daemon.hpp"

#include <algorithm>

namespace steward::cli {

Manager& Daemon::manager() {
    if (!manager_)
        manager_.emplace(ManagerOptions{.socket = socket_, .client_name = "steward"});
    return *manager_;
}

Watch Daemon::watch(const std::string& subject) {
    const auto objects = manager().objects(subject);
    const auto same = std::ranges::find(objects, subject, &ObjectInfo::name);
    return same == objects.end() ? manager().watch(subject) : manager().watch(same->id);
}

std::string Daemon::socket() {
    return manager().socket().string();
}

}  // namespace steward::cli
