#include "daemon/session.hpp"

#include <algorithm>

namespace steward::daemon {

bool Session::in_group(gid_t group) const {
    return gid == group || std::ranges::find(groups, group) != groups.end();
}

std::vector<std::uint64_t> Session::waits_of(std::uint32_t thread, std::size_t most) const {
    std::vector<std::uint64_t> found;
    for (auto at = waits_by_thread.lower_bound({thread, 0});
         at != waits_by_thread.end() && at->first == thread && found.size() < most; ++at)
        found.push_back(at->second);
    return found;
}

Session& Sessions::open(Credentials credentials, std::string client_name) {
    auto session = std::make_unique<Session>();
    session->number = ++last_number_;
    session->uid = credentials.uid;
    session->gid = credentials.gid;
    session->groups = std::move(credentials.groups);
    session->process = processes_.of(credentials);
    session->client_name = std::move(client_name);
    session->since = std::chrono::steady_clock::now();
    const auto number = session->number;
    return *sessions_.emplace(number, std::move(session)).first->second;
}

void Sessions::forget(std::uint32_t number) {
    sessions_.erase(number);
}

Session* Sessions::find(std::uint32_t number) const {
    const auto found = sessions_.find(number);
    return found == sessions_.end() ? nullptr : found->second.get();
}

}  // namespace steward::daemon
