#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "daemon/object.hpp"
#include "daemon/process.hpp"
#include "shared/domain.hpp"
#include "shared/line.hpp"
#include "shared/queue.hpp"
#include "shared/unique_fd.hpp"

namespace steward::daemon {

/// Where a request stands in line.
struct WaitPlace {
    Object object;
    shared::Offset<shared::Waiter> waiter;
};

/// How a thread waits, at a glance.
struct ThreadWaits {
    std::size_t count = 0;
    WaitPlace place;  ///< of the last one; it is the only one where the count is 1
};

/// What is left of a wait whose offer was withdrawn; see Offers.
struct MissedOffer {
    std::uint64_t ticket = 0;
    std::uint64_t deadline_ns = shared::no_deadline;
};

/// Where the results of a session's requests are recorded, of those that change something in one domain.
struct RecordedResults {
    shared::Domain* domain = nullptr;
    shared::Offset<shared::ResultTable> table;
};

/// An item that is taken: id of the queue, number of the item.
using TakenKey = std::pair<std::uint64_t, std::uint64_t>;

/// One client as the daemon knows it. It outlives its connection and ends when its process does or closes it.
///
/// What it holds and waits for stands in the objects; `held` and `waits` say where to look.
struct Session {
    std::uint32_t number = 0;
    std::shared_ptr<Process> process;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    std::string client_name;
    std::chrono::steady_clock::time_point since;
    std::uint64_t requests = 0;
    shared::Offset<shared::SessionRecord> record;  ///< in the domain of its uid
    bool connected = true;
    bool resumed = false;              ///< it has gone on over another connection: requests are made again
    std::uint64_t lost_ns = 0;         ///< since when it has no connection
    std::uint64_t answered_below = 0;  ///< it has the replies to all requests with smaller numbers
    std::vector<RecordedResults> results;
    bool closed = false;               ///< by its own word: what it holds is given back, not abandoned
    bool lock_order_warnings = false;  ///< see LockOrder

    std::unordered_set<std::uint64_t> held;  ///< ids of objects that it may hold
    bool shares_words = false;               ///< it has the words of its user's domain
    std::uint32_t bell = 0;                  ///< its own, see Bells; 0: none
    shared::UniqueFd bell_descriptor;        ///< of it
    int enclosed = -1;                       ///< a descriptor that goes with the reply to its last request
    bool taken_up = false;  ///< from a former daemon, which alone knew what words it uses: it may be any of its user
    std::unordered_set<std::uint64_t> words;                    ///< ids of objects whose words it uses
    std::unordered_map<std::uint64_t, std::uint64_t> receipts;  ///< by object: see Lifetimes
    std::unordered_map<std::uint64_t, WaitPlace> waits;  ///< by request; where it waits for several, one place of it
    /// Requests that wait and whose client listens to its bell meanwhile, and the token of the word's line before.
    std::unordered_map<std::uint64_t, std::uint64_t> listening;
    std::unordered_set<std::uint64_t> unclaimed;  ///< requests that wait and are yet to be made again: nobody listens
    std::set<std::pair<std::uint32_t, std::uint64_t>> waits_by_thread;      ///< thread, request
    std::unordered_map<std::uint32_t, ThreadWaits> threads;                 ///< those that wait
    std::map<std::pair<std::uint32_t, std::uint64_t>, MissedOffer> missed;  ///< by thread and object
    std::map<TakenKey, shared::Offset<shared::QueueItem>> taken;            ///< items of queues
    std::vector<std::uint32_t> in_name_of;   ///< sessions that wait where this one does, the nearest first
    std::vector<std::uint32_t> in_its_name;  ///< sessions where this one waits
    std::size_t unsent_bytes = 0;            ///< of replies that its socket has not taken
    std::size_t answered_bytes = 0;          ///< of these and of the outbox, replies to what did not wait
    std::string outbox;                      ///< encoded replies, for its connection to send

    bool in_group(gid_t group) const;

    bool uses_word_of(std::uint64_t object) const { return taken_up || words.contains(object); }

    /// Whether somebody listens for the reply. Where nobody does, whoever makes the request again is told then.
    bool listens_for(std::uint64_t request) { return unclaimed.erase(request) == 0; }

    /// A request of a thread begins or ends to wait.
    void begin_to_wait(std::uint32_t thread, std::uint64_t request, const WaitPlace&);
    void end_to_wait(std::uint32_t thread, std::uint64_t request);
    /// It waits in another place.
    void wait_elsewhere(std::uint32_t thread, std::uint64_t request, const WaitPlace&);

    /// Null where the thread does not wait.
    const ThreadWaits* waits_of(std::uint32_t thread) const;
};

/// The sessions by number. Numbers grow and are not used again while the daemon runs.
class Sessions {
  public:
    /// Numbers begin above `highest_former`, which memory may still hold.
    void start_above(std::uint32_t highest_former) { last_number_ = highest_former; }

    Session& open(Credentials credentials, std::string client_name);

    /// One that a former daemon has left in memory, where its process still lives; null where not. It is without a
    /// connection until it is resumed.
    Session* take_up(const shared::SessionInfo& info, shared::Offset<shared::SessionRecord> record);
    void forget(std::uint32_t number);

    /// Null where the session has ended.
    Session* find(std::uint32_t number) const;

    const std::map<std::uint32_t, std::unique_ptr<Session>>& all() const { return sessions_; }

  private:
    std::map<std::uint32_t, std::unique_ptr<Session>> sessions_;
    Processes processes_;
    std::uint32_t last_number_ = 0;
};

}  // namespace steward::daemon
