#include "client/src/client.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "client/src/kill_point.hpp"
#include "client/src/process.hpp"
#include "client/src/socket_path.hpp"
#include "client/src/uncancelled.hpp"

namespace steward::detail {
namespace {

/// Never nothing, which a socket takes for ever.
std::chrono::nanoseconds left_until(std::chrono::steady_clock::time_point patience) {
    constexpr std::chrono::nanoseconds shortest = std::chrono::milliseconds(1);
    return std::max<std::chrono::nanoseconds>(shortest, patience - std::chrono::steady_clock::now());
}

/// No other daemon would say anything else.
bool is_final(const Error& error) {
    return error.code() == errc::session_lost || error.code() == errc::version_mismatch;
}

/// Each time that nobody serves there yet, it waits longer before it tries again.
template <class F>
void until_there_is_a_daemon(std::chrono::steady_clock::time_point until, F&& attempt) {
    constexpr auto longest_pause = std::chrono::milliseconds(100);
    for (auto pause = std::chrono::milliseconds(1);; pause = std::min(2 * pause, longest_pause)) {
        try {
            attempt();
            return;
        } catch (const Error& error) {
            if (is_final(error) || std::chrono::steady_clock::now() >= until)
                throw;
        }
        std::this_thread::sleep_until(std::min(std::chrono::steady_clock::now() + pause, until));
    }
}

}  // namespace

/// The connection that one process has. A forked child inherits its parent's as memory of no use: its mutexes may be
/// locked by threads that do not exist in the child.
struct Client::Incarnation {
    const std::uint64_t generation = process_generation();
    std::timed_mutex mutex;  ///< for making the connection
    std::atomic<Connection*> connection{nullptr};
    std::string ended;  ///< why the session cannot go on; empty: it can
    Incarnation* next_abandoned = nullptr;

    ~Incarnation() { delete connection.load(); }

    /// For a child: closes the inherited descriptor and never touches the rest again.
    void abandon() noexcept {
        static std::atomic<Incarnation*> abandoned{nullptr};
        if (auto* inherited = connection.load(std::memory_order_acquire); inherited != nullptr)
            inherited->abandon_after_fork();
        next_abandoned = abandoned.load(std::memory_order_relaxed);
        while (!abandoned.compare_exchange_weak(next_abandoned, this, std::memory_order_relaxed)) {
        }
    }
};

Client::Client(Options options)
    : options_(std::move(options)),
      uses_(std::make_shared<Uses>([this](std::uint64_t object, std::uint64_t receipts) {
          if (auto* connection = connection_if_any(); connection != nullptr)
              connection->drop(object, receipts);
      })),
      incarnation_(new Incarnation) {
    try {
        connection();
    } catch (...) {
        delete incarnation_.load();
        throw;
    }
}

Client::~Client() {
    uses_->close();
    auto* last = incarnation_.load(std::memory_order_acquire);
    if (last->generation == process_generation())
        delete last;
    else
        last->abandon();
}

Client::Incarnation& Client::incarnation() {
    auto* current = incarnation_.load(std::memory_order_acquire);
    if (current->generation == process_generation())
        return *current;
    auto own = std::make_unique<Incarnation>();
    // Of several threads of the child one wins; acq_rel: what it made is seen by those who find it.
    if (!incarnation_.compare_exchange_strong(current, own.get(), std::memory_order_acq_rel))
        return *current;
    current->abandon();
    return *own.release();
}

Connection::Options Client::connection_options(std::uint32_t resume) {
    return {.client_name = options_.client_name,
            .timeout = options_.connect_timeout,
            .in_name_of = options_.in_name_of,
            .resume = resume,
            .shared_words = options_.shared_words && !options_.lock_order_warnings,
            .shared_reads = options_.shared_reads,
            .lock_order = options_.lock_order_warnings ? &lock_order_ : nullptr,
            .uses = uses_};
}

Connection* Client::connection_until(Patience patience) {
    const Uncancelled uncancelled;
    auto& own = incarnation();
    if (auto* connection = own.connection.load(std::memory_order_acquire); connection != nullptr && !connection->lost())
        return connection;
    auto until = std::chrono::steady_clock::now() + options_.reconnect_timeout;
    if (patience)
        until = std::min(until, *patience);
    std::unique_lock lock(own.mutex, std::defer_lock);
    if (!patience)
        lock.lock();
    else if (!lock.try_lock_until(*patience))
        return nullptr;
    try {
        if (auto* connection = own.connection.load(std::memory_order_relaxed); connection == nullptr)
            is_first_ ? connect_at_first(own) : until_there_is_a_daemon(until, [&] { connect(own); });
        else if (connection->lost() && reconnects())
            until_there_is_a_daemon(until, [&] { resume(own, *connection, patience); });
    } catch (const Error& error) {
        if (is_over(patience) && !is_final(error))
            return nullptr;
        throw;
    }
    is_first_ = false;
    return own.connection.load(std::memory_order_relaxed);
}

void Client::connect(Incarnation& own) {
    auto connection =
        std::make_unique<Connection>(connect_to(options_.socket, options_.connect_timeout), connection_options(0));
    const auto inherited = uses_->begin_session();
    auto* published = connection.get();
    published->send_first(inherited, [&] { own.connection.store(connection.release(), std::memory_order_release); });
}

/// Where nobody listens, that is said at once. A daemon that has gone in the middle of it has a successor, mostly.
void Client::connect_at_first(Incarnation& own) {
    const auto until = std::chrono::steady_clock::now() + options_.connect_timeout;
    try {
        connect(own);
    } catch (const ConnectionLost&) {
        if (std::chrono::steady_clock::now() >= until)
            throw;
        until_there_is_a_daemon(until, [&] { connect(own); });
    }
}

void Client::resume(Incarnation& own, Connection& lost, Patience patience) {
    if (!own.ended.empty())
        throw Error(errc::session_lost, own.ended);
    try {
        auto options = connection_options(lost.session());
        if (patience)
            options.timeout = std::min(options.timeout, left_until(*patience));
        kill_point(KillPoint::reconnecting);
        auto socket = connect_to(options_.socket, options.timeout);
        kill_point(KillPoint::connected_again);
        Connection resumed(std::move(socket), options);
        kill_point(KillPoint::session_resumed);
        lost.take_over(std::move(resumed), uses_->begin_session());
    } catch (const Error& error) {
        if (error.code() == errc::session_lost)
            own.ended = error.detail();
        throw;
    }
}

Client::Repetition::~Repetition() {
    if (request_ == 0)
        return;
    if (auto* connection = client_.connection_if_any(); connection != nullptr)
        connection->give_up(request_);
}

void Client::Repetition::note(const ConnectionLost& loss) {
    request_ = loss.request();
    if (request_ != 0 && ++losses_ == most_losses)
        throw ConnectionLost(loss);
}

/// That of this process; nullptr where it has none.
Connection* Client::connection_if_any() noexcept {
    auto* current = incarnation_.load(std::memory_order_acquire);
    return current->generation == process_generation() ? current->connection.load(std::memory_order_acquire) : nullptr;
}

/// Of a request that may have been sent over a connection that was lost, and no other is there in time.
bool Client::may_be_given_up(const Repetition& repetition, const RequestView& request) noexcept {
    const auto* connection = connection_if_any();
    return connection == nullptr || connection->may_be_given_up(repetition.request(), request);
}

void Client::give_up(Repetition& repetition, const RequestView& request) {
    if (auto* connection = connection_if_any(); connection != nullptr)
        connection->give_up_unsent(repetition.request(), request);
    repetition.release();
}

Connection* Client::working_connection() noexcept {
    auto* connection = connection_if_any();
    return connection != nullptr && !connection->lost() ? connection : nullptr;
}

void Client::end_thread(std::uint32_t thread) noexcept {
    if (auto* connection = connection_if_any(); connection != nullptr)
        connection->end_thread(thread);
}

}  // namespace steward::detail
