#include "tests/in_process/client.hpp"

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

}  // namespace steward::daemon
