#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "client/src/connection.hpp"
#include "client/src/patience.hpp"
#include "client/src/timeout_ns.hpp"
#include "client/src/uses.hpp"

namespace steward::detail {

/// What all copies of a Manager and all its proxies share: the way to the daemon, and this process's connection.
///
///     Connection& connection = manager.client()->connection();
///
/// Thread-safe, and safe across fork(): the child makes a connection of its own when it first asks for one, and never
/// touches its parent's but for closing the inherited descriptor.
class Client {
  public:
    struct Options {
        std::filesystem::path socket;
        std::string client_name;
        std::chrono::nanoseconds connect_timeout{};
        std::chrono::nanoseconds reconnect_timeout{};  ///< 0: a connection that is lost stays so
        std::uint32_t in_name_of = 0;
        bool lock_order_warnings = false;
        bool shared_words = true;
        bool shared_reads = true;
    };

    /// So often the reply to one request may be lost: a daemon may die of it.
    static constexpr int most_losses = 10;

    /// Connects. Throws not_connected.
    explicit Client(Options options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The connection of this process. Where it was lost, or a forked child makes its own, it waits for a daemon with
    /// which the session goes on, or begins, at most for the reconnect_timeout. Throws not_connected, also in a forked
    /// child that cannot make one, and session_lost. The first thing that a session does then is to use what the
    /// handles that it has inherited keep in use.
    Connection& connection() { return *connection_until({}); }

    /// Sends a request and blocks until its reply is there. Where that is lost with the connection, the request is made
    /// again over the next one, and carried out once all the same. Throws Error; not_connected where there is no next
    /// one, and nobody knows whether the request was carried out. A request with a time-out is given up soon after its
    /// deadline, whatever becomes of the daemon.
    template <proto::Message M>
    Reply<M> call(const M& message) {
        if constexpr (requires { message.timeout_ns; }) {
            return call_by(message, obeys_its_deadline<M> ? deadline_after(message.timeout_ns) : std::nullopt);
        } else {
            if (!reconnects())
                return connection().call(message);
            Repetition repetition(*this);
            for (;;) {
                auto& way = connection();
                try {
                    return way.call(message, repetition.request());
                } catch (const ConnectionLost& loss) {
                    repetition.note(loss);
                }
            }
        }
    }

    /// The same for a request that may wait, until that deadline; `hears`: what its thread does where the bell of the
    /// session is rung meanwhile.
    template <proto::Message M>
    Reply<M> call_by(const M& message, Patience deadline, const HearsBell* hears = nullptr) {
        const auto begun = std::chrono::steady_clock::now();
        Repetition repetition(*this);
        auto request = message;
        auto patience = patience_until(deadline);
        for (;; request.timeout_ns = left_of(message.timeout_ns, begun)) {
            auto* way = connection_until(patience);
            if (way == nullptr && !may_be_given_up(repetition, message)) {
                patience = {};  // the next daemon knows
                continue;
            }
            if (way == nullptr) {
                give_up(repetition, message);
                return Reply<M>();
            }
            try {
                return way->call(request, repetition.request(), deadline, hears);
            } catch (const ConnectionLost& loss) {
                if (!reconnects())
                    throw;
                repetition.note_wait(loss);
            }
        }
    }

    /// The same for those who must not wait; nullptr where it is lost, or this process has none.
    Connection* working_connection() noexcept;

    /// Whether a connection that is lost is made again.
    bool reconnects() const noexcept { return options_.reconnect_timeout > std::chrono::nanoseconds::zero(); }

    Uses& uses() noexcept { return *uses_; }

    /// Tells the daemon that a thread of this process has ended; nothing where this process has no connection. Neither
    /// fails nor waits.
    void end_thread(std::uint32_t thread) noexcept;

    const std::filesystem::path& socket() const noexcept { return options_.socket; }
    const Options& options() const noexcept { return options_; }

    LockOrderListener& lock_order() noexcept { return lock_order_; }

    /// Keeps something alive for as long as the client: what a private daemon needs.
    void keep(std::shared_ptr<void> companion) { companion_ = std::move(companion); }

  private:
    struct Incarnation;

    /// One request that is made until its reply is there, or given up.
    class Repetition {
      public:
        explicit Repetition(Client& client) noexcept : client_(client) {}
        ~Repetition();
        Repetition(const Repetition&) = delete;
        Repetition& operator=(const Repetition&) = delete;

        /// By which number it is made again; 0: it has not been sent.
        std::uint64_t request() const noexcept { return request_; }

        /// Its reply was lost. Throws the loss where that has happened too often.
        void note(const ConnectionLost& loss);
        /// The same for one that waits, of which many daemons may see a part.
        void note_wait(const ConnectionLost& loss) noexcept { request_ = loss.request(); }

        /// Somebody else sees to it.
        void release() noexcept { request_ = 0; }

      private:
        Client& client_;
        std::uint64_t request_ = 0;
        int losses_ = 0;
    };

    bool may_be_given_up(const Repetition& repetition, const RequestView& request) noexcept;
    void give_up(Repetition& repetition, const RequestView& request);

    /// As connection(); null where the patience is over before there is one.
    Connection* connection_until(Patience);
    Connection::Options connection_options(std::uint32_t resume);
    void connect_at_first(Incarnation&);
    void connect(Incarnation& own);
    void resume(Incarnation& own, Connection& lost, Patience);
    Incarnation& incarnation();
    Connection* connection_if_any() noexcept;

    std::shared_ptr<void> companion_;
    Options options_;
    LockOrderListener lock_order_;
    const std::shared_ptr<Uses> uses_;
    std::atomic<Incarnation*> incarnation_;
    bool is_first_ = true;  ///< connection of all; under the incarnation's mutex
};

}  // namespace steward::detail
