#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <steward/error.hpp>
#include <steward/export.hpp>
#include <steward/object_name.hpp>

namespace steward {

class Reference;

namespace detail {
class Client;
struct ObjectState;
struct StateOf;
}  // namespace detail

/// The types of objects, with numbers that never change.
enum class ObjectType : std::uint8_t {
    lock = 1,
    semaphore = 2,
    event = 3,
    list = 4,
    dict = 5,
    value = 6,
    rlock = 7,
    rwlock = 8,
    bounded_semaphore = 9,
    condition = 10,
    barrier = 11,
    queue = 12,
    process = 16,
    name_space = 13,
    array = 14,
    set = 15,
};

/// The type's name as `steward ls` writes it.
STEWARD_API std::string_view to_string(ObjectType type) noexcept;

/// What to do where an object of the name exists, or does not.
enum class OpenMode : std::uint8_t { open_or_create = 0, create_only = 1, open_only = 2 };

/// How an object is opened by name. Of one without a name only `mode` counts.
///
///     auto lock = manager.lock("cache/rebuild", {.open_mode = steward::OpenMode::open_only});
///
/// `mode` and `ephemeral` count only where the object is made.
struct OpenOptions {
    OpenMode open_mode = OpenMode::open_or_create;  ///< what to do where it exists, and where it does not
    std::uint16_t mode = 0600;  ///< as of a file: read to look, write to use and change; remove is for the owner
    bool ephemeral = false;     ///< removed when no session that opened it is left, and nothing refers to it
};

/// A thread of a process that holds an object or waits for it.
struct AgentInfo {
    std::uint32_t session = 0;                         ///< number of its session
    std::uint32_t thread = 0;                          ///< number within the session, counted from 1
    std::int32_t pid = 0;                              ///< of its process, as the daemon sees it
    std::uint32_t uid = 0;                             ///< user of its process
    std::string command;                               ///< command line of its process
    std::chrono::milliseconds since{};                 ///< for how long it has held or waited
    std::uint64_t amount = 1;                          ///< permits held or wanted
    std::optional<std::chrono::milliseconds> timeout;  ///< of one that waits: time left; empty: it waits for ever
    std::string where;                                 ///< "file:line" that acquired or waits; may be empty
    std::string unit;                                  ///< systemd unit of its process, else its cgroup; may be empty
};

/// One that holds an object.
using HolderInfo = AgentInfo;

/// Who died holding a lock.
struct Abandonment {
    std::int32_t pid = 0;                        ///< of its process
    std::uint32_t uid = 0;                       ///< user of its process
    std::string command;                         ///< command line of its process
    std::chrono::system_clock::time_point when;  ///< when its death was noticed
    std::chrono::nanoseconds held_for{};         ///< until then
};

/// What `steward show` knows about an object.
struct ObjectInfo {
    std::uint64_t id = 0;                  ///< its number
    std::string name;                      ///< empty: it has none
    ObjectType type = ObjectType::lock;    ///< what it is
    std::uint32_t owner = 0;               ///< uid
    std::uint32_t group = 0;               ///< gid
    std::uint16_t mode = 0;                ///< as of OpenOptions
    bool ephemeral = false;                ///< as of OpenOptions
    std::string state;                     ///< in a word or two
    std::uint64_t count = 0;               ///< free permits, items held; 1 where held or set
    std::optional<std::uint64_t> token;    ///< fencing token of a lock's last acquisition
    std::vector<HolderInfo> holders;       ///< of a lock one; of permits and readers any number
    std::vector<AgentInfo> waiters;        ///< first come first
    std::optional<Abandonment> abandoned;  ///< who died holding it last
    std::uint64_t operations = 0;          ///< requests answered since it was made
    std::uint64_t waits = 0;               ///< requests that had to wait since it was made
    std::uint64_t version = 0;             ///< grows with every change; see Transaction
    std::uint32_t references = 0;          ///< how often other objects refer to it
    std::uint32_t users = 0;               ///< sessions that use it, where it goes with the last of them
};

/// How often an object was acquired, waited for and held, and how long. Waits are exact, but for those who were woken
/// by the holder before them, which are to a few milliseconds; holds are counted from the first time that somebody had
/// to wait for the object, and of those that the daemon did not see (as of a lock that is taken by its word) one in 64
/// is measured, at most one a second by each thread, and stands for the others.
struct ObjectStatistics {
    std::uint64_t acquisitions = 0;           ///< of a lock or permits
    std::uint64_t operations = 0;             ///< changes by requests
    std::uint64_t waiting = 0;                ///< requests that wait now
    std::uint64_t waited = 0;                 ///< requests that had to wait
    std::chrono::nanoseconds wait_total{};    ///< all waits together
    std::chrono::nanoseconds wait_longest{};  ///< the longest of them
    std::chrono::nanoseconds hold_total{};    ///< all holds together
    std::chrono::nanoseconds hold_longest{};  ///< the longest of them
    std::vector<std::uint64_t> waits;  ///< element i: how many waited less than 2^i ns and not less than half of that
    std::vector<std::uint64_t> holds;  ///< the same of holds
};

/// What `steward sessions` knows about a client process.
struct SessionInfo {
    std::uint32_t session = 0;          ///< its number
    std::int32_t pid = 0;               ///< of the process, as the daemon sees it
    std::uint32_t uid = 0;              ///< user of the process
    std::string client_name;            ///< as of ManagerOptions
    std::string command;                ///< command line of the process
    std::chrono::milliseconds since{};  ///< for how long it has been open
    std::uint64_t holds = 0;            ///< objects that it holds
    std::uint64_t waits = 0;            ///< requests of it that wait
    std::uint64_t requests = 0;         ///< requests that it made
    bool connected = false;             ///< false: its connection is lost, its process lives
    std::uint32_t in_name_of = 0;       ///< the session that waits where this one does (ManagerOptions); 0: none
};

/// What the proxies of all types have in common: they name an object that the daemon owns.
///
///     auto jobs = manager.list<int>();                       // without a name
///     manager.dict("work").set("jobs", jobs);                // a value that refers to it
///     auto same = manager.dict("work").at("jobs").get<steward::List<int>>();
///     same == jobs;                                          // true, and what one appends the other sees
///
/// Of the operations of all types: one that does not block waits for no other client. It waits for the daemon to
/// answer, and while that is away for as long as ManagerOptions::reconnect_timeout says. One that reads in place takes
/// what it reads straight from the memory of the daemon (ManagerOptions::shared_reads), without a round trip and while
/// the daemon is stopped, too; it is one round trip where the object is another user's or changes all the time, and
/// where what it reads holds references.
///
/// Threads and processes: a proxy may be used by any number of threads at once. After fork() the child may go on to use
/// it; it then speaks for the child, which holds nothing of what its parent holds. The child's session uses the objects
/// of all proxies and references that it inherited from its first request on. Where the parent has ended before that,
/// an object that nothing else kept is gone.
///
/// Lifetime: a proxy is a small handle; copying it is cheap and copies name the same object. It keeps the connection
/// of its Manager open. A named object does not depend on it: it lives until somebody removes it (or, if ephemeral,
/// until the last session that opened it is gone and nothing refers to it). An object without a name lives as long as
/// there is a proxy of it or a Reference to it in any process, or an object that refers to it; objects that only refer
/// to each other in a circle are found after a while. A proxy that was moved from may only be destroyed or assigned to.
class STEWARD_API Object {
  public:
    /// The name that it was opened by; empty where it was made without one, and where it was reached by a reference, of
    /// whatever name (info().name tells). Does not ask the daemon.
    const std::string& name() const noexcept;

    /// The object's number, never used again for another one. Does not ask the daemon.
    std::uint64_t id() const noexcept;

    /// What it is. Does not ask the daemon.
    ObjectType type() const noexcept;

    /// A snapshot of all that is known, holders and waiters included. One round trip.
    /// Throws no_such_object if it was removed, no_permission without read permission.
    ObjectInfo info() const;
    ObjectInfo info(std::error_code& ec) const;

    /// One round trip; errors as of info().
    ObjectStatistics statistics() const;
    ObjectStatistics statistics(std::error_code& ec) const;

    /// Removes the object of this name, or this object where name() is empty, for everybody; those who wait for it get
    /// object_removed. Values that refer to it go on to do so, to nothing. One round trip.
    /// False: there was none. Throws no_permission unless the caller owns the object or is root.
    bool remove();
    bool remove(std::error_code& ec);

    /// Whether both name the same object: the same number at the same daemon. An object that was removed and made anew
    /// under its old name is another one.
    friend STEWARD_API bool operator==(const Object& left, const Object& right) noexcept;

    /// Some order, so that a proxy can be the key of a std::map. Equivalent is what is equal.
    friend STEWARD_API std::weak_ordering operator<=>(const Object& left, const Object& right) noexcept;

  protected:
    /// For the proxies of the library.
    explicit Object(std::shared_ptr<const detail::ObjectState> state) noexcept : state_(std::move(state)) {}

    /// Throws type_mismatch where the reference is to an object of another type.
    Object(const Reference& reference, ObjectType type);

    ~Object() = default;
    Object(const Object&) = default;
    Object(Object&&) noexcept = default;
    Object& operator=(const Object&) = default;
    Object& operator=(Object&&) noexcept = default;

    /// For the proxies of the library.
    const detail::ObjectState& state() const noexcept { return *state_; }

  private:
    friend class Pipeline;
    friend class Reference;
    friend struct detail::StateOf;
    std::shared_ptr<const detail::ObjectState> state_;
};

}  // namespace steward
