#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "proto/envelope.hpp"
#include "proto/errors.hpp"
#include "proto/frame_buffer.hpp"
#include "proto/message.hpp"
#include "shared/unique_fd.hpp"

namespace steward::tests {

/// Why the daemon ended a connection.
struct Closing {
    proto::Errc code = proto::Errc::internal_error;
    std::string detail;
};

/// The other end of the daemon's socket with nothing between: well-formed requests and whatever else a test wants to
/// send. Blocks, under the watchdog. Not thread-safe.
class RawClient {
  public:
    /// Connects. With a session unless told otherwise.
    enum class Begin { with_session, without_session };
    explicit RawClient(const std::string& socket, Begin begin = Begin::with_session);

    int fd() const { return fd_.get(); }
    std::uint32_t session() const { return session_; }

    /// Whatever these bytes are. False where the daemon has gone.
    bool send(std::string_view bytes) const;

    /// Sends as much as the socket takes without blocking; how much that was.
    std::size_t send_some(std::string_view bytes) const;

    template <proto::Message M>
    static std::string encoded(std::uint64_t id, const M& message) {
        std::string bytes;
        proto::encode_request(bytes, id, message);
        return bytes;
    }

    /// Sends a request and does not wait for its response. Returns its id.
    template <proto::Message M>
    std::uint64_t request(const M& message) {
        send(encoded(++last_id_, message));
        return last_id_;
    }

    /// The result of a request, whatever other responses come before it. Views in it live until the next request for
    /// a result. Throws proto::Refusal with what the daemon answered.
    template <proto::Message M>
    typename M::Result result_of(std::uint64_t id) {
        return proto::decode_params<typename M::Result>(await_result(id));
    }

    template <proto::Message M>
    typename M::Result call(const M& message) {
        return result_of<M>(request(message));
    }

    /// The error with which a request is refused; nothing where it is not.
    template <proto::Message M>
    std::optional<proto::Errc> refusal(const M& message) {
        return refusal_of(request(message));
    }
    std::optional<proto::Errc> refusal_of(std::uint64_t id);

    /// The frame of the response to a request, which nobody else gets then.
    std::string response_to(std::uint64_t id);

    /// Whether the response to a request has come.
    bool has_response(std::uint64_t id);

    /// The next frame, whatever it is; nothing at the end of the connection.
    std::optional<std::string> next_frame();

    /// Reads to the end of the connection; the daemon's reason, where it gave one.
    std::optional<Closing> read_to_end();

    /// Closes the socket, while the process lives on.
    void close() { fd_ = shared::UniqueFd(); }

  private:
    proto::Packed await_result(std::uint64_t id);
    bool receive();

    shared::UniqueFd fd_;
    proto::FrameBuffer frames_{proto::FrameLimits{.bytes = std::size_t{1} << 30, .elements = 1U << 30}};
    std::map<std::uint64_t, std::string> responses_;  ///< that came before their result was asked for
    std::string last_response_;
    std::uint64_t last_id_ = 0;
    std::uint32_t session_ = 0;
};

}  // namespace steward::tests
