#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/error_code.hpp>

#include "daemon/fair_queue.hpp"
#include "proto/errors.hpp"
#include "proto/frame_buffer.hpp"
#include "proto/session.hpp"

namespace steward::daemon {

class Server;
struct Session;

/// One socket: bytes in, frames to the dispatcher, replies out. It reads on only while the client reads its replies,
/// and when all that it has read is done, so a flood of requests fills the client's own socket.
class Connection : public std::enable_shared_from_this<Connection>, public FairQueue::Client {
  public:
    using Socket = boost::asio::local::stream_protocol::socket;

    Connection(Server& server, FairQueue& queue, uid_t uid, Socket socket, proto::FrameLimits limits);

    /// Reads. Where the user has too many connections without a session already, this one has only a moment to get one.
    void start(bool crowded);

    /// Carries out what has been received, until the server says that the turn is over; the rest has to wait for the
    /// next one.
    void take_turn();

    /// Reads on, after a turn, unless something is left to be done.
    void read_on();

    /// Takes up reading where it was paused, if there is room again.
    void go_on_reading();

    /// Lets the server know what the client has to do, and by when: open its session, or send the rest of a frame. Time
    /// that the server takes for itself does not count.
    void expect_the_rest();

    /// The client has not done that.
    void run_out_of_time();

    uid_t uid() const { return uid_; }

    /// Whether all that came at once was done in one turn.
    bool was_done_in_one_turn() const { return !waits() && !postponed_; }

    /// Sends what the session's outbox holds, as far as the socket takes it; the rest follows by itself.
    void flush();

    /// Closes the connection where more waits for the client than its own requests can have asked for: it gets what it
    /// has long waited for, and does not read it.
    void end_if_it_reads_nothing();

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
    void handle_frames();
    void expect_by(std::uint64_t due_ns);
    void expect_to_fit(std::string_view frame) const;
    bool handle(std::string_view frame);
    bool open_session(std::string_view frame);
    void answer_open(std::uint64_t request, const proto::session::Open&);
    bool refuse_session(std::uint64_t request, proto::Errc, const std::string& detail);
    void lose();
    bool flush_with(int descriptor);
    void send_queued();
    void send_what_fits();
    void resume();
    bool congested() const;

    Server& server_;
    uid_t uid_;
    Socket socket_;
    proto::FrameBuffer frames_;
    std::size_t room_bytes_;
    Session* session_ = nullptr;  ///< lives as long as this connection is open
    std::string queued_;
    std::size_t sent_ = 0;  ///< of what is queued
    bool paused_ = false;   ///< not read until the queue is shorter
    bool crowded_ = false;
    bool in_handshake_ = false;  ///< and counted as that
    std::uint64_t handshake_ends_ns_ = 0;
    std::uint64_t frame_ends_ns_ = 0;  ///< 0: no frame has begun
    std::uint64_t due_ns_ = 0;         ///< what the server has been told; 0: nothing is expected
    bool postponed_ = false;           ///< what was received last did not fit into one turn
    bool awaiting_writable_ = false;
};

}  // namespace steward::daemon
