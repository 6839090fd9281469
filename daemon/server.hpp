#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/connection.hpp"
#include "daemon/daemon.hpp"
#include "daemon/dispatcher.hpp"
#include "daemon/door.hpp"
#include "daemon/listening_socket.hpp"
#include "daemon/options.hpp"
#include "daemon/process_ends.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/state_folder.hpp"
#include "daemon/time_limits.hpp"
#include "daemon/turns.hpp"
#include "proto/session.hpp"

namespace steward::daemon {

/// The event loop around a Daemon: listens, watches processes, keeps time, ends on a signal. One thread.
class Server {
  public:
    /// Claims the socket, takes up the memory or, where there is none, what is kept in the state folder, and listens,
    /// at the socket that a service manager has handed over, if it has, whose path is that of the options. Throws
    /// AlreadyServed, shared::DomainError, shared::DumpError, shared::NoMemory, std::system_error.
    explicit Server(const Options&, shared::UniqueFd listening = {});
    ~Server();

    /// Serves until SIGTERM or SIGINT, or until the owner of a private daemon ends; then answers what is under way,
    /// removes the socket, dumps all objects into the state folder, and leaves the memory. SIGHUP: reads the
    /// configuration again.
    void run();

    Daemon& daemon() { return daemon_; }
    Dispatcher& dispatcher() { return dispatcher_; }
    const Options& options() const { return options_; }

    /// Around everything that a connection does: sets the clock before; sends all replies, frees memory and sets the
    /// timer after. Returns the time.
    std::uint64_t begin_turn();
    void end_turn();

    Turns& turns() { return turns_; }
    TimeLimits& time_limits() { return time_limits_; }
    bool has_too_many_handshakes(uid_t uid) const { return time_limits_.handshakes_of(uid) > options_.max_handshakes; }

    Session& open_session(Connection&, int socket, const proto::session::Open&);
    void session_closed(Session&);  ///< by its own word
    void session_lost(Session&);    ///< its connection is gone
    void forget(Connection&);

  private:
    void admit(Connection::Socket);
    void end_overdue();
    Session& resume_session(Credentials, std::string client_name, const proto::session::Open&);
    void watch_processes();
    void process_ended(const std::vector<std::uint32_t>& sessions);
    void awaited_process_ended(std::uint64_t object);
    void end_session(Session&);
    void end_absence(Session&);
    void expire();
    void flush_replies();
    void set_timer();
    void await_signal();
    void restore_state();
    void dump_state();
    proto::daemon::Reload::Result reload();
    proto::daemon::Reload::Result read_options_again();
    void await_owner();
    void tell_ready();
    void tidy();
    void prepare();
    void stop(const std::string& why);
    void finish();

    Options options_;
    SocketClaim claim_;
    std::optional<StateFolder> state_;
    Daemon daemon_;
    Dispatcher dispatcher_;
    Turns turns_;  ///< before the loop, which owns handlers that own connections
    boost::asio::io_context loop_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};  ///< without locks: there is one thread
    ServiceManager manager_;
    Door door_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer timer_;
    TimeLimits time_limits_;
    boost::asio::steady_timer last_moment_;
    boost::asio::posix::stream_descriptor owner_;
    std::uint64_t timer_ns_ = 0;  ///< what the timer is set to; 0: not set
    bool tidying_ = false;
    bool preparing_ = false;
    bool stopping_ = false;
    std::unordered_set<std::shared_ptr<Connection>> connections_;
    std::unordered_map<std::uint32_t, Connection*> by_session_;
    ProcessEnds process_ends_;
};

}  // namespace steward::daemon
