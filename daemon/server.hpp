#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/connection.hpp"
#include "daemon/daemon.hpp"
#include "daemon/dispatcher.hpp"
#include "daemon/listening_socket.hpp"
#include "daemon/options.hpp"
#include "daemon/state_folder.hpp"
#include "proto/session.hpp"

namespace steward::daemon {

/// The event loop around a Daemon: listens, watches processes, keeps time, ends on a signal. One thread.
class Server {
  public:
    /// Claims the socket, takes up the memory or, where there is none, what is kept in the state folder, and listens.
    /// Throws AlreadyServed, shared::DomainError, shared::DumpError, shared::NoMemory, std::system_error.
    explicit Server(const Options&);
    ~Server();

    /// Serves until SIGTERM or SIGINT, or until the owner of a private daemon ends; then answers what is under way,
    /// removes the socket, dumps all objects into the state folder, and leaves the memory. SIGHUP: reads the
    /// configuration again.
    void run();

    Daemon& daemon() { return daemon_; }
    Dispatcher& dispatcher() { return dispatcher_; }
    std::size_t max_queued_bytes() const { return options_.max_queued_reply_bytes; }
    bool shares_words() const { return options_.shared_words; }
    bool shares_reads() const { return options_.shared_reads; }

    /// Around everything that a connection does: sets the clock before; sends all replies, frees memory and sets the
    /// timer after.
    void begin_turn();
    void end_turn();

    Session& open_session(Connection&, int socket, const proto::session::Open&);
    void session_closed(Session&);  ///< by its own word
    void session_lost(Session&);    ///< its connection is gone
    void forget(Connection&);

  private:
    struct Watch;

    void await_connection();
    void accept_connections();
    bool accept_one();
    bool turn_away();
    Session& resume_session(Credentials, std::string client_name, const proto::session::Open&);
    void watch(Session&);
    void await_end(Watch&);
    void watch_processes();
    void await_end_of(std::uint64_t object);
    void process_ended(const Process*);
    void end_session(Session&);
    void end_absence(Session&);
    void expire();
    void flush_replies();
    void set_timer();
    void await_signal();
    void restore_state();
    void dump_state();
    proto::daemon::Reload::Result reload();
    void await_owner();
    void tidy();
    void stop(const std::string& why);
    void finish();

    Options options_;
    SocketClaim claim_;
    std::optional<StateFolder> state_;
    Daemon daemon_;
    Dispatcher dispatcher_;
    boost::asio::io_context loop_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};  ///< without locks: there is one thread
    boost::asio::local::stream_protocol::acceptor acceptor_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer last_moment_;
    boost::asio::posix::stream_descriptor owner_;
    shared::UniqueFd spare_;      ///< closed for a moment to turn a client away when there are no descriptors left
    std::uint64_t timer_ns_ = 0;  ///< what the timer is set to; 0: not set
    bool tidying_ = false;
    bool stopping_ = false;
    std::unordered_set<std::shared_ptr<Connection>> connections_;
    std::unordered_map<std::uint32_t, Connection*> by_session_;
    std::unordered_map<const Process*, std::unique_ptr<Watch>> watches_;
    std::unordered_map<std::uint64_t, boost::asio::posix::stream_descriptor> awaited_;  ///< by object of the process
};

}  // namespace steward::daemon
