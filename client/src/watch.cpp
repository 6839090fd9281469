#include <steward/watch.hpp>

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <deque>
#include <memory>
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

/// A connection that only listens, once its two requests are answered.
class WatchState {
  public:
    WatchState(std::shared_ptr<Client> client, const proto::watch::Open& subject)
        : client_(std::move(client)),
          socket_(connect_to(client_->options().socket, client_->options().connect_timeout)) {
        ask(1, proto::session::Open{.client_name = client_->options().client_name, .capabilities = {}});
        ask(2, subject);
    }

    int descriptor() const noexcept { return socket_.get(); }

    std::optional<Change> next_within(std::optional<std::chrono::nanoseconds> timeout) {
        const auto deadline = std::chrono::steady_clock::now() + timeout.value_or(std::chrono::nanoseconds::zero());
        for (;;) {
            take_frames();
            if (!changes_.empty())
                break;
            const auto left = deadline - std::chrono::steady_clock::now();
            if (!receive(timeout ? std::optional(std::max(left, std::chrono::steady_clock::duration::zero()))
                                 : std::nullopt))
                return std::nullopt;
        }
        auto change = std::move(changes_.front());
        changes_.pop_front();
        return change;
    }

  private:
    template <proto::Message M>
    void ask(std::uint64_t id, const M& message) {
        std::string request;
        proto::encode_request(request, id, message);
        if (::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
            throw Error(errc::not_connected, std::generic_category().message(errno));
        for (answered_ = 0; answered_ != id;) {
            receive(std::nullopt);
            take_frames();
        }
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
            const auto response = proto::decode_response(frame);
            if (response.refused)
                throw Error(static_cast<errc>(response.code), response.detail);
            answered_ = response.id;
            return;
        }
        const auto notification = proto::decode_notification(frame);
        if (notification.method == proto::Change::method)
            take_change(proto::decode_params<proto::Change>(notification.params));
        else if (notification.method == proto::closing_method)
            throw Error(errc::not_connected, "the daemon closed the connection of the watch");
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
        proto::encode_request(request, answered_, proto::object::Drop{.object = object, .receipts = 1});
        ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }

    /// False: the time is over first. Throws not_connected.
    bool receive(std::optional<std::chrono::nanoseconds> timeout) {
        pollfd watched{.fd = socket_.get(), .events = POLLIN, .revents = 0};
        const auto time = timespec_of(timeout.value_or(std::chrono::nanoseconds::zero()));
        const int ready = ::ppoll(&watched, 1, timeout ? &time : nullptr, nullptr);
        if (ready == 0)
            return false;
        if (ready < 0)
            return receive_after(errno);
        const auto room = frames_.room(event_read_size);
        const auto received = ::recv(socket_.get(), room.data(), room.size(), MSG_DONTWAIT);
        if (received == 0)
            throw Error(errc::not_connected, "the daemon has ended");
        if (received < 0)
            return receive_after(errno);
        frames_.received(static_cast<std::size_t>(received));
        return true;
    }

    static bool receive_after(int error) {
        if (error != EINTR && error != EAGAIN)
            throw Error(errc::not_connected, std::generic_category().message(error));
        return true;
    }

    static timespec timespec_of(std::chrono::nanoseconds time) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
        return {.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
    }

    std::shared_ptr<Client> client_;
    shared::UniqueFd socket_;
    proto::FrameBuffer frames_;
    std::uint64_t answered_ = 0;
    std::deque<Change> changes_;
};

}  // namespace detail

Watch::Watch(std::unique_ptr<detail::WatchState> state) noexcept : state_(std::move(state)) {}
Watch::Watch(Watch&&) noexcept = default;
Watch& Watch::operator=(Watch&&) noexcept = default;
Watch::~Watch() = default;

Watch Manager::watch(std::string_view prefix) const {
    return Watch(std::make_unique<detail::WatchState>(client_, proto::watch::Open{.prefix = prefix}));
}

Watch Manager::watch(std::uint64_t object) const {
    return Watch(std::make_unique<detail::WatchState>(client_, proto::watch::Open{.object = object, .prefix = {}}));
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
