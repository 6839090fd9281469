#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <new>
#include <system_error>
#include <utility>

#include "client/src/connection.hpp"
#include "client/src/poll_until.hpp"
#include "client/src/uncancelled.hpp"

// Of a Connection: who reads for all, and how the others wait.
namespace steward::detail {
namespace {

constexpr std::size_t read_size = std::size_t{64} << 10;

/// What a leader may find when it looks up from its wait.
struct Heard {
    bool socket = false;
    bool bell = false;
};

/// Waits for either, or for room on the socket where something is to be sent. `bell`: -1 where nobody listens to it.
Heard listen(int socket, int bell, bool sends, Patience patience) {
    const auto events = static_cast<short>(sends ? POLLIN | POLLOUT : POLLIN);
    std::array<pollfd, 2> polled{pollfd{socket, events, 0}, pollfd{bell, POLLIN, 0}};
    poll_until(polled, patience);
    return {.socket = (polled[0].revents & ~POLLOUT) != 0, .bell = polled[1].revents != 0};
}

}  // namespace

// Who reads, and why no wake-up is lost
//
// `led_` says that a thread reads. It is set and cleared with mutex_ held, by the same thread. Only the leader finishes
// calls, with mutex_ held, and takes each out of `waiting_` before; so `waiting_` holds calls that are not done, and
// nobody finishes a call while `led_` is false.
//
// A thread looks for its reply and at `led_` with mutex_ held and enters `waiting_` before it lets go of the mutex. So
// either it finds no leader and becomes it, or it stands in `waiting_` when the leader steps down. Stepping down wakes
// one of those. The one that is woken may find that another was quicker to lead: that one will step down too and wakes
// again. It may find itself done: then that other finished it, took it out of `waiting_`, and chose, or will choose,
// from those who are left. It may find that the connection is lost and its request will be sent over the next one: then
// it wakes another before it leaves to get that one; and the same where its patience is over. So whenever nobody leads
// and somebody waits, one of those who wait has been woken and has not looked yet, or a thread that holds the mutex is
// about to lead. For those who send see sending.cpp.

/// A warning comes before the reply that it belongs to, so who sees the call done sees the flag.
Connection::Waited Connection::wait(Call& call, Patience patience) {
    const auto waited = wait_until_done(call, patience);
    if (warned_.load(std::memory_order_relaxed))
        tell_warnings();
    return waited;
}

Connection::Waited Connection::wait_until_done(Call& call, Patience patience) {
    const Uncancelled uncancelled;
    if (call.done())
        return Waited::done;
    std::unique_lock lock(mutex_);
    while (!call.done()) {
        if (loss_) {
            hand_over();  // to the others whose requests will be sent again
            throw ConnectionLost(loss_->code, loss_->reason, call.id());
        }
        const bool leads = !led_ && !call.rung_;  // who was rung for looks first, and may not wait again at all
        if (leads)
            lead_until(call, patience, lock);
        const bool rung = std::exchange(call.rung_, false);
        if (!call.done() && !loss_ && (rung || is_over(patience))) {
            if (!led_)
                hand_over();
            return rung ? Waited::rung : Waited::over;
        }
        if (leads)
            continue;
        const auto progress = [&] { return call.done() || call.rung_ || !led_; };
        waiting_.add(call);
        if (patience)
            call.progress_.wait_until(lock, *patience, progress);
        else
            call.progress_.wait(lock, progress);
        waiting_.remove(call);
    }
    return Waited::done;
}

void Connection::lead_until(const Call& call, Patience patience, std::unique_lock<std::mutex>& lock) {
    led_ = true;
    do {
        read(lock, 0, patience);  // once in any case: a process that was stopped may find the reply
        if (!notices_are_due_.load(std::memory_order_relaxed))
            continue;
        if (const std::unique_lock sending(send_mutex_, std::try_to_lock); sending.owns_lock())
            send_notices_locked();
    } while (!call.done() && !call.rung_ && !loss_ && !is_over(patience));
    step_down();
}

void Connection::step_down() noexcept {
    led_ = false;
    if (loss_)
        led_no_longer_.notify_all();
    hand_over();
}

void Connection::hand_over() noexcept {
    if (auto* next = waiting_.first(); next != nullptr)
        next->progress_.notify_one();
    else if (sender_is_blocked_)
        eventfd_write(vacancy_.get(), 1);
}

void Connection::read(std::unique_lock<std::mutex>& lock, int flags, Patience patience) {
    const bool listens = (flags & MSG_DONTWAIT) == 0 && bell_ && !listening_.empty();
    leader_listens_ = listens;
    const bool sends = (flags & MSG_DONTWAIT) == 0 && notices_are_due_.load(std::memory_order_relaxed);
    lock.unlock();
    if (patience || listens || sends) {
        const auto heard = listen(socket_.get(), listens ? bell_.get() : -1, sends, patience);
        if (heard.bell) {
            hear_bell(lock);
            if (!heard.socket)
                return;
            lock.unlock();
        } else if (!heard.socket) {
            lock.lock();
            return;
        }
    }
    ssize_t received = -1;
    int failure = ENOMEM;
    try {
        const auto room = frames_.room(read_size);
        received = receive(room, flags);
        failure = errno;
    } catch (const std::bad_alloc&) {
        failure = ENOMEM;
    }
    lock.lock();
    if (received > 0) {
        frames_.received(static_cast<std::size_t>(received));
        take_frames();
    } else if (received == 0) {
        lose(errc::not_connected, "the daemon closed the connection");
    } else if (failure == EAGAIN || failure == EWOULDBLOCK) {
        if ((flags & MSG_DONTWAIT) == 0)
            lose(errc::not_connected, "the daemon does not answer; is it stopped (connect_timeout)?");
    } else if (failure != EINTR) {
        lose(errc::not_connected, std::generic_category().message(failure));
    }
}

}  // namespace steward::detail
