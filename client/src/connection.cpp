#include "client/src/connection.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <new>
#include <system_error>
#include <tuple>
#include <utility>

#include "client/src/kill_point.hpp"
#include "client/src/source_line.hpp"
#include "client/src/uncancelled.hpp"
#include "shared/result_reader.hpp"

namespace steward::detail {
namespace {

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

}  // namespace

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
    if (!owns_descriptors()) {
        disown_descriptors();
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
/// his own under their numbers. The socket tells for all of them.
bool Connection::owns_descriptors() const noexcept {
    return inode_of(socket_.get()) == inode_;
}

void Connection::disown_descriptors() noexcept {
    for (auto* descriptor : {&socket_, &bell_, &vacancy_})
        std::ignore = descriptor->release();
    for (auto& descriptor : descriptors_)
        std::ignore = descriptor.release();
    bells_.disown_all();
}

void Connection::close_socket() noexcept {
    if (owns_descriptors())
        socket_ = shared::UniqueFd();
    else
        disown_descriptors();
}

void Connection::shut_down() noexcept {
    if (owns_descriptors())
        shutdown(socket_.get(), SHUT_RDWR);
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

void Connection::note_withdrawal(std::uint64_t number, const RequestView& request) {
    std::string bytes;
    request.encode(bytes, number, pending_.answered_below(), proto::withdrawn);
    withdrawn_.insert_or_assign(number, std::move(bytes));
}

void Connection::withdraw(std::uint64_t number, const RequestView& request) {
    std::unique_lock lock(mutex_);
    if (number == 0)
        number = pending_.number_without_call();
    pending_.keep(number);
    note_withdrawal(number, request);
    lock.unlock();
    tell(Withdrawal{number});
}

bool Connection::withdraw(Call& call, const RequestView& request) {
    if (!withdraw_later(call, request))
        return false;
    tell_what_is_due();
    return true;
}

bool Connection::withdraw_later(Call& call, const RequestView& request) {
    const std::lock_guard lock(mutex_);
    if (call.done())
        return false;
    note_withdrawal(call.id(), request);
    pending_.lose(call);
    if (!loss_)
        note_notice(Withdrawal{call.id()});
    return true;
}

void Connection::give_up_unsent(std::uint64_t number, const RequestView& request) {
    if (number != 0 ? request.is_withdrawn() : request.is_missed())
        withdraw(number, request);
    else
        give_up(number);
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

void Connection::encode_without_call(std::string& out, const RequestView& request) {
    const std::lock_guard lock(mutex_);
    request.encode(out, pending_.number_without_call());
}

// Descriptors keep their numbers, so that whoever is about to use one uses the new socket; unless the program has given
// them to files of its own.
void Connection::take_socket_of(Connection& resumed) {
    if (!owns_descriptors()) {
        disown_descriptors();
        socket_ = std::move(resumed.socket_);
    } else if (dup3(resumed.socket_.get(), socket_.get(), O_CLOEXEC) < 0) {
        throw Error(errc::not_connected,
                    "the session cannot go on over a new connection: " + std::generic_category().message(errno));
    }
    resumed.socket_ = shared::UniqueFd();
    inode_ = resumed.inode_;
}

// Nobody sends, since send_mutex_ is held, and nobody reads, since there is no leader: a thread that leads finds the
// old socket shut down, and steps down.
void Connection::take_over(Connection&& resumed, const std::vector<std::shared_ptr<Use>>& uses) {
    const Uncancelled uncancelled;
    const std::lock_guard sending(send_mutex_);
    std::string requests;
    {
        std::unique_lock lock(mutex_);
        led_no_longer_.wait(lock, [&] { return !led_; });
        take_socket_of(resumed);
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

void Connection::lose(errc code, std::string_view reason) {
    if (!loss_)
        loss_ = Loss{code, std::string(reason)};
    lost_.store(true, std::memory_order_release);
    shut_down();
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
