#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/error_code.hpp>

#include "proto/errors.hpp"
#include "proto/frame_buffer.hpp"
#include "proto/session.hpp"

namespace steward::daemon {

class Server;
struct Session;

/// One socket: bytes in, frames to the dispatcher, replies out. It reads on only while the client reads its replies.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    using Socket = boost::asio::local::stream_protocol::socket;

    Connection(Server& server, Socket socket, proto::FrameLimits limits);

    void start();

    /// Sends what the session's outbox holds, as far as the socket takes it; the rest follows by itself.
    void flush();

    /// Tells the client why, as far as the socket takes it, and ends the connection.
    void close(proto::Errc, std::string_view reason);

    /// Ends the connection without a word.
    void drop();

    /// Whether replies are waiting for the client to read.
    bool has_queued() const { return sent_ < queued_.size(); }

    /// Null before session.open.
    Session* session() const { return session_; }

  private:
    void receive();
    void await_writable();
    void on_received(const boost::system::error_code&, std::size_t size, bool filled);
    void take(std::size_t size, bool filled);
    bool handle_frames();
    bool handle(std::string_view frame);
    bool open_session(std::string_view frame);
    void answer_open(std::uint64_t request, const proto::session::Open&);
    bool refuse_session(std::uint64_t request, proto::Errc, const std::string& detail);
    void lose();
    void send_queued();
    void send_what_fits();
    void resume();
    bool congested() const;

    Server& server_;
    Socket socket_;
    proto::FrameBuffer frames_;
    std::size_t room_bytes_;
    Session* session_ = nullptr;  ///< lives as long as this connection is open
    std::string queued_;
    std::size_t sent_ = 0;  ///< of what is queued
    bool paused_ = false;   ///< not read until the queue is shorter
    bool awaiting_writable_ = false;
};

}  // namespace steward::daemon
