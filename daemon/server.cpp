#include <utility>  // before Asio: Boost 1.74 uses std::exchange without it

#include "daemon/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <vector>

#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "daemon/logging.hpp"
#include "daemon/objects/process.hpp"
#include "proto/dump.hpp"
#include "shared/kill_point.hpp"

namespace steward::daemon {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t longest_client_name_bytes = 255;  ///< what is longer is cut: it is for people only

std::optional<StateFolder> state_folder_of(const Options& options) {
    if (options.state_dir.empty())
        return std::nullopt;
    StateFolder state(options.state_dir, options.instance);
    state.forget_unfinished(options.memory_record());
    return state;
}

Daemon::Settings settings_of(const Options& options) {
    return {.instance = options.instance,
            .memory = {.limit_bytes = options.memory_limit_bytes,
                       .record = options.private_daemon ? std::filesystem::path{} : options.memory_record(),
                       .forget_at_once = options.private_daemon},
            .grace_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(options.grace).count())};
}

/// Who is charged for what comes over the socket; nobody in particular where it has been closed meanwhile.
uid_t peer_uid_of(int socket) {
    constexpr uid_t nobody = 65'534;
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.uid : nobody;
}

}  // namespace

Server::Server(const Options& options, shared::UniqueFd listening)
    : options_(options),
      claim_(options.socket),
      state_(state_folder_of(options)),
      daemon_(settings_of(options)),
      dispatcher_(daemon_),
      turns_(loop_, {.begin = [this] { return begin_turn(); }, .end = [this] { end_turn(); }}),
      manager_(loop_, !options.private_daemon),
      door_(loop_, [this](Connection::Socket socket) { admit(std::move(socket)); }),
      signals_(loop_, SIGTERM, SIGINT, SIGHUP),
      timer_(loop_),
      time_limits_(loop_, [this] { end_overdue(); }),
      last_moment_(loop_),
      owner_(loop_),
      process_ends_(loop_, {.of_sessions = [this](const auto& sessions) { process_ended(sessions); },
                            .of_object = [this](std::uint64_t object) { awaited_process_ended(object); }}) {
    daemon_.reload = [this] { return reload(); };
    restore_state();
    if (!listening)
        listening = claim_.listen(options.private_daemon ? 0600 : 0666);
    door_.open(std::move(listening));
    for (const auto& [number, session] : daemon_.sessions.all())
        process_ends_.watch(*session);  // of a former daemon
}

Server::~Server() = default;

void Server::run() {
    await_signal();
    await_owner();
    door_.await();
    for (const auto uid : daemon_.domains.recovered())
        spdlog::warn("the memory of uid {} was left in the middle of an allocation; all of it has been copied", uid);
    for (const auto& [uid, why] : daemon_.domains.unserved())
        spdlog::error("uid {} is not served: {}", uid, why);
    spdlog::info("serving {} (instance {}, {} objects of {} users)", options_.socket.string(), options_.instance,
                 daemon_.registry.size(), daemon_.domains.all().size());
    tell_ready();
    loop_.run();
    finish();
}

void Server::tell_ready() {
    if (options_.ready_fd) {
        const char ready = '\n';
        if (::write(*options_.ready_fd, &ready, 1) != 1)
            spdlog::warn("nobody reads descriptor {} of --ready-fd", *options_.ready_fd);
        ::close(*options_.ready_fd);
    }
    manager_.ready("serving " + options_.socket.string());
}

std::uint64_t Server::begin_turn() {
    daemon_.now_ns = monotonic_now_ns();
    daemon_.waiting.expire_deadlines();
    return daemon_.now_ns;
}

void Server::end_turn() {
    flush_replies();
    daemon_.watches.catch_up();
    flush_replies();
    watch_processes();
    tidy();
    prepare();
    set_timer();
    settle_log();
}

void Server::flush_replies() {
    for (const auto number : daemon_.take_flushes())
        if (const auto found = by_session_.find(number); found != by_session_.end()) {
            const auto connection = found->second->shared_from_this();
            connection->flush();
            connection->end_if_it_reads_nothing();
        }
}

void Server::tidy() {
    if (!daemon_.tidy() || std::exchange(tidying_, true))
        return;
    asio::post(loop_, [this] {
        tidying_ = false;
        tidy();
    });
}

/// A piece between two turns.
void Server::prepare() {
    if (daemon_.preparations.empty() || std::exchange(preparing_, true))
        return;
    asio::post(loop_, [this] {
        preparing_ = false;
        begin_turn();
        const auto session = dispatcher_.go_on();
        end_turn();
        if (const auto found = by_session_.find(session.value_or(0)); found != by_session_.end())
            found->second->shared_from_this()->go_on_reading();
    });
}

void Server::set_timer() {
    const auto deadline_ns = daemon_.next_deadline_ns().value_or(0);
    if (deadline_ns == timer_ns_)
        return;
    timer_ns_ = deadline_ns;
    if (deadline_ns == 0) {
        timer_.cancel();
        return;
    }
    timer_.expires_at(time_point_of(deadline_ns));
    timer_.async_wait([this](const error_code& error) {
        if (error)
            return;
        timer_ns_ = 0;
        begin_turn();
        expire();
        end_turn();
    });
}

void Server::expire() {
    daemon_.waiting.expire();
    for (const auto number : daemon_.absences.take_over(daemon_.now_ns))
        if (auto* session = daemon_.sessions.find(number); session != nullptr && !session->connected)
            end_absence(*session);
}

/// It may have come back and gone again since.
void Server::end_absence(Session& session) {
    if (!daemon_.absences.is_over(session, daemon_.now_ns))
        return;
    daemon_.waiting.forget(session);
    if (!daemon_.may_come_back(session) && !daemon_.holds_anything(session))
        end_session(session);
}

void Server::admit(Connection::Socket socket) {
    const auto uid = peer_uid_of(socket.native_handle());
    auto connection = std::make_shared<Connection>(
        *this, turns_.queue(), uid, std::move(socket),
        proto::FrameLimits{.bytes = options_.max_frame_bytes + proto::restore::Add::wrapping_bytes});
    connections_.insert(connection);
    shared::kill_point(shared::KillPoint::connection_is_accepted);
    if (connections_.size() > options_.max_connections)
        connection->close(proto::Errc::busy, "the daemon has " + std::to_string(options_.max_connections) +
                                                 " connections already (--max-connections)");
    else
        connection->start(time_limits_.handshakes_of(uid) >= options_.max_handshakes);
}

void Server::end_overdue() {
    begin_turn();
    time_limits_.end_overdue(daemon_.now_ns);
    end_turn();
}

Session& Server::open_session(Connection& connection, int socket, const proto::session::Open& open) {
    auto credentials = credentials_of(socket);
    std::string client_name(open.client_name.substr(0, longest_client_name_bytes));
    auto& session = open.resume != 0
                        ? resume_session(std::move(credentials), std::move(client_name), open)
                        : daemon_.open_session(std::move(credentials), std::move(client_name), open.in_name_of);
    session.lock_order_warnings = open.lock_order_warnings;
    by_session_.insert_or_assign(session.number, &connection);
    process_ends_.watch(session);
    shared::kill_point(open.resume != 0 ? shared::KillPoint::session_is_resumed : shared::KillPoint::session_is_opened);
    spdlog::debug("session {} {}: pid {} uid {} {}", session.number, open.resume != 0 ? "goes on" : "begins",
                  session.process->pid, session.uid, session.process->command);
    return session;
}

/// Whose session it is the kernel says: that of the very process which connects. A pid that is another process's by now
/// belonged to one that has ended, and a session ends with its process. One that has given up its rights must not get
/// them back with a session of theirs.
Session& Server::resume_session(Credentials credentials, std::string client_name, const proto::session::Open& open) {
    auto* session = daemon_.sessions.find(open.resume);
    const bool is_its_own = session != nullptr && credentials.pid > 0 && session->process->pid == credentials.pid &&
                            !session->process->ended();
    if (!is_its_own)
        throw proto::Refusal(proto::Errc::session_lost, "session " + std::to_string(open.resume) +
                                                            " has ended, or is not one of the process that asks for "
                                                            "it; make a new Manager");
    if (session->uid != credentials.uid)
        throw proto::Refusal(proto::Errc::session_lost,
                             "session " + std::to_string(open.resume) + " is one of uid " +
                                 std::to_string(session->uid) + ", and its process is uid " +
                                 std::to_string(credentials.uid) +
                                 " now; what it holds it holds until its process ends; make a new Manager");
    if (const auto before = by_session_.find(session->number); before != by_session_.end()) {
        before->second->drop();
        daemon_.disconnect_session(*session);
    }
    daemon_.resume_session(*session, std::move(credentials), std::move(client_name), open.in_name_of);
    return *session;
}

void Server::process_ended(const std::vector<std::uint32_t>& sessions) {
    begin_turn();
    for (const auto number : sessions) {
        if (const auto connection = by_session_.find(number); connection != by_session_.end())
            connection->second->drop();  // a child that it forked may keep the socket open
        if (auto* session = daemon_.sessions.find(number))
            end_session(*session);
    }
    end_turn();
}

void Server::watch_processes() {
    for (const auto object : daemon_.watched_processes.take_forgotten())
        process_ends_.forget(object);
    for (auto& [object, pidfd] : daemon_.watched_processes.take_new())
        process_ends_.await(object, std::move(pidfd));
}

void Server::awaited_process_ended(std::uint64_t object) {
    begin_turn();
    if (const auto found = daemon_.registry.find(object))
        note_end_of_process(daemon_, *found);
    end_turn();
}

void Server::end_session(Session& session) {
    spdlog::debug("session {} ends", session.number);
    by_session_.erase(session.number);
    process_ends_.forget(session);
    daemon_.end_session(session);
}

void Server::session_closed(Session& session) {
    end_session(session);
}

void Server::session_lost(Session& session) {
    by_session_.erase(session.number);
    daemon_.disconnect_session(session);
    // A living process keeps what it holds; one that holds nothing may still have something to come back for.
    if (session.process->ended() || (!daemon_.may_come_back(session) && !daemon_.holds_anything(session)))
        end_session(session);
}

void Server::forget(Connection& connection) {
    if (connection.session() != nullptr)
        by_session_.erase(connection.session()->number);
    turns_.forget(connection);
    connections_.erase(connection.shared_from_this());
}

void Server::await_signal() {
    signals_.async_wait([this](const error_code& error, int signal) {
        if (error)
            return;
        if (signal == SIGHUP)
            reload();
        else
            stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
        await_signal();
    });
}

void Server::restore_state() {
    const auto restored = state_ ? state_->restore(daemon_, options_.memory_record()) : std::nullopt;
    if (restored)
        spdlog::info("{} objects were restored from {}; the memory was gone", restored->objects,
                     restored->from.string());
}

void Server::dump_state() {
    if (state_)
        spdlog::info("{} objects were dumped to {}", state_->dump(daemon_), state_->file().string());
}

proto::daemon::Reload::Result Server::reload() {
    manager_.reloading();
    auto result = read_options_again();
    manager_.ready("serving " + options_.socket.string());
    return result;
}

/// A file that is wrong changes nothing.
proto::daemon::Reload::Result Server::read_options_again() {
    try {
        const auto fresh = read_again(options_);
        auto [changed, left_over] = changes_between(options_, fresh);
        take_over(options_, fresh);
        set_up_logging(options_);
        daemon_.domains.set_limit(options_.memory_limit_bytes);
        spdlog::info("the configuration was read again; changed: {}",
                     changed.empty() ? "nothing" : fmt::format("{}", fmt::join(changed, ", ")));
        for (const auto& option : left_over)
            spdlog::warn("{} cannot change while the daemon runs; it will with the next start", option);
        return {.changed = std::move(changed), .left_over = std::move(left_over)};
    } catch (const std::exception& error) {
        spdlog::error("{}; nothing has changed", error.what());
        return {.error = error.what()};
    }
}

void Server::await_owner() {
    if (!options_.owner_fd)
        return;
    owner_.assign(*options_.owner_fd);
    owner_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const error_code& error) {
        if (!error)
            stop("its owner has ended");
    });
}

void Server::stop(const std::string& why) {
    if (std::exchange(stopping_, true))
        return;
    spdlog::info("stopping: {}", why);
    manager_.stopping(why);
    constexpr auto longest_farewell = std::chrono::seconds(1);
    door_.close();
    claim_.remove_socket();
    daemon_.waiting.refuse_everybody(proto::Errc::shutting_down, "the daemon is shutting down");
    flush_replies();
    const auto connections = connections_;
    for (const auto& connection : connections)
        if (!connection->has_queued())
            connection->drop();
    // Clients that have replies to read get a moment for it.
    last_moment_.expires_after(connections_.empty() ? std::chrono::seconds(0) : longest_farewell);
    last_moment_.async_wait([this](const error_code&) { loop_.stop(); });
}

void Server::finish() {
    const auto connections = std::exchange(connections_, {});
    for (const auto& connection : connections)
        connection->drop();
    dump_state();
    if (options_.private_daemon)
        claim_.remove_traces();
    spdlog::info("stopped");
}

}  // namespace steward::daemon
