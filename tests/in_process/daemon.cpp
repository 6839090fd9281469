#include "tests/in_process/daemon.hpp"

#include <unistd.h>

#include <utility>

namespace steward::daemon {

void InProcessDaemon::restart() {
    for (const auto& domain : daemon_->domains.all()) {
        auto records = domain->sessions();
        for (auto record = records.first(); record; record = records.next(record))
            domain->heap().at(record)->start_time.init(another_start_time);
    }
    restart_under_clients();
}

void InProcessDaemon::restart_under_clients() {
    daemon_.reset();
    daemon_ = make_daemon();
}

Client InProcessDaemon::resumed(std::uint32_t session) {
    auto& found = *daemon_->sessions.find(session);
    daemon_->resume_session(found, Credentials{.pid = ::getpid(), .uid = found.uid, .gid = 100}, "test", 0);
    return {*daemon_, found};
}

Client InProcessDaemon::client(uid_t uid, gid_t gid, std::vector<gid_t> groups) {
    Credentials credentials;
    credentials.pid = ::getpid();
    credentials.uid = uid;
    credentials.gid = gid;
    credentials.groups = std::move(groups);
    return {*daemon_, daemon_->open_session(std::move(credentials), "test")};
}

void InProcessDaemon::close(Client& client) {
    client.call(proto::session::Close{});
    daemon_->end_session(client.session());
}

void InProcessDaemon::pass(std::uint64_t ns) {
    daemon_->now_ns += ns;
    daemon_->waiting.expire();
}

void InProcessDaemon::tidy() {
    while (daemon_->tidy()) {
    }
}

void InProcessDaemon::limit_memory(std::uint64_t bytes) {
    limit_bytes_ = bytes;
    restart();
}

std::unique_ptr<Daemon> InProcessDaemon::make_daemon() const {
    return std::make_unique<Daemon>(Daemon::Settings{
        .instance = "test",
        .memory = {.limit_bytes = limit_bytes_, .record = folder_.path() / "memory", .folder = folder_.path()}});
}

}  // namespace steward::daemon
