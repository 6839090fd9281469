#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/connection.hpp"
#include "daemon/daemon.hpp"
#include "daemon/dispatcher.hpp"
#include "daemon/fair_queue.hpp"
#include "daemon/listening_socket.hpp"
#include "daemon/options.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/state_folder.hpp"
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
    /// timer after.
    void begin_turn();
    void end_turn();

    /// The connection has received something: its turn comes at once or, where others wait for theirs, in order.
    void serve(Connection&);

    /// Whether the connection whose turn it is must let others have theirs; what it has left to do it postpones.
    bool turn_is_over() const;
    void postpone(Connection&);

    /// A connection is closed that does not tell by `due_ns` that nothing is expected of it any more (0). Before it
    /// told `before_ns`.
    void expect(Connection&, std::uint64_t before_ns, std::uint64_t due_ns);

    /// Connections whose sessions are not open, though the server reads them.
    void count_handshake(uid_t, bool begins);
    bool has_too_many_handshakes(uid_t uid) const { return handshakes_of(uid) > options_.max_handshakes; }

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
    void take_turn(Connection&);
    void take_turns();
    std::size_t handshakes_of(uid_t) const;
    void await_due();
    void end_overdue();
    void take_turns_soon();
    std::uint64_t length_of_turn(const Connection&) const;
    void note_turn(const Connection&, std::uint64_t used_ns);
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
    FairQueue queue_;  ///< before the loop, which owns handlers that own connections
    boost::asio::io_context loop_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};  ///< without locks: there is one thread
    ServiceManager manager_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer due_;
    boost::asio::steady_timer last_moment_;
    boost::asio::posix::stream_descriptor owner_;
    shared::UniqueFd spare_;      ///< closed for a moment to turn a client away when there are no descriptors left
    std::uint64_t timer_ns_ = 0;  ///< what the timer is set to; 0: not set
    std::uint64_t turn_ends_ns_ = 0;
    const Connection* last_brief_ = nullptr;  ///< who was last to want little; only compared
    std::uint64_t last_brief_ns_ = 0;
    bool turns_posted_ = false;
    std::set<std::pair<std::uint64_t, Connection*>> expected_;  ///< by when
    std::uint64_t awaited_due_ns_ = 0;                          ///< what that timer is set to; 0: not set
    std::unordered_map<uid_t, std::size_t> handshakes_;
    bool tidying_ = false;
    bool preparing_ = false;
    bool stopping_ = false;
    std::unordered_set<std::shared_ptr<Connection>> connections_;
    std::unordered_map<std::uint32_t, Connection*> by_session_;
    std::unordered_map<const Process*, std::unique_ptr<Watch>> watches_;
    std::unordered_map<std::uint64_t, boost::asio::posix::stream_descriptor> awaited_;  ///< by object of the process
};

}  // namespace steward::daemon
