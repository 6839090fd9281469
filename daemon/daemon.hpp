#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "daemon/absences.hpp"
#include "daemon/bells.hpp"
#include "daemon/deadlocks.hpp"
#include "daemon/domains.hpp"
#include "daemon/dumps.hpp"
#include "daemon/lifetimes.hpp"
#include "daemon/lock_order.hpp"
#include "daemon/object_class.hpp"
#include "daemon/places.hpp"
#include "daemon/preparations.hpp"
#include "daemon/registry.hpp"
#include "daemon/results.hpp"
#include "daemon/session.hpp"
#include "daemon/shared_words.hpp"
#include "daemon/waiting.hpp"
#include "daemon/watched_processes.hpp"
#include "daemon/watches.hpp"
#include "proto/daemon.hpp"

namespace steward::daemon {

/// All that the daemon knows, and nothing of sockets, timers or threads: requests go in at Dispatcher, replies come
/// out in the sessions' outboxes, and the time is what the caller says it is (but
/// where a Mutation must not come after a deadline, which Waiting looks at the clock for).
///
/// Used by one thread.
class Daemon {
  public:
    struct Settings {
        std::string instance;
        DomainsSettings memory;
        std::uint64_t grace_ns = Absences::default_grace_ns;  ///< for sessions whose connections are lost
    };

    /// Takes up the memory of a former daemon: what its sessions held is abandoned. Throws DomainError where that
    /// memory is not whole, NoMemory, std::system_error.
    explicit Daemon(const Settings&);

    /// CLOCK_MONOTONIC; set by the caller before every request and every expiry.
    std::uint64_t now_ns = 0;

    const std::string& instance() const { return instance_; }

    /// `in_name_of`: 0 or a session of the same user that waits where the new one does. Throws Refusal
    /// (invalid_argument) where there is no such session.
    Session& open_session(Credentials, std::string client_name, std::uint32_t in_name_of = 0);

    /// The session's process has ended, or it closed: its holds go to the next in line, its waits are forgotten.
    void end_session(Session&);

    /// The session's process has connected again: it goes on, and makes again what it has no replies to.
    void resume_session(Session&, Credentials, std::string client_name, std::uint32_t in_name_of);

    /// A thread of the session has ended: its locks go to the next in line, its waits are forgotten.
    void end_thread(Session&, std::uint32_t thread);

    /// Its connection is lost and its process lives: it keeps what it holds and, where it may come back for them, its
    /// places in line.
    void disconnect_session(Session&);

    /// Whether it is kept though it holds nothing: it may go on over another connection, or without one.
    bool may_come_back(const Session&) const;

    /// Whether an object is held by the session.
    bool holds_anything(const Session&) const;

    /// Where a reply goes. The session is flushed with the next `take_flushes()`.
    std::string& outbox_of(Session&);

    /// The sessions whose outboxes have got something since the last call; good until the next one.
    const std::vector<std::uint32_t>& take_flushes();

    /// Frees a bounded amount of what nobody needs any more. True: there is more. Not before the replies of the
    /// requests so far have been taken: they may hold references.
    bool tidy();

    /// When a request's time is over, or something else is to be done.
    std::optional<std::uint64_t> next_deadline_ns() const;

    /// The agent as listings show it.
    proto::AgentInfo describe(shared::Agent, std::uint64_t since_ns, std::uint64_t amount, std::uint32_t place) const;

    Domains domains;
    Sessions sessions;
    Registry registry;
    Lifetimes lifetimes;
    Places places;
    SharedWords shared_words;
    Bells bells;
    Results results;
    Absences absences;
    Waiting waiting;
    Deadlocks deadlocks;
    LockOrder lock_order;
    WatchedProcesses watched_processes;
    Watches watches;
    Dumps dumps;
    Preparations preparations;

    /// Reads the configuration again; set by whoever has one.
    std::function<proto::daemon::Reload::Result()> reload = [] { return proto::daemon::Reload::Result{}; };

    std::uint64_t requests = 0;
    std::uint64_t refusals = 0;
    std::uint64_t started_ns = 0;

  private:
    std::vector<Departed> take_up_sessions(shared::Domain&);
    void take_up(shared::Domain&, const std::vector<Departed>& dead);
    void take_up(const Object&, const std::vector<Departed>& dead);
    void finish_taking_up(shared::Domain&);
    std::unordered_set<std::uint64_t> may_be_held_by(const Session&);
    void take_back(Session&, const Departed&);
    void stand_in(Session&, std::vector<std::uint32_t> names);
    std::vector<std::uint32_t> names_of(uid_t, std::uint32_t in_name_of) const;

    std::string instance_;
    std::vector<std::uint32_t> flushes_;
    std::vector<std::uint32_t> taken_flushes_;
};

/// Nanoseconds of CLOCK_MONOTONIC and CLOCK_REALTIME.
std::uint64_t monotonic_now_ns();
std::uint64_t realtime_now_ns();

}  // namespace steward::daemon
