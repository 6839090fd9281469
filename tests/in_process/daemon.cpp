#include "tests/in_process/daemon.hpp"

#include <unistd.h>

#include <utility>

namespace steward::daemon {

void Client::dispatch(const std::string& frame) {
    Dispatcher(*daemon_).dispatch(*session_, frame);
    prepare(*daemon_);
}

void Client::prepare(Daemon& daemon) {
    while (!daemon.preparations.empty())
        Dispatcher(daemon).go_on();
}

std::optional<proto::Errc> Client::refusal_of(std::uint64_t request) {
    const auto response = response_to(request);
    return response && response->refused ? std::optional(response->code) : std::nullopt;
}

std::vector<proto::Change> Client::take_changes() {
    take_responses();
    return std::exchange(changes_, {});
}

std::vector<proto::LockOrder> Client::take_lock_orders() {
    take_responses();
    return std::exchange(lock_orders_, {});
}

std::optional<proto::Response> Client::response_to(std::uint64_t request) {
    take_responses();
    const auto found = responses_.find(request);
    return found == responses_.end() ? std::nullopt : std::optional(found->second);
}

void Client::take_responses() {
    if (session_->outbox.empty())
        return;
    daemon_->lifetimes.note_replies(*session_);
    const auto room = frames_.emplace_back().room(session_->outbox.size());
    session_->outbox.copy(room.data(), session_->outbox.size());
    frames_.back().received(session_->outbox.size());
    session_->outbox.clear();
    while (const auto frame = frames_.back().next()) {
        if (proto::kind_of(*frame) == proto::EnvelopeKind::notification) {
            take_notification(proto::decode_notification(*frame));
            continue;
        }
        const auto response = proto::decode_response(*frame);
        responses_.insert_or_assign(response.id, response);
    }
}

void Client::take_notification(const proto::Notification& notification) {
    if (notification.method == proto::LockOrder::method)
        lock_orders_.push_back(proto::decode_params<proto::LockOrder>(notification.params));
    else
        changes_.push_back(proto::decode_params<proto::Change>(notification.params));
}

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
