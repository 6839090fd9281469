#include "client/src/connection.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <limits>
#include <new>
#include <system_error>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>

#include "client/src/described.hpp"
#include "client/src/kill_point.hpp"
#include "client/src/poll_until.hpp"
#include "client/src/source_line.hpp"
#include "client/src/uncancelled.hpp"
#include "proto/objects/lock.hpp"
#include "proto/reader.hpp"
#include "proto/reference.hpp"
#include "shared/result_reader.hpp"

namespace steward::detail {
namespace {

constexpr std::size_t read_size = std::size_t{64} << 10;

/// The daemon keeps its own limits; these only keep a peer that is no daemon from taking all memory.
constexpr proto::FrameLimits reply_limits{
    .bytes = std::size_t{2} << 30, .depth = 1024, .elements = std::numeric_limits<std::uint32_t>::max()};

/// So often is read what a daemon has sent before it closed the connection.
constexpr int most_last_reads = 1024;

/// A lock is not to wait for a daemon that is stopped, only for people to read where it was taken.
constexpr std::chrono::milliseconds longest_wait_for_a_place(3);
constexpr std::chrono::seconds pause_without_places(1);

/// The clock of a daemon that took longer to answer may be another one, which differs by less than that.
constexpr std::uint64_t widest_look_at_a_clock_ns = 1'000'000'000;

std::uint64_t next_number() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

/// Of a socket; none: the descriptor is closed, or another file's.
std::optional<ino_t> inode_of(int socket) noexcept {
    struct stat found {};
    return ::fstat(socket, &found) == 0 && S_ISSOCK(found.st_mode) ? std::optional(found.st_ino) : std::nullopt;
}

void set_receive_timeout(int socket, std::chrono::nanoseconds timeout) {
    const auto microseconds = std::chrono::ceil<std::chrono::microseconds>(timeout).count();
    const timeval value{.tv_sec = microseconds / 1'000'000, .tv_usec = microseconds % 1'000'000};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value);
}

std::uint64_t monotonic_now_ns() {
    return *on_the_wire(std::chrono::steady_clock::now());
}

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

Connection::Connection(shared::UniqueFd socket, const Options& options)
    : socket_(std::move(socket)),
      inode_(inode_of(socket_.get())),
      number_(next_number()),
      lock_order_(options.lock_order),
      uses_(options.uses),
      frames_(reply_limits) {
    set_receive_timeout(socket_.get(), options.timeout);
    proto::session::Open open{.client_name = options.client_name,
                              .capabilities = {},
                              .in_name_of = options.in_name_of,
                              .lock_order_warnings = options.lock_order != nullptr,
                              .resume = options.resume};
    if (options.shared_words)
        open.capabilities.push_back(proto::session::shared_words);
    if (options.shared_reads)
        open.capabilities.push_back(proto::session::shared_reads);
    const auto asked_ns = monotonic_now_ns();
    const auto opened = call(open);
    const auto now_ns = monotonic_now_ns();
    has_the_same_clock_ =
        asked_ns <= opened->clock_ns && opened->clock_ns <= now_ns && now_ns - asked_ns < widest_look_at_a_clock_ns;
    session_ = opened->session;
    max_request_bytes_ = opened->max_frame_bytes;
    map_memory(opened->words_bytes, opened->heap_bytes);
    set_receive_timeout(socket_.get(), std::chrono::nanoseconds::zero());
}

/// The descriptors came in the order of the capabilities. What cannot be mapped is asked for.
void Connection::map_memory(std::uint64_t words_bytes, std::uint64_t heap_bytes) {
    auto next = descriptors_.begin();
    if (words_bytes != 0 && next != descriptors_.end())
        words_ = WordMap::map(*next++, words_bytes);
    if (heap_bytes != 0 && next != descriptors_.end()) {
        try {
            heap_ = std::make_unique<const shared::HeapView>(std::move(*next), heap_bytes - shared::segment_begin);
        } catch (const std::runtime_error&) {
            heap_ = nullptr;
        }
    }
    descriptors_.clear();
}

// The look at the heap comes behind that at the clock: the fence (sequentially consistent) is the other one of
// Waiting::expect_in_time. The record of a request may be forgotten for those of so many later ones.
bool Connection::has_not_happened(std::uint64_t request, std::uint64_t object) const noexcept {
    std::unique_lock lock(mutex_);
    if (heap_ == nullptr || !has_the_same_clock_ || pending_.made_since(request) >= shared::ResultReader::newest)
        return false;
    lock.unlock();
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return heap_->find(shared::ObjectId{object}) &&
           shared::ResultReader(*heap_).find(session_, request) == shared::Reading::missing;
}

std::uint32_t Connection::place_number(const std::source_location& where) {
    const Place place(where.file_name(), where.line());
    const auto now = std::chrono::steady_clock::now();
    {
        const std::lock_guard lock(places_mutex_);
        if (const auto known = places_.find(place); known != places_.end())
            return known->second;
        if (now < ask_for_places_)
            return 0;
    }
    const auto line = source_line(where);
    const Reply<proto::session::Place> reply(*this, {.where = line}, now + longest_wait_for_a_place);
    const std::lock_guard lock(places_mutex_);
    if (reply->place != 0)
        places_.emplace(place, reply->place);
    else
        ask_for_places_ = std::chrono::steady_clock::now() + pause_without_places;
    return reply->place;
}

Connection::~Connection() {
    const Uncancelled uncancelled;
    if (!socket_)
        return;  // another one has taken it over
    if (inode_of(socket_.get()) != inode_) {
        close_socket();
        return;
    }
    std::string request;
    try {
        proto::encode_request(request, std::numeric_limits<std::uint64_t>::max(), proto::session::Close{});
    } catch (const std::bad_alloc&) {
        return;  // the daemon learns it from the end of the process
    }
    if (push_rest())
        ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

/// Whoever closes all descriptors (closefrom(3)), as programs do that go into the background, may have opened files of
/// his own under their numbers.
void Connection::close_socket() noexcept {
    if (inode_of(socket_.get()) == inode_)
        socket_ = shared::UniqueFd();
    else
        std::ignore = socket_.release();
}

std::optional<std::uint64_t> Connection::begin(Call& call) {
    if (loss_)
        throw ConnectionLost(errc::not_connected, loss_->reason, call.id());
    pending_.add(call);
    return call.repeatable_ ? std::optional(pending_.answered_below()) : std::nullopt;
}

/// Of one that was not sent. Throws ConnectionLost where it has ended with the connection meanwhile.
void Connection::take_back(Call& call, bool is_made_again) {
    const std::lock_guard lock(mutex_);
    if (call.done())
        throw ConnectionLost(errc::not_connected, "the connection was lost", call.id());
    if (is_made_again)
        pending_.lose(call);
    else
        pending_.remove(call);
}

void Connection::forget(Call& call) noexcept {
    const std::lock_guard lock(mutex_);
    if (call.done())
        return;
    if (std::exchange(call.pipelined_, false))
        forget_pipelined(call);
    else
        pending_.remove(call);
}

void Connection::forget_pipelined(Call& call) noexcept {
    try {
        forgotten_.emplace(call.id(), std::move(call.request_));
        pending_.lose(call);
    } catch (const std::bad_alloc&) {  // it is not known when it is done, nor made again
        forgotten_.erase(call.id());
        pending_.remove(call);
        pipelined_.fetch_sub(1, std::memory_order_release);
    }
}

void Connection::expect_to_fit(std::string_view method, std::string_view request) const {
    try {
        proto::FrameBuffer::expect_to_fit(request, {.bytes = max_request_bytes_});
    } catch (const proto::FrameTooLarge& too_large) {
        throw Error(errc::too_large, std::string(method) + ": " + too_large.what());
    }
}

/// The daemon has closed the connection before it got anything of the request. Why, it may have said before that.
void Connection::throw_unsent(Call& call) {
    const Uncancelled uncancelled;
    std::unique_lock lock(mutex_);
    if (!call.done())
        pending_.lose(call);
    if (!led_) {
        led_ = true;
        for (int reads = 0; reads < most_last_reads && !loss_; ++reads)
            read(lock, MSG_DONTWAIT);
        step_down();
    }
    lose(errc::not_connected, "the daemon closed the connection");
    if (loss_->code == errc::not_connected || loss_->code == errc::shutting_down)
        throw ConnectionLost(errc::not_connected, loss_->reason, call.id());
    throw Error(loss_->code, loss_->reason);  // of what this client has done
}

std::string Connection::requests_for(const std::vector<std::shared_ptr<Use>>& uses) {
    std::string requests;
    for (const auto& use : uses)
        encode_without_call(requests, proto::object::Use{.object = use->object()});
    return requests;
}

// Nobody sends, since send_mutex_ is held, and nobody reads, since there is no leader: a thread that leads finds the
// old socket shut down, and steps down. Descriptors keep their numbers, so that whoever is about to use one uses the
// new socket.
void Connection::take_over(Connection&& resumed, const std::vector<std::shared_ptr<Use>>& uses) {
    const Uncancelled uncancelled;
    const std::lock_guard sending(send_mutex_);
    std::string requests;
    {
        std::unique_lock lock(mutex_);
        led_no_longer_.wait(lock, [&] { return !led_; });
        if (dup3(resumed.socket_.get(), socket_.get(), O_CLOEXEC) < 0)
            throw Error(errc::not_connected, std::generic_category().message(errno));
        resumed.socket_ = shared::UniqueFd();
        inode_ = resumed.inode_;
        rest_.clear();
        max_request_bytes_ = resumed.max_request_bytes_;
        has_the_same_clock_ = resumed.has_the_same_clock_;
        frames_ = proto::FrameBuffer(reply_limits);
        requests = requests_to_send_again();
        ++takeovers_;
        std::erase_if(notices_, [](const Notice& notice) {
            return std::holds_alternative<proto::object::Drop>(notice) || std::holds_alternative<Withdrawal>(notice) ||
                   std::holds_alternative<BellWanted>(notice);
        });
        asked_bells_.clear();
        descriptors_.clear();
        bell_is_asked_for_ = false;  // the old one is listened to until there is another
        bells_.forget_all();
        loss_.reset();
        lost_.store(false, std::memory_order_release);
    }
    kill_point(KillPoint::taken_over);
    send_bytes(requests_for(uses) + requests);
    kill_point(KillPoint::sent_again);
}

/// In their order. What has the daemon carried out before, it answers again.
std::string Connection::requests_to_send_again() const {
    auto requests = forgotten_;
    requests.insert(withdrawn_.begin(), withdrawn_.end());
    for (const auto* call : pending_.all())
        requests.emplace(call->id(), call->request_);
    std::string all;
    for (const auto& [number, request] : requests)
        all += request;
    return all;
}

/// A warning comes before the reply that it belongs to, so who sees the call done sees the flag.
Connection::Waited Connection::wait(Call& call, Patience patience) {
    const auto waited = wait_until_done(call, patience);
    if (warned_.load(std::memory_order_relaxed))
        tell_warnings();
    return waited;
}

void Connection::tell_warnings() {
    std::vector<LockOrderWarning> warnings;
    {
        const std::lock_guard lock(mutex_);
        warnings.swap(warnings_);
        warned_.store(false, std::memory_order_relaxed);
    }
    for (const auto& warning : warnings)
        lock_order_->tell(warning);
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
            lose(errc::not_connected, "the daemon does not answer");
    } else if (failure != EINTR) {
        lose(errc::not_connected, std::generic_category().message(failure));
    }
}

/// With the descriptors that may come with a reply.
ssize_t Connection::receive(std::span<char> room, int flags) {
    constexpr std::size_t most_descriptors = 4;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control{};
    iovec bytes{.iov_base = room.data(), .iov_len = room.size()};
    msghdr header{};
    header.msg_iov = &bytes;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const auto received = recvmsg(socket_.get(), &header, flags | MSG_CMSG_CLOEXEC);
    if (received > 0)
        receive_descriptors(header);
    return received;
}

void Connection::receive_descriptors(msghdr& header) {
    for (auto* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        std::vector<int> descriptors((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(descriptors.data(), CMSG_DATA(part), descriptors.size() * sizeof(int));
        for (const int descriptor : descriptors)
            descriptors_.emplace_back(descriptor);
    }
}

void Connection::take_frames() {
    try {
        while (const auto frame = frames_.next())
            take_frame(*frame);
    } catch (const std::bad_alloc&) {
        lose(errc::not_connected, "there is no memory for a reply");
    } catch (const std::exception& fault) {
        lose(errc::protocol_error, fault.what());
    }
}

void Connection::take_frame(std::string_view frame) {
    if (proto::kind_of(frame) == proto::EnvelopeKind::notification) {
        take_notification(frame);
        return;
    }
    const auto response = proto::decode_response(frame);
    if (const auto asked = asked_bells_.find(response.id); asked != asked_bells_.end()) {
        take_bell(asked->second, response);
        asked_bells_.erase(asked);
        return;
    }
    if (!forgotten_.empty() && forgotten_.erase(response.id) != 0) {
        pending_.give_up(response.id);
        pipelined_.fetch_sub(1, std::memory_order_release);
    }
    if (response.refused && withdrawn_.erase(response.id) != 0)
        pending_.give_up(response.id);
    auto* call = pending_.find(response.id);
    if (uses_ != nullptr && proto::may_refer(frame))
        note_references(frame, call);
    if (call == nullptr)
        return;
    call->body_ = response.refused ? response.detail : response.result.bytes;
    call->refused_ = response.refused;
    call->code_ = response.code;
    if (response.refused)
        call->data_ = response.data.bytes;
    pending_.remove(*call);
    finish(*call);
}

/// The receipts for them are kept as long as the call's result; those in a reply that nobody waits for go back at once.
void Connection::note_references(std::string_view frame, Call* call) {
    proto::each_reference(frame, [&](const proto::Reference& reference) {
        if (call == nullptr)
            return note_notice(proto::object::Drop{.object = reference.object, .receipts = 1});
        // A handle that found no place here would end with mutex_ held.
        auto& place = call->uses_.emplace_back();
        place = uses_->told(reference.object);
    });
}

/// The last that the leader does to a call: a pipelined one may be gone when it is done.
void Connection::finish(Call& call) noexcept {
    if (call.waits_) {
        waiting_.remove(call);
        call.progress_.notify_one();  // its thread needs mutex_ to go on
    }
    end_pipelined(call);
    call.finish();
}

/// Release: what was read for the call is there for those who see that it is done.
void Connection::end_pipelined(Call& call) noexcept {
    if (std::exchange(call.pipelined_, false))
        pipelined_.fetch_sub(1, std::memory_order_release);
}

void Connection::take_notification(std::string_view frame) {
    const auto notification = proto::decode_notification(frame);
    if (notification.method == proto::LockOrder::method && lock_order_ != nullptr) {
        warnings_.push_back(described(proto::decode_params<proto::LockOrder>(notification.params)));
        warned_.store(true, std::memory_order_relaxed);
        return;
    }
    if (notification.method != proto::closing_method)
        return;  // of a newer daemon
    proto::Reader reason(notification.params.bytes);
    if (reason.array() < 2)
        throw proto::Malformed("a reason is an array of number and detail");
    const auto code = static_cast<errc>(reason.unsigned_integer());
    lose(code, "the daemon closed the connection: " + std::string(reason.string()));
}

void Connection::lose(errc code, std::string_view reason) {
    if (!loss_)
        loss_ = Loss{code, std::string(reason)};
    lost_.store(true, std::memory_order_release);
    shutdown(socket_.get(), SHUT_RDWR);
    const bool there_may_be_another = loss_->code == errc::not_connected || loss_->code == errc::shutting_down;
    for (auto* call : pending_.take_lost(there_may_be_another)) {
        call->refused_ = true;
        call->lost_ = true;
        call->code_ = static_cast<proto::Errc>(loss_->code);
        call->body_ = loss_->reason;
        finish(*call);
    }
}

}  // namespace steward::detail
