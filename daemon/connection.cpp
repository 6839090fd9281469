#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it

#include "daemon/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <vector>

#include <spdlog/spdlog.h>
#include <boost/asio/buffer.hpp>

#include "daemon/server.hpp"
#include "daemon/version.hpp"
#include "proto/dump.hpp"
#include "proto/envelope.hpp"
#include "proto/session.hpp"
#include "shared/kill_point.hpp"

namespace steward::daemon {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t smallest_room_bytes = 8192;
constexpr std::size_t largest_room_bytes = 65'536;

bool would_block(const error_code& error) {
    return error == asio::error::would_block || error == asio::error::try_again;
}

/// For whoever is one of too many: as long as a client that means it may take between its connect(2) and its first
/// bytes.
constexpr std::chrono::milliseconds longest_crowded_handshake{50};

std::uint64_t later(std::uint64_t now_ns, std::chrono::nanoseconds time) {
    return now_ns + static_cast<std::uint64_t>(time.count());
}

/// Descriptors that go with a message (SCM_RIGHTS, unix(7)).
class Enclosure {
  public:
    void add(int descriptor) { descriptors_.at(count_++) = descriptor; }
    bool empty() const { return count_ == 0; }

    /// False: it was not sent, and the socket is as before.
    bool send_with(int socket, std::string& message) const {
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(descriptors_))> control{};
        iovec bytes{.iov_base = message.data(), .iov_len = message.size()};
        msghdr header{};
        header.msg_iov = &bytes;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(count_ * sizeof(int));
        cmsghdr* rights = CMSG_FIRSTHDR(&header);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(count_ * sizeof(int));
        std::memcpy(CMSG_DATA(rights), descriptors_.data(), count_ * sizeof(int));
        return ::sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL) == static_cast<ssize_t>(message.size());
    }

  private:
    std::array<int, 2> descriptors_{};
    std::size_t count_ = 0;
};

}  // namespace

Connection::Connection(Server& server, FairQueue& queue, uid_t uid, Socket socket, proto::FrameLimits limits)
    : FairQueue::Client(queue, uid),
      server_(server),
      uid_(uid),
      socket_(std::move(socket)),
      frames_(limits),
      room_bytes_(smallest_room_bytes) {
    socket_.non_blocking(true);
}

void Connection::start(bool crowded) {
    crowded_ = crowded;
    const auto time = crowded ? longest_crowded_handshake : server_.options().handshake_timeout;
    handshake_ends_ns_ = later(monotonic_now_ns(), time);
    expect_the_rest();
    receive();
}

/// Asio reads at once where bytes may be there already, and else when the kernel says so, without a system call to ask
/// for that (which async_wait would need each time).
void Connection::receive() {
    const auto room = frames_.room(room_bytes_);
    socket_.async_read_some(
        asio::buffer(room.data(), room.size()),
        [self = shared_from_this(), room_bytes = room.size()](const error_code& error, std::size_t size) {
            if (self->socket_.is_open())
                self->on_received(error, size, size == room_bytes);
        });
}

void Connection::on_received(const error_code& error, std::size_t size, bool filled) {
    if (error) {
        server_.begin_turn();
        lose();
        server_.end_turn();
        return;
    }
    frames_.received(size);
    room_bytes_ = filled ? largest_room_bytes : smallest_room_bytes;
    postponed_ = false;
    server_.turns().serve(*this);
}

void Connection::take_turn() {
    handle_frames();
    if (!waits() && !frames_.in_mid_frame())
        frames_.rest();
}

void Connection::read_on() {
    if (!socket_.is_open())
        return;
    expect_the_rest();
    if (!paused_ && !waits())
        receive();
}

void Connection::expect_the_rest() {
    const bool reads = socket_.is_open() && !paused_ && !waits();
    const bool in_handshake = reads && session_ == nullptr;
    if (in_handshake != in_handshake_)
        server_.time_limits().count_handshake(uid_, in_handshake_ = in_handshake);
    if (!reads || !frames_.in_mid_frame())
        frame_ends_ns_ = 0;
    else if (frame_ends_ns_ == 0)
        frame_ends_ns_ = later(server_.daemon().now_ns, server_.options().frame_timeout);
    const auto handshake_ends_ns = in_handshake ? handshake_ends_ns_ : frame_ends_ns_;
    expect_by(frame_ends_ns_ == 0 ? handshake_ends_ns : std::min(frame_ends_ns_, handshake_ends_ns));
}

void Connection::expect_by(std::uint64_t due_ns) {
    if (due_ns != due_ns_)
        server_.time_limits().expect(*this, std::exchange(due_ns_, due_ns), due_ns);
}

/// What has been received and not been read yet, because the whole process was stopped for example, is in time.
void Connection::run_out_of_time() {
    const auto now_ns = server_.daemon().now_ns;
    error_code ignored;
    if (socket_.available(ignored) > 0)
        return expect_by(later(now_ns, longest_crowded_handshake));
    if (frame_ends_ns_ != 0 && frame_ends_ns_ <= now_ns)
        return close(proto::Errc::protocol_error, fmt::format("a message has to be whole {} ms after its first byte "
                                                              "(--frame-timeout)",
                                                              server_.options().frame_timeout.count()));
    if (!std::exchange(crowded_, false))
        return close(proto::Errc::protocol_error,
                     fmt::format("the session has to be opened within {} ms (--handshake-timeout)",
                                 server_.options().handshake_timeout.count()));
    if (server_.has_too_many_handshakes(uid_))
        return close(proto::Errc::busy, fmt::format("uid {} has {} connections already whose sessions are not open "
                                                    "(--max-handshakes)",
                                                    uid_, server_.options().max_handshakes));
    handshake_ends_ns_ = later(now_ns, server_.options().handshake_timeout);
    expect_the_rest();
}

void Connection::handle_frames() {
    try {
        while (!paused_) {
            const auto frame = frames_.next();
            if (!frame)
                return;
            frame_ends_ns_ = 0;
            expect_to_fit(*frame);
            if (!handle(*frame))
                return;
            if (congested()) {
                flush();
                paused_ = congested();
            } else if (frames_.in_mid_frame() && server_.turns().is_over()) {
                postponed_ = true;
                server_.turns().postpone(*this);
                return;
            }
        }
    } catch (const proto::Malformed& malformed) {
        close(proto::Errc::protocol_error, malformed.what());
    } catch (const proto::FrameTooLarge& too_large) {
        close(proto::Errc::too_large, too_large.what());
    }
}

/// Only a request that wraps what came in another one may be longer than that.
void Connection::expect_to_fit(std::string_view frame) const {
    const auto most_bytes = server_.options().max_frame_bytes;
    if (frame.size() <= most_bytes)
        return;
    const bool wraps = proto::kind_of(frame) == proto::EnvelopeKind::request &&
                       proto::decode_request(frame).method == proto::restore::Add::method;
    if (!wraps)
        proto::FrameBuffer::expect_to_fit(frame, {.bytes = most_bytes});
}

/// False: the connection has ended.
bool Connection::handle(std::string_view frame) {
    if (session_ == nullptr)
        return open_session(frame);
    const auto replies_before = session_->outbox.size();
    server_.dispatcher().dispatch(*session_, frame);
    if (session_->enclosed >= 0 && !flush_with(std::exchange(session_->enclosed, -1))) {
        session_->outbox.resize(replies_before);  // nothing stays of a reply without its descriptor
        proto::encode_refusal(session_->outbox, proto::decode_request(frame).id, proto::Errc::busy,
                              "the socket has no room for a descriptor: read the replies, and ask again");
    }
    if (!session_->closed)
        return true;
    flush();
    server_.session_closed(*std::exchange(session_, nullptr));
    drop();
    return false;
}

bool Connection::open_session(std::string_view frame) {
    const auto request = proto::decode_request(frame);
    if (request.method != proto::session::Open::method)
        return refuse_session(request.id, proto::Errc::protocol_error,
                              "the first request of a connection is session.open, not " + std::string(request.method));
    const auto open = proto::decode_params<proto::session::Open>(request.params);
    if (open.version != proto::protocol_version)
        return refuse_session(request.id, proto::Errc::version_mismatch,
                              "the client speaks version " + std::to_string(open.version) +
                                  " of the protocol, this daemon (" + std::string(version) + ") version " +
                                  std::to_string(proto::protocol_version));
    try {
        session_ = &server_.open_session(*this, socket_.native_handle(), open);
        answer_open(request.id, open);
        shared::kill_point(shared::KillPoint::session_is_answered);
        return true;
    } catch (const proto::Refusal& refusal) {
        return refuse_session(request.id, refusal.code(), refusal.what());
    } catch (const shared::NoMemory& error) {
        return refuse_session(request.id, proto::Errc::no_memory, error.what());
    } catch (const std::system_error& error) {
        return refuse_session(request.id, proto::Errc::busy, error.what());
    }
}

/// With the memory of the user's domain, as far as the client can use it and the options allow. Nothing else has been
/// sent over the socket, so there is room for all of it.
void Connection::answer_open(std::uint64_t request, const proto::session::Open& open) {
    const auto can = [&](std::string_view capability) {
        return std::ranges::find(open.capabilities, capability) != open.capabilities.end();
    };
    auto& domain = server_.daemon().domains.of(session_->uid);
    proto::session::Open::Result result{.daemon_version = version,
                                        .session = session_->number,
                                        .capabilities = {},
                                        .max_frame_bytes = server_.options().max_frame_bytes,
                                        .clock_ns = monotonic_now_ns()};
    Enclosure memory;
    if (server_.options().shared_words && can(proto::session::shared_words)) {
        memory.add(domain.words().fd());
        result.capabilities.push_back(proto::session::shared_words);
        result.words_bytes = domain.words().mapped_bytes();
    }
    auto heap = server_.options().shared_reads && can(proto::session::shared_reads) ? domain.open_for_reading()
                                                                                    : shared::UniqueFd();
    if (heap) {
        memory.add(heap.get());
        result.capabilities.push_back(proto::session::shared_reads);
        result.heap_bytes = domain.heap().mapped_bytes();
    }
    std::string reply;
    proto::encode_result(reply, request, result);
    if (!memory.empty() && memory.send_with(socket_.native_handle(), reply)) {
        session_->shares_words = result.words_bytes != 0;
        return;
    }
    result.capabilities.clear();
    result.words_bytes = result.heap_bytes = 0;
    proto::encode_result(server_.daemon().outbox_of(*session_), request, result);
}

bool Connection::refuse_session(std::uint64_t request, proto::Errc code, const std::string& detail) {
    proto::encode_refusal(queued_, request, code, detail);
    close(code, detail);
    return false;
}

bool Connection::congested() const {
    const auto unsent = queued_.size() - sent_ + session_->outbox.size();
    return unsent > server_.options().max_queued_reply_bytes || server_.daemon().preparations.has_enough_of(*session_);
}

void Connection::flush() {
    if (session_ == nullptr || !socket_.is_open())
        return;
    if (has_queued()) {
        queued_ += session_->outbox;
        session_->outbox.clear();
    } else {
        std::swap(queued_, session_->outbox);  // both keep their room for the next replies
        session_->outbox.clear();
        sent_ = 0;
    }
    send_queued();
}

/// The replies, and a descriptor that goes with their first byte. False: nothing was sent, since not all of it can be.
bool Connection::flush_with(int descriptor) {
    constexpr std::size_t most_bytes = 4096;  // the socket takes so many whole or not at all
    auto& replies = session_->outbox;
    Enclosure enclosure;
    enclosure.add(descriptor);
    if (has_queued() || replies.size() > most_bytes || !enclosure.send_with(socket_.native_handle(), replies))
        return false;
    replies.clear();
    return true;
}

void Connection::send_queued() {
    send_what_fits();
    if (session_ != nullptr)
        session_->unsent_bytes = queued_.size() - sent_;
}

void Connection::send_what_fits() {
    while (has_queued()) {
        shared::kill_point(shared::KillPoint::reply_is_due);
        error_code error;
        sent_ += socket_.send(asio::buffer(queued_.data() + sent_, queued_.size() - sent_), 0, error);
        if (would_block(error)) {
            await_writable();
            return;
        }
        if (error) {
            // The client is gone, or the kernel has no memory: whoever waits for the rest must not wait for ever.
            // Reading notices it.
            socket_.shutdown(Socket::shutdown_both, error);
            break;
        }
        shared::kill_point(shared::KillPoint::reply_is_sent);
    }
    sent_ = 0;
    if (session_ != nullptr)
        session_->answered_bytes = 0;
    if (queued_.capacity() > largest_room_bytes)
        queued_ = {};
    else
        queued_.clear();
}

/// What was answered at once does not count, however large: no more is read once enough of it waits. A reply that was
/// waited for may be as large as a frame.
void Connection::end_if_it_reads_nothing() {
    const auto& options = server_.options();
    const auto unread = queued_.size() - sent_;
    const auto answered = session_ == nullptr ? 0 : session_->answered_bytes;
    if (unread > options.max_queued_reply_bytes + 2 * options.max_frame_bytes + answered)
        close(proto::Errc::busy, fmt::format("{} bytes wait to be read by this client", unread));
}

void Connection::await_writable() {
    if (std::exchange(awaiting_writable_, true))
        return;
    socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const error_code& error) {
        self->awaiting_writable_ = false;
        if (!error)
            self->resume();
    });
}

/// The client has read something.
void Connection::resume() {
    server_.begin_turn();
    send_queued();
    server_.end_turn();
    go_on_reading();
}

void Connection::go_on_reading() {
    if (!paused_ || session_ == nullptr || !socket_.is_open() || congested())
        return;
    paused_ = false;
    server_.turns().serve(*this);
}

void Connection::close(proto::Errc code, std::string_view reason) {
    if (!socket_.is_open())
        return;
    spdlog::info("connection of session {} ends: {}", session_ == nullptr ? 0 : session_->number, reason);
    flush();
    proto::encode_closing(queued_, code, reason);
    send_queued();
    lose();
}

void Connection::drop() {
    error_code ignored;
    socket_.close(ignored);
    expect_the_rest();
    server_.forget(*this);
}

void Connection::lose() {
    if (session_ != nullptr)
        server_.session_lost(*std::exchange(session_, nullptr));
    drop();
}

}  // namespace steward::daemon
