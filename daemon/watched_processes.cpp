#include "daemon/watched_processes.hpp"

namespace steward::daemon {

void WatchedProcesses::add(std::uint64_t object, const Identity& identity, shared::UniqueFd pidfd) {
    objects_[identity] = object;
    identities_[object] = identity;
    new_.emplace_back(object, std::move(pidfd));
}

void WatchedProcesses::forget(std::uint64_t object) {
    const auto found = identities_.find(object);
    if (found == identities_.end())
        return;
    objects_.erase(found->second);
    identities_.erase(found);
    forgotten_.push_back(object);
}

std::optional<std::uint64_t> WatchedProcesses::find(const Identity& identity) const {
    const auto found = objects_.find(identity);
    if (found == objects_.end())
        return std::nullopt;
    return found->second;
}

}  // namespace steward::daemon
