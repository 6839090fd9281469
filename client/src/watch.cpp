#include <steward/watch.hpp>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <steward/manager.hpp>

#include "client/src/client.hpp"
#include "client/src/connection.hpp"
#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/socket_path.hpp"
#include "proto/envelope.hpp"
#include "proto/frame_buffer.hpp"
#include "proto/object.hpp"
#include "proto/reader.hpp"
#include "proto/reference.hpp"
#include "proto/session.hpp"
#include "proto/watch.hpp"

namespace steward {
namespace detail {
namespace {

constexpr std::size_t event_read_size = std::size_t{64} << 10;

Change described(const proto::Change& change, Any key) {
    return {.lost = change.lost,
            .object = change.object,
            .type = static_cast<ObjectType>(change.type),
            .name = std::string(change.name),
            .what = std::string(change.what),
            .key = std::move(key),
            .version = change.version};
}

}  // namespace

/// A connection that only listens, once its two requests are answered. Where it is lost it is made again, as long as
/// the Manager waits for a daemon; an epoll(7) descriptor stands for it and for the time of the next attempt, so that
/// who polls needs to know of neither.
class WatchState {
  public:
    /// Throws Error.
    WatchState(std::shared_ptr<Client> client, std::uint64_t object, std::string_view prefix)
        : client_(std::move(client)), object_(object), prefix_(prefix) {
        poll_for(timer_);
        lost_since_ = Clock::now();
        attempt();
        while (lost_since_) {
            go_on_within(std::nullopt);
            take_frames();
        }
        changes_.pop_front();  // the gap before its beginning
    }

    int descriptor() const noexcept { return events_.get(); }

    std::optional<Change> next_within(std::optional<std::chrono::nanoseconds> timeout) {
        const auto deadline = std::chrono::steady_clock::now() + timeout.value_or(std::chrono::nanoseconds::zero());
        for (;;) {
            take_frames();
            if (!changes_.empty())
                break;
            const auto left = deadline - std::chrono::steady_clock::now();
            if (!go_on_within(timeout ? std::optional(std::max(left, std::chrono::steady_clock::duration::zero()))
                                      : std::nullopt))
                return std::nullopt;
        }
        auto change = std::move(changes_.front());
        changes_.pop_front();
        return change;
    }

  private:
    using Clock = std::chrono::steady_clock;

    static constexpr std::uint64_t session_request = 1;
    static constexpr std::uint64_t subject_request = 2;
    static constexpr std::uint64_t drop_request = 3;
    static constexpr std::chrono::nanoseconds first_pause = std::chrono::milliseconds(1);
    static constexpr std::chrono::nanoseconds longest_pause = std::chrono::milliseconds(100);

    void attempt() {
        try {
            open();
        } catch (const Error& error) {
            lose(error.code(), error.detail());
        }
    }

    void open() {
        socket_ = connect_to(client_->options().socket, client_->options().connect_timeout);
        poll_for(socket_);
        frames_ = proto::FrameBuffer();
        std::string requests;
        proto::encode_request(requests, session_request,
                              proto::session::Open{.client_name = client_->options().client_name, .capabilities = {}});
        proto::encode_request(requests, subject_request, proto::watch::Open{.object = object_, .prefix = prefix_});
        if (::send(socket_.get(), requests.data(), requests.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(requests.size()))
            throw Error(errc::not_connected, "the watch cannot begin over " + client_->options().socket.string() +
                                                 ": " + std::generic_category().message(errno));
    }

    /// There will be another attempt; a later call makes it where the reason is thrown, because the time is over or
    /// waiting does not help.
    void lose(std::error_code code, std::string_view why) {
        socket_ = shared::UniqueFd();
        if (!lost_since_)
            lost_since_ = Clock::now();
        const itimerspec once{.it_interval = {}, .it_value = timespec_of(pause_)};
        timerfd_settime(timer_.get(), 0, &once, nullptr);
        pause_ = std::min(2 * pause_, longest_pause);
        const bool may_pass = code == errc::not_connected || code == errc::shutting_down || code == errc::busy;
        if (!may_pass || Clock::now() >= *lost_since_ + client_->options().reconnect_timeout)
            throw Error(static_cast<errc>(code.value()), why);
    }

    void note_answer(const proto::Response& response) {
        if (response.refused)
            lose(static_cast<errc>(response.code), response.detail);
        else if (response.id == subject_request)
            begin();
    }

    void begin() {
        lost_since_.reset();
        pause_ = first_pause;
        changes_.push_back(Change{.name = {}, .what = "gap", .key = {}});
    }

    void take_frames() {
        try {
            while (const auto frame = frames_.next())
                take_frame(*frame);
        } catch (const proto::Malformed& malformed) {
            throw Error(errc::protocol_error, malformed.what());
        }
    }

    void take_frame(std::string_view frame) {
        if (proto::kind_of(frame) == proto::EnvelopeKind::response) {
            note_answer(proto::decode_response(frame));
            return;
        }
        const auto notification = proto::decode_notification(frame);
        if (notification.method == proto::Change::method)
            take_change(proto::decode_params<proto::Change>(notification.params));
        else if (notification.method == proto::closing_method)
            take_closing(notification.params);
    }

    void take_closing(proto::Packed params) {
        proto::Reader reason(params.bytes);
        if (reason.array() < 2)
            throw proto::Malformed("a reason is an array of number and detail");
        const auto code = static_cast<errc>(reason.unsigned_integer());
        lose(code, "the daemon closed the connection of the watch: " + std::string(reason.string()));
    }

    void take_change(const proto::Change& change) { changes_.push_back(described(change, key_of(change))); }

    /// What a key refers to, the Manager's session is to use, and this one no longer. Where it has gone meanwhile, the
    /// reference is to nothing.
    Any key_of(const proto::Change& change) {
        std::vector<std::shared_ptr<Use>> uses;
        proto::each_reference(change.key.bytes, [&](const proto::Reference& reference) {
            uses.push_back(use(reference.object));
            drop(reference.object);
        });
        return unpack(client_, change.key);
    }

    std::shared_ptr<Use> use(std::uint64_t object) {
        try {
            client_->call(proto::object::Use{.object = object});
        } catch (const Error&) {
            return nullptr;
        }
        return client_->uses().told(object);
    }

    /// What finds no room is dropped with the session.
    void drop(std::uint64_t object) const {
        std::string request;
        proto::encode_request(request, drop_request, proto::object::Drop{.object = object, .receipts = 1});
        ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }

    /// Waits for what comes next and deals with it. False: the time is over first.
    bool go_on_within(std::optional<std::chrono::nanoseconds> timeout) {
        pollfd watched{.fd = events_.get(), .events = POLLIN, .revents = 0};
        const auto time = timespec_of(timeout.value_or(std::chrono::nanoseconds::zero()));
        const int ready = ::ppoll(&watched, 1, timeout ? &time : nullptr, nullptr);
        if (ready == 0)
            return false;
        if (socket_)
            receive();
        else if (eventfd_t expirations = 0; eventfd_read(timer_.get(), &expirations) == 0)
            attempt();
        return true;
    }

    void receive() {
        const auto room = frames_.room(event_read_size);
        const auto received = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
        if (received > 0)
            frames_.received(static_cast<std::size_t>(received));
        else if (received == 0)
            lose(errc::not_connected, "the daemon closed the connection of the watch");
        else if (errno != EINTR && errno != EAGAIN)
            lose(errc::not_connected, std::generic_category().message(errno));
    }

    void poll_for(const shared::UniqueFd& descriptor) {
        epoll_event event{.events = EPOLLIN, .data = {}};
        if (!descriptor || epoll_ctl(events_.get(), EPOLL_CTL_ADD, descriptor.get(), &event) != 0)
            throw Error(errc::not_connected, "no descriptor for a watch: " + std::generic_category().message(errno));
    }

    static timespec timespec_of(std::chrono::nanoseconds time) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
        return {.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
    }

    std::shared_ptr<Client> client_;
    const std::uint64_t object_;  ///< 0: the prefix says what is watched
    const std::string prefix_;
    shared::UniqueFd events_{epoll_create1(EPOLL_CLOEXEC)};
    shared::UniqueFd timer_{timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
    shared::UniqueFd socket_;                       ///< none: the connection is lost
    std::optional<Clock::time_point> lost_since_;   ///< until the watch is open again
    std::chrono::nanoseconds pause_ = first_pause;  ///< before the next attempt
    proto::FrameBuffer frames_;
    std::deque<Change> changes_;
};

}  // namespace detail

Watch::Watch(std::unique_ptr<detail::WatchState> state) noexcept : state_(std::move(state)) {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

Watch Manager::watch(std::string_view prefix) const {
    return Watch(std::make_unique<detail::WatchState>(client_, 0, prefix));
}

Watch Manager::watch(std::uint64_t object) const {
    return Watch(std::make_unique<detail::WatchState>(client_, object, std::string_view()));
}

Watch Manager::watch(const Object& object) const {
    try {
        return watch(object.id());
    } catch (const Error& error) {
        detail::throw_with_name(error, object.name());
    }
}

Change Watch::next() {
    return state_->next_within(std::nullopt).value();
}

std::optional<Change> Watch::next_within(std::optional<std::chrono::nanoseconds> timeout) {
    return state_->next_within(timeout);
}

int Watch::descriptor() const noexcept {
    return state_->descriptor();
}

}  // namespace steward
