#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/daemon.hpp"
#include "daemon/dispatcher.hpp"
#include "proto/catalogue.hpp"
#include "proto/envelope.hpp"
#include "proto/frame_buffer.hpp"
#include "proto/lock_order.hpp"

namespace steward::daemon {

/// One client of a Daemon without a socket between: requests go to the dispatcher, responses are taken out of the
/// session's outbox. Results and what their views refer to live as long as the client.
class Client {
  public:
    Client(Daemon& daemon, Session& session) : daemon_(&daemon), session_(&session) {}

    Session& session() const { return *session_; }
    std::uint32_t number() const { return session_->number; }

    /// Makes a request and leaves the response for later. Returns its id.
    template <proto::Message M>
    std::uint64_t request(const M& message) {
        const auto id = begin(message);
        prepare(*daemon_);
        return id;
    }

    /// The same, and what has to be prepared for it is left for later, too.
    template <proto::Message M>
    std::uint64_t begin(const M& message) {
        std::string frame;
        proto::encode_request(frame, ++last_request_, message);
        Dispatcher(*daemon_).dispatch(*session_, frame);
        return last_request_;
    }

    /// As `request`, with a frame of the test's own making.
    void dispatch(const std::string& frame);

    /// Whatever takes long is prepared, and carried out.
    static void prepare(Daemon& daemon);

    /// The result of a request; nothing where there is no response yet. Throws Refusal where it was refused.
    template <proto::Message M>
    std::optional<typename M::Result> result_of(std::uint64_t request) {
        const auto response = response_to(request);
        if (!response)
            return std::nullopt;
        if (response->refused)
            throw proto::Refusal(response->code, std::string(response->detail));
        return proto::decode_params<typename M::Result>(response->result);
    }

    template <proto::Message M>
    typename M::Result call(const M& message) {
        return result_of<M>(request(message)).value();
    }

    /// The error with which a request was refused; nothing where it was carried out or waits.
    std::optional<proto::Errc> refusal_of(std::uint64_t request);

    /// What came with a refusal beside its sentence.
    std::string data_of(std::uint64_t request) { return std::string(response_to(request).value().data.bytes); }

    template <proto::Message M>
    std::optional<proto::Errc> refusal(const M& message) {
        return refusal_of(request(message));
    }

    /// What a refusal says beside its number; empty where there was none.
    template <proto::Message M>
    std::string complaint(const M& message) {
        const auto response = response_to(request(message));
        return response && response->refused ? std::string(response->detail) : std::string{};
    }

    bool waits(std::uint64_t request) { return !response_to(request); }

    /// What a watch told since the last call.
    std::vector<proto::Change> take_changes();

    /// The warnings of lock order since the last call.
    std::vector<proto::LockOrder> take_lock_orders();

  private:
    std::optional<proto::Response> response_to(std::uint64_t request);

    void take_responses();

    void take_notification(const proto::Notification& notification);

    Daemon* daemon_;
    Session* session_;
    std::uint64_t last_request_ = 0;
    std::list<proto::FrameBuffer> frames_;
    std::map<std::uint64_t, proto::Response> responses_;
    std::vector<proto::Change> changes_;
    std::vector<proto::LockOrder> lock_orders_;
};

}  // namespace steward::daemon
