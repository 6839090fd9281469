#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <new>
#include <thread>
#include <type_traits>
#include <utility>

#include "client/src/connection.hpp"
#include "client/src/poll_until.hpp"
#include "client/src/standard_streams.hpp"
#include "client/src/uncancelled.hpp"
#include "proto/envelope.hpp"

// What a Connection sends: requests, and what the daemon is told without waiting.
namespace steward::detail {
namespace {

/// Who waits for room on the socket and has no descriptor to be woken by looks again after that.
constexpr std::chrono::milliseconds pause_without_vacancy(10);

/// Room for requests that is kept from one to the next.
constexpr std::size_t kept_request_bytes = std::size_t{1} << 20;

Patience sooner(Patience patience, std::chrono::nanoseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    return patience ? std::min(*patience, until) : until;
}

}  // namespace

// A sender that waits for room on the socket must not rely on a leader that may step down: the daemon stops reading
// from a client that does not read. So it leads where nobody does, and else is told by `vacancy_` when there is no
// leader and nobody waits that could be woken to lead; with mutex_ held it has said before that it listens.

std::unique_lock<std::timed_mutex> Connection::begin_to_send(Patience patience) {
    std::unique_lock sending(send_mutex_, std::defer_lock);
    if (!patience)
        sending.lock();
    else if (!sending.try_lock_until(*patience))
        return {};
    return sending;
}

void Connection::expect_to_fit(const RequestView& request, std::string_view bytes) const {
    try {
        proto::FrameBuffer::expect_to_fit(bytes, {.bytes = max_request_bytes_ + request.wrapping_bytes()});
    } catch (const proto::FrameTooLarge& too_large) {
        throw Error(errc::too_large, std::string(request.method()) + ": " + too_large.what());
    }
}

void Connection::encode(Call& call, const RequestView& request, std::string& out) {
    std::unique_lock lock(mutex_);
    const auto answered_below = begin(call);
    const auto bell = call.wants_to_listen_ ? begin_to_listen(call) : 0;
    const auto deadline = has_the_same_clock_ ? on_the_wire(call.deadline_) : std::nullopt;
    lock.unlock();
    try {
        request.encode(out, call.id(), answered_below, deadline, bell);
        expect_to_fit(request, out);
    } catch (...) {
        forget(call);
        throw;
    }
}

bool Connection::send(Call& call, const RequestView& request, Patience patience) {
    const auto sending = begin_to_send(patience);
    if (!sending)
        return false;
    if (notices_are_due_.load(std::memory_order_relaxed))
        send_notices();  // that something has been taken comes before that it is wanted again
    const auto again = call.id();
    outgoing_.clear();
    encode(call, request, outgoing_);
    switch (send_bytes(outgoing_, patience)) {
        case Sent::all: return true;
        case Sent::closed: throw_unsent(call);
        case Sent::over: break;
    }
    take_back(call, again != 0);
    return false;
}

std::uint64_t Connection::begin_pipelined(Call& call, const RequestView& request) {
    const std::lock_guard lock(mutex_);
    const auto answered_below = begin(call);
    try {
        request.encode(call.request_, call.id(), answered_below);
        expect_to_fit(request, call.request_);
    } catch (...) {
        pending_.remove(call);
        throw;
    }
    call.pipelined_ = true;
    pipelined_.fetch_add(1, std::memory_order_relaxed);  // read by the same thread
    return takeovers_;
}

Connection::Sent Connection::send_bytes(std::string_view bytes, Patience patience) {
    const Uncancelled uncancelled;
    if (!send_rest(patience))
        return Sent::over;
    const auto all = bytes.size();
    while (!bytes.empty()) {
        const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (wait_until_writable(patience))
                continue;
            if (bytes.size() == all)
                return Sent::over;
            leave_rest(bytes);
            return Sent::all;
        } else if (errno != EINTR) {
            return bytes.size() == all ? Sent::closed : Sent::all;  // who reads finds the reason in front of the end
        }
    }
    if (outgoing_.capacity() > kept_request_bytes)
        outgoing_ = {};
    while (notices_are_due_.load(std::memory_order_relaxed) && !send_notices() && wait_until_writable(patience)) {
    }
    return Sent::all;
}

void Connection::leave_rest(std::string_view bytes) noexcept {
    try {
        rest_ = bytes;
        notices_are_due_.store(true, std::memory_order_relaxed);
    } catch (const std::bad_alloc&) {
        drop_rest();
    }
}

/// No message may follow on a part of another one.
void Connection::drop_rest() noexcept {
    rest_.clear();
    shut_down();  // as who reads finds
}

bool Connection::send_rest(Patience patience) {
    while (!push_rest())
        if (!wait_until_writable(patience))
            return false;
    return true;
}

/// With send_mutex_ held; false where there is no room.
bool Connection::push_rest() noexcept {
    while (!rest_.empty()) {
        const auto sent = ::send(socket_.get(), rest_.data(), rest_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0)
            rest_.erase(0, static_cast<std::size_t>(sent));
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            return false;
        else if (errno != EINTR)
            drop_rest();
    }
    return true;
}

// Who ends, or lets go of an object, must not wait for the daemon. It leaves its notice behind before it looks whether
// there is a sender that waits for room, both with mutex_ held; the sender leaves its wait with mutex_ held, looks for
// notices afterwards, and waits for room for them too. Any other sender lets go of send_mutex_ soon. Where there is no
// sender and no room, the daemon has requests to answer: the leader, who reads the answers, tries again, and so does
// the next sender.
void Connection::tell(const Notice& notice) noexcept {
    const Uncancelled uncancelled;
    try {
        const std::lock_guard lock(mutex_);
        // What a thread held when it ended, the session of whoever goes on is to let go.
        if (loss_ && !std::holds_alternative<proto::session::EndThread>(notice))
            return;
        note_notice(notice);
        if (loss_)
            return;
    } catch (const std::bad_alloc&) {
        return;  // the daemon learns it from the end of the process
    }
    tell_what_is_due();
}

void Connection::tell_what_is_due() noexcept {
    if (!notices_are_due_.load(std::memory_order_relaxed))
        return;
    const Uncancelled uncancelled;
    std::unique_lock sending(send_mutex_, std::try_to_lock);
    while (!sending.owns_lock()) {
        if (sender_waits())
            return;
        std::this_thread::yield();
        sending = std::unique_lock(send_mutex_, std::try_to_lock);
    }
    send_notices();
}

void Connection::note_notice(const Notice& notice) {
    notices_.push_back(notice);
    notices_are_due_.store(true, std::memory_order_relaxed);
}

bool Connection::sender_waits() noexcept {
    const std::lock_guard lock(mutex_);
    return sender_waits_;
}

/// With send_mutex_ held; false where there is no room.
bool Connection::send_notices() noexcept {
    const std::lock_guard lock(mutex_);
    return send_notices_locked();
}

bool Connection::send_notices_locked() noexcept {
    if (!push_rest())
        return false;
    try {
        while (!notices_.empty() && !loss_) {
            std::string request;
            encode_notice(request, notices_.back());
            const auto sent = ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent >= 0) {
                notices_.pop_back();
                request.erase(0, static_cast<std::size_t>(sent));
                rest_.swap(request);
                if (!push_rest())
                    return false;
            } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
                return false;
            } else if (errno != EINTR)
                lose(errc::not_connected, "the daemon closed the connection");
        }
    } catch (const std::bad_alloc&) {
        notices_.clear();
    }
    notices_are_due_.store(!notices_.empty(), std::memory_order_relaxed);  // where it is lost, for its successor
    return true;
}

void Connection::encode_notice(std::string& out, const Notice& notice) const {
    const auto encode = [&]<class N>(const N& each) {
        if constexpr (std::is_same_v<N, BellWanted>)
            proto::encode_request(out, each.request, proto::session::Bell{.bell = asked_bells_.at(each.request)});
        else if constexpr (!std::is_same_v<N, Withdrawal>)
            proto::encode_notification(out, each);
        else if (const auto found = withdrawn_.find(each.request); found != withdrawn_.end())
            out += found->second;
    };
    std::visit(encode, notice);
}

bool Connection::wait_until_writable(Patience patience) {
    if (!vacancy_)
        vacancy_ = beyond_standard_streams(shared::UniqueFd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
    for (bool writable = false; !writable;) {
        std::unique_lock lock(mutex_);
        sender_waits_ = true;
        const bool leads = !std::exchange(led_, true);
        sender_is_blocked_ = !leads;
        lock.unlock();

        const auto events = static_cast<short>(leads ? POLLOUT | POLLIN : POLLOUT);
        std::array<pollfd, 2> polled{pollfd{socket_.get(), events, 0}, pollfd{leads ? -1 : vacancy_.get(), POLLIN, 0}};
        poll_until(polled, vacancy_ ? patience : sooner(patience, pause_without_vacancy));
        writable = (polled[0].revents & (POLLOUT | POLLHUP | POLLERR)) != 0;
        if (eventfd_t told = 0; polled[1].revents != 0)
            eventfd_read(vacancy_.get(), &told);
        const bool over = !writable && is_over(patience);

        lock.lock();
        sender_is_blocked_ = false;
        sender_waits_ = !writable && !over;
        if (leads) {
            if ((polled[0].revents & POLLIN) != 0)
                read(lock, MSG_DONTWAIT);
            step_down();
        }
        if (over)
            return false;
    }
    return true;
}

}  // namespace steward::detail
