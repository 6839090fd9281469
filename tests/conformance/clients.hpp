#pragma once

#include <algorithm>
#include <any>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <steward/manager.hpp>

#include "client/src/client.hpp"
#include "client/src/connection.hpp"
#include "proto/catalogue.hpp"
#include "proto/envelope.hpp"
#include "proto/errors.hpp"
#include "tests/conformance/proxies.hpp"
#include "tests/conformance/worker.hpp"
#include "tests/in_process/daemon.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/raw_client.hpp"

namespace steward::tests::conformance {

/// The three ways by which messages reach an object. They have the same methods: see Client in path.hpp, which says
/// what they mean.

/// Without a socket between.
class InProcessClient {
  public:
    InProcessClient(daemon::InProcessDaemon& daemon, daemon::Client client)
        : daemon_(&daemon), client_(std::move(client)) {}

    std::uint32_t session() const { return client_.number(); }
    static std::uint32_t thread(std::uint32_t number) { return number; }

    template <proto::Message M>
    std::uint64_t request(const M& message) {
        return client_.request(message);
    }
    template <proto::Message M>
    typename M::Result call(const M& message) {
        return result_of<M>(request(message));
    }
    template <proto::Message M>
    typename M::Result result_of(std::uint64_t request) {
        if (auto result = client_.result_of<M>(request))
            return *std::move(result);
        throw std::runtime_error(std::string(M::method) + " waits and should not");
    }
    bool waits(std::uint64_t request) { return client_.waits(request); }
    void cancel(std::uint64_t request) { call(proto::session::Cancel{.request = request}); }
    void end_thread(std::uint32_t thread) { call(proto::session::EndThread{.thread = thread}); }
    void close() { daemon_->close(client_); }

  private:
    daemon::InProcessDaemon* daemon_;
    daemon::Client client_;
};

/// By the messages of the protocol and nothing else.
class SocketClient {
  public:
    explicit SocketClient(const std::string& socket) : raw_(socket) {}

    std::uint32_t session() const { return raw_.session(); }
    static std::uint32_t thread(std::uint32_t number) { return number; }

    /// Requests of a session are carried out in their order: when a later one is answered, this one has its place.
    template <proto::Message M>
    std::uint64_t request(const M& message) {
        const auto request = raw_.request(message);
        raw_.call(proto::daemon::Status{});
        return request;
    }
    template <proto::Message M>
    typename M::Result call(const M& message) {
        return result_of<M>(raw_.request(message));
    }
    template <proto::Message M>
    typename M::Result result_of(std::uint64_t request) {
        const auto response = proto::decode_response(frame_of(request));
        if (response.refused)
            throw proto::Refusal(response.code, std::string(response.detail));
        return proto::decode_params<typename M::Result>(response.result);
    }
    bool waits(std::uint64_t request) { return !frames_.contains(request) && !raw_.has_response(request); }
    void cancel(std::uint64_t request) { call(proto::session::Cancel{.request = request}); }
    void end_thread(std::uint32_t thread) { call(proto::session::EndThread{.thread = thread}); }
    void close() {
        call(proto::session::Close{});
        raw_.close();
    }

  private:
    const std::string& frame_of(std::uint64_t request) {
        if (!frames_.contains(request))
            frames_.emplace(request, raw_.response_to(request));
        return frames_.at(request);
    }

    RawClient raw_;
    std::map<std::uint64_t, std::string> frames_;
};

/// By proxies of the library where these need not ask the daemon, and by the library's connection for the rest. Each
/// thread that messages name is a thread, or the only thread of a process that is to die.
class SharedMemoryClient {
  public:
    enum class Threads : std::uint8_t { of_their_own, the_caller };

    SharedMemoryClient(const std::string& socket, Threads threads)
        : manager_(std::in_place, options(socket)),
          proxies_(std::in_place, *manager_),
          observer_(socket),
          threads_(threads) {}

    SharedMemoryClient(const SharedMemoryClient&) = delete;
    SharedMemoryClient& operator=(const SharedMemoryClient&) = delete;
    ~SharedMemoryClient() {
        if (manager_)
            close();
    }

    std::uint32_t session() const { return manager_->session(); }
    std::uint32_t thread(std::uint32_t number) {
        return threads_ == Threads::the_caller ? detail::thread_number() : worker(number).number();
    }

    template <proto::Message M>
    std::uint64_t request(const M& message) {
        auto& request = requests_[++last_request_];
        if constexpr (CarriedOutByProxy<M>) {
            if (auto* known = proxies_->template find<typename ProxyOf<M>::type>(message.object)) {
                request = by_proxy(*known, message);
                settle();
                return last_request_;
            }
        }
        request.call = std::make_shared<detail::Call>();
        request.done = [call = request.call] { return call->done(); };
        connection().send(*request.call, translated(message));
        settle();
        return last_request_;
    }

    /// What takes no proxy blocks without a watchdog but that of CTest.
    template <proto::Message M>
    typename M::Result call(const M& message) {
        if constexpr (CarriedOutByProxy<M>) {
            if (auto* known = proxies_->template find<typename ProxyOf<M>::type>(message.object))
                return result_of<M>(by_proxy(*known, message));
        }
        const auto call = std::make_shared<detail::Call>();
        connection().send(*call, translated(message));
        connection().wait(*call);
        auto result = result_in<M>(*call);
        calls_.push_back(call);
        if constexpr (requires {
                          message.open;
                          result.object;
                      })
            proxies_->note_opened(message, result);
        return result;
    }

    template <proto::Message M>
    typename M::Result result_of(std::uint64_t request) {
        return result_of<M>(requests_.at(request));
    }

    bool waits(std::uint64_t request) {
        settle();
        return !requests_.at(request).done();
    }

    void cancel(std::uint64_t request) {
        connection().call(proto::session::Cancel{.request = requests_.at(request).call->id()});
    }

    /// The library notices it, and tells the daemon by this connection, ahead of what is sent later.
    void end_thread(std::uint32_t thread) {
        workers_.erase(thread);
        read_replies();
    }

    /// The session first: threads that wait go on then, and those that end have nothing left to lose.
    void close() {
        end_session();
        proxies_.reset();
        requests_.clear();
        calls_.clear();
        manager_.reset();
        workers_.clear();
    }

  private:
    struct Request {
        std::function<bool()> done = {};
        std::shared_ptr<detail::Call> call = {};   ///< none: a proxy carries it out
        std::shared_future<std::any> result = {};  ///< what the proxy gives
    };

    /// A session that is closed is to stay so, whatever still waits in it.
    static ManagerOptions options(const std::string& socket) {
        return {.socket = socket, .client_name = "conformance", .reconnect_timeout = std::chrono::nanoseconds::zero()};
    }

    detail::Connection& connection() const { return manager_->client()->connection(); }

    Worker& worker(std::uint32_t thread) {
        auto& found = workers_[thread];
        if (!found)
            found = std::make_unique<Worker>();
        return *found;
    }

    template <proto::Message M>
    M translated(M message) {
        if constexpr (requires { message.thread; })
            message.thread = thread(message.thread);
        return message;
    }

    /// Messages that name a thread and go by proxies consist of numbers alone, so that a copy of one is good for ever.
    template <class Proxy, proto::Message M>
    Request by_proxy(Known<Proxy>& known, const M& message) {
        Worker* its_thread = nullptr;
        if constexpr (requires { message.thread; })
            its_thread = threads_ == Threads::of_their_own ? &worker(message.thread) : nullptr;
        return carried_out(its_thread, [this, &known, message] { return proxies_->carry_out(known, message); });
    }

    /// By the thread, or at once.
    static Request carried_out(Worker* thread, const std::function<std::any()>& work) {
        const auto task = std::make_shared<std::packaged_task<std::any()>>(work);
        Request request{.result = task->get_future().share()};
        request.done = [result = request.result] {
            return result.wait_for(std::chrono::seconds::zero()) == std::future_status::ready;
        };
        if (thread)
            thread->run([task] { (*task)(); });
        else
            (*task)();
        return request;
    }

    template <proto::Message M>
    typename M::Result result_of(const Request& request) {
        if (request.call) {
            const auto read = [&] {
                read_replies();
                return request.done();
            };
            if (!eventually(read))
                throw std::runtime_error(std::string(M::method) + " waits and should not");
            return result_in<M>(*request.call);
        }
        if (request.result.wait_for(watchdog) != std::future_status::ready)
            throw std::runtime_error(std::string(M::method) + " waits and should not");
        return refusing([&] { return std::any_cast<const typename M::Result&>(request.result.get()); });
    }

    template <proto::Message M>
    static typename M::Result result_in(const detail::Call& call) {
        return refusing([&] { return proto::decode_params<typename M::Result>(call.result()); });
    }

    template <class F>
    static auto refusing(F work) {
        try {
            return work();
        } catch (const Error& error) {
            throw proto::Refusal(static_cast<proto::Errc>(error.code().value()), error.detail());
        }
    }

    /// Replies come in when somebody reads.
    void read_replies() const { connection().call(proto::daemon::Status{}); }

    void end_session() noexcept {
        try {
            connection().call(proto::session::Close{});
        } catch (const Error&) {
            return;  // the daemon is gone, and the session with it
        }
        eventually([&] { return unanswered_by_proxies() == 0; });
        for (const auto& [number, request] : requests_)
            if (request.call && !request.done())
                connection().forget(*request.call);
    }
    std::size_t unanswered_by_proxies() const {
        return static_cast<std::size_t>(std::ranges::count_if(
            requests_, [](const auto& entry) { return !entry.second.call && !entry.second.done(); }));
    }

    /// Waits until each request is answered or in a line.
    void settle() {
        const auto settled = [&] {
            read_replies();
            return unanswered() == waits_at_daemon();
        };
        if (!eventually(settled))
            throw std::runtime_error("a request is neither answered nor in a line");
    }
    std::uint64_t unanswered() const {
        std::uint64_t count = 0;
        for (const auto& [number, request] : requests_)
            count += request.done() ? 0 : 1;
        return count;
    }
    std::uint64_t waits_at_daemon() {
        const auto own = session();
        const auto found = observer_.call(proto::session::List{.after = own - 1, .limit = 1}).sessions;
        return found.empty() || found.front().session != own ? 0 : found.front().waits;
    }

    std::optional<Manager> manager_;
    std::optional<Proxies> proxies_;
    RawClient observer_;
    Threads threads_;
    std::map<std::uint32_t, std::unique_ptr<Worker>> workers_;
    std::map<std::uint64_t, Request> requests_;
    std::uint64_t last_request_ = 0;
    std::vector<std::shared_ptr<detail::Call>> calls_;  ///< keep what results refer to
};

}  // namespace steward::tests::conformance
