#include "daemon/session.hpp"

#include <algorithm>

namespace steward::daemon {

bool Session::in_group(gid_t group) const {
    return gid == group || std::ranges::find(groups, group) != groups.end();
}

void Session::begin_to_wait(std::uint32_t thread, std::uint64_t request, const WaitPlace& place) {
    waits.emplace(request, place);
    waits_by_thread.emplace(thread, request);
    auto& waiting = threads[thread];
    ++waiting.count;
    waiting.place = place;
}

void Session::end_to_wait(std::uint32_t thread, std::uint64_t request) {
    waits.erase(request);
    waits_by_thread.erase({thread, request});
    const auto waiting = threads.find(thread);
    if (--waiting->second.count == 0)
        threads.erase(waiting);
    else
        waiting->second.place = waits.at(waits_by_thread.lower_bound({thread, 0})->second);
}

void Session::wait_elsewhere(std::uint32_t thread, std::uint64_t request, const WaitPlace& place) {
    waits.at(request) = place;
    threads.at(thread).place = place;
}

const ThreadWaits* Session::waits_of(std::uint32_t thread) const {
    const auto found = threads.find(thread);
    return found == threads.end() ? nullptr : &found->second;
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

Session* Sessions::take_up(const shared::SessionInfo& info, shared::Offset<shared::SessionRecord> record) {
    auto process = processes_.find_living(static_cast<pid_t>(info.process.pid), info.start_time);
    if (process == nullptr)
        return nullptr;
    auto session = std::make_unique<Session>();
    session->number = static_cast<std::uint32_t>(info.number);
    session->uid = info.process.uid;
    session->process = std::move(process);
    session->since = std::chrono::steady_clock::now();
    session->record = record;
    session->connected = false;
    session->taken_up = true;
    const auto number = session->number;
    return sessions_.emplace(number, std::move(session)).first->second.get();
}

void Sessions::forget(std::uint32_t number) {
    sessions_.erase(number);
}

Session* Sessions::find(std::uint32_t number) const {
    const auto found = sessions_.find(number);
    return found == sessions_.end() ? nullptr : found->second.get();
}

}  // namespace steward::daemon
