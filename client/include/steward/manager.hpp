#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <steward/array.hpp>
#include <steward/barrier.hpp>
#include <steward/bounded_semaphore.hpp>
#include <steward/condition.hpp>
#include <steward/dict.hpp>
#include <steward/event.hpp>
#include <steward/export.hpp>
#include <steward/list.hpp>
#include <steward/lock.hpp>
#include <steward/lock_order.hpp>
#include <steward/manager_options.hpp>
#include <steward/namespace.hpp>
#include <steward/object.hpp>
#include <steward/pipeline.hpp>
#include <steward/process.hpp>
#include <steward/queue.hpp>
#include <steward/rlock.hpp>
#include <steward/rwlock.hpp>
#include <steward/semaphore.hpp>
#include <steward/set.hpp>
#include <steward/several.hpp>
#include <steward/taking_several.hpp>
#include <steward/transaction.hpp>
#include <steward/value.hpp>
#include <steward/watch.hpp>

namespace steward {

/// A session with a daemon, and where proxies come from. Python's multiprocessing.Manager.
///
///     steward::Manager manager;                                   // the user's daemon, or the system's
///     auto lock = manager.lock("cache/rebuild");
///     auto stats = manager.dict<std::string, int>("stats");
///     {
///         std::scoped_lock guard{lock};
///         stats.increment("rebuilt");
///     }
///
/// Threads: everything may be used by any number of threads at once; they share one connection, and no thread is
/// started.
///
/// Processes: after fork() the child may go on to use a Manager and its proxies; it gets a session of its own with the
/// first use and holds nothing of what its parent holds. The descriptor is not inherited by exec().
/// A process that changes its user goes on as before until the daemon is restarted, and gets session_lost then: make
/// the Manager afterwards. Make it after closing all descriptors (closefrom(3)), too: one that has lost its own
/// connects anew, but not where the number of its socket is another socket's by then.
///
/// Lifetime: copies share one session; each Manager that is made anew has its own. The session ends, and what it holds
/// is given back, when the last copy and the last proxy are destroyed, or when the process ends. Nothing else ends
/// it: where the connection is lost, because the daemon was restarted or has died, the next call waits for the next
/// daemon, and the session goes on there with all that it holds. Who waits keeps his place in line, and what was asked
/// for is carried out once, whether the daemon died before it or after it. Where no daemon comes back in time, calls
/// throw not_connected, and nobody knows whether they were carried out; where the session could not be kept,
/// session_lost: make a new Manager and new proxies.
///
/// Names are 1 to 255 bytes of UTF-8 without control characters, one name space for all types and users; anything else
/// is invalid_name. `/` structures them by habit only. Objects can do without: `manager.lock()`; see Object.
class STEWARD_API Manager : public TakingSeveral<Manager> {
  public:
    /// Connects. Blocks for no longer than the connect_timeout (twice that, where a daemon is replaced meanwhile).
    /// Throws not_connected, with all the paths that were tried, and version_mismatch.
    explicit Manager(const ManagerOptions& options = {});

    /// The same without exceptions; nothing on failure.
    static std::optional<Manager> connect(const ManagerOptions& options, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return std::optional<Manager>(options); });
    }

    /// Runs a daemon of this program's own, in a private temporary folder, and connects. It ends with this process,
    /// however that ends, or with the last copy of the Manager and its proxies, and leaves nothing behind. Child
    /// processes may connect to socket() while it lives. Blocks until it serves. Throws not_connected where it does
    /// not, with what it says.
    static Manager start(const StartOptions& options = {});
    static std::optional<Manager> start(const StartOptions& options, std::error_code& ec) {
        return detail::without_exceptions(ec, [&] { return std::optional<Manager>(start(options)); });
    }

    /// @{
    /// Opens objects by name; each is one round trip. Throws wrong_type where an object of the name has another type,
    /// wrong_options where it was made otherwise, no_such_object and object_exists by the OpenMode, no_permission,
    /// no_memory, invalid_name.
    ///
    /// Those that take no name make a new object without one, which lives as long as it is used (see Object). A string
    /// alone is a name; a value that begins as one is made by Value<std::string>(manager, nameless, "idle").
    Lock lock(std::string_view name, const LockOptions& options = {},
              std::source_location where = std::source_location::current()) const {
        return Lock(*this, name, options, where);
    }
    std::optional<Lock> lock(std::string_view name, const LockOptions& options, std::error_code& ec,
                             std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional<Lock>(lock(name, options, where)); });
    }
    Lock lock(const LockOptions& options = {}, std::source_location where = std::source_location::current()) const {
        return Lock(*this, nameless, options, where);
    }
    std::optional<Lock> lock(const LockOptions& options, std::error_code& ec,
                             std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional<Lock>(lock(options, where)); });
    }

    RLock rlock(std::string_view name, const RLockOptions& options = {},
                std::source_location where = std::source_location::current()) const {
        return RLock(*this, name, options, where);
    }
    std::optional<RLock> rlock(std::string_view name, const RLockOptions& options, std::error_code& ec,
                               std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional(rlock(name, options, where)); });
    }
    RLock rlock(const RLockOptions& options = {}, std::source_location where = std::source_location::current()) const {
        return RLock(*this, nameless, options, where);
    }
    std::optional<RLock> rlock(const RLockOptions& options, std::error_code& ec,
                               std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional<RLock>(rlock(options, where)); });
    }

    RWLock rwlock(std::string_view name, const RWLockOptions& options = {},
                  std::source_location where = std::source_location::current()) const {
        return RWLock(*this, name, options, where);
    }
    std::optional<RWLock> rwlock(std::string_view name, const RWLockOptions& options, std::error_code& ec,
                                 std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional(rwlock(name, options, where)); });
    }
    RWLock rwlock(const RWLockOptions& options = {},
                  std::source_location where = std::source_location::current()) const {
        return RWLock(*this, nameless, options, where);
    }
    std::optional<RWLock> rwlock(const RWLockOptions& options, std::error_code& ec,
                                 std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional<RWLock>(rwlock(options, where)); });
    }

    /// `permits` counts only where this makes the semaphore.
    Semaphore semaphore(std::string_view name, std::ptrdiff_t permits = 1, const SemaphoreOptions& options = {}) const {
        return Semaphore(*this, name, permits, options);
    }
    std::optional<Semaphore> semaphore(std::string_view name, std::ptrdiff_t permits, const SemaphoreOptions& options,
                                       std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(semaphore(name, permits, options)); });
    }
    Semaphore semaphore(std::ptrdiff_t permits = 1, const SemaphoreOptions& options = {}) const {
        return Semaphore(*this, nameless, permits, options);
    }
    std::optional<Semaphore> semaphore(std::ptrdiff_t permits, const SemaphoreOptions& options,
                                       std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(semaphore(permits, options)); });
    }

    /// `permits` must match what exists.
    BoundedSemaphore bounded_semaphore(std::string_view name, std::ptrdiff_t permits = 1,
                                       const BoundedSemaphoreOptions& options = {}) const {
        return BoundedSemaphore(*this, name, permits, options);
    }
    std::optional<BoundedSemaphore> bounded_semaphore(std::string_view name, std::ptrdiff_t permits,
                                                      const BoundedSemaphoreOptions& options,
                                                      std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(bounded_semaphore(name, permits, options)); });
    }
    BoundedSemaphore bounded_semaphore(std::ptrdiff_t permits = 1, const BoundedSemaphoreOptions& options = {}) const {
        return BoundedSemaphore(*this, nameless, permits, options);
    }
    std::optional<BoundedSemaphore> bounded_semaphore(std::ptrdiff_t permits, const BoundedSemaphoreOptions& options,
                                                      std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(bounded_semaphore(permits, options)); });
    }

    /// A condition with an RLock of its own, or with a given Lock or RLock of this Manager, which must match what
    /// exists. Throws other_domain where that belongs to another user.
    Condition condition(std::string_view name, const ConditionOptions& options = {},
                        std::source_location where = std::source_location::current()) const {
        return Condition(*this, name, options, where);
    }
    std::optional<Condition> condition(std::string_view name, const ConditionOptions& options, std::error_code& ec,
                                       std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional(condition(name, options, where)); });
    }
    Condition condition(const ConditionOptions& options = {},
                        std::source_location where = std::source_location::current()) const {
        return Condition(*this, nameless, options, where);
    }
    std::optional<Condition> condition(const ConditionOptions& options, std::error_code& ec,
                                       std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional(condition(options, where)); });
    }
    template <class L>
        requires std::same_as<L, Lock> || std::same_as<L, RLock>
    Condition condition(std::string_view name, const L& lock, const ConditionOptions& options = {},
                        std::source_location where = std::source_location::current()) const {
        return Condition(*this, name, lock, options, where);
    }
    template <class L>
        requires std::same_as<L, Lock> || std::same_as<L, RLock>
    std::optional<Condition> condition(std::string_view name, const L& lock, const ConditionOptions& options,
                                       std::error_code& ec,
                                       std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional(condition(name, lock, options, where)); });
    }
    template <class L>
        requires std::same_as<L, Lock> || std::same_as<L, RLock>
    Condition condition(const L& lock, const ConditionOptions& options = {},
                        std::source_location where = std::source_location::current()) const {
        return Condition(*this, nameless, lock, options, where);
    }
    template <class L>
        requires std::same_as<L, Lock> || std::same_as<L, RLock>
    std::optional<Condition> condition(const L& lock, const ConditionOptions& options, std::error_code& ec,
                                       std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional(condition(lock, options, where)); });
    }

    /// `parties` must match what exists.
    Barrier barrier(std::string_view name, std::size_t parties, const BarrierOptions& options = {}) const {
        return Barrier(*this, name, parties, options);
    }
    std::optional<Barrier> barrier(std::string_view name, std::size_t parties, const BarrierOptions& options,
                                   std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(barrier(name, parties, options)); });
    }
    Barrier barrier(std::size_t parties, const BarrierOptions& options = {}) const {
        return Barrier(*this, nameless, parties, options);
    }
    std::optional<Barrier> barrier(std::size_t parties, const BarrierOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(barrier(parties, options)); });
    }

    /// `max_size`, where 0 and less mean any number, must match what exists.
    template <class T = Any>
    Queue<T> queue(std::string_view name, std::ptrdiff_t max_size = 0, const QueueOptions& options = {}) const {
        return Queue<T>(*this, name, max_size, options);
    }
    template <class T = Any>
    std::optional<Queue<T>> queue(std::string_view name, std::ptrdiff_t max_size, const QueueOptions& options,
                                  std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(queue<T>(name, max_size, options)); });
    }
    template <class T = Any>
    Queue<T> queue(std::ptrdiff_t max_size = 0, const QueueOptions& options = {}) const {
        return Queue<T>(*this, nameless, max_size, options);
    }
    template <class T = Any>
    std::optional<Queue<T>> queue(std::ptrdiff_t max_size, const QueueOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(queue<T>(max_size, options)); });
    }

    Event event(std::string_view name, const EventOptions& options = {}) const { return Event(*this, name, options); }
    std::optional<Event> event(std::string_view name, const EventOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(event(name, options)); });
    }
    Event event(const EventOptions& options = {}) const { return Event(*this, nameless, options); }
    std::optional<Event> event(const EventOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(event(options)); });
    }

    /// `initial` counts only where this makes the list, dict, value, namespace or set.
    template <class T = Any>
    List<T> list(const detail::Text auto& name, const std::vector<T>& initial = {},
                 const ListOptions& options = {}) const {
        return List<T>(*this, name, initial, options);
    }
    template <class T = Any>
    std::optional<List<T>> list(const detail::Text auto& name, const std::vector<T>& initial,
                                const ListOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(list<T>(name, initial, options)); });
    }
    template <class T = Any>
    List<T> list(const std::vector<T>& initial = {}, const ListOptions& options = {}) const {
        return List<T>(*this, nameless, initial, options);
    }
    template <class T = Any>
    std::optional<List<T>> list(const std::vector<T>& initial, const ListOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(list<T>(initial, options)); });
    }

    template <class K = Any, class V = Any>
    Dict<K, V> dict(const detail::Text auto& name, const std::map<K, V>& initial = {},
                    const DictOptions& options = {}) const {
        return Dict<K, V>(*this, name, initial, options);
    }
    template <class K = Any, class V = Any>
    std::optional<Dict<K, V>> dict(const detail::Text auto& name, const std::map<K, V>& initial,
                                   const DictOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(dict<K, V>(name, initial, options)); });
    }
    template <class K = Any, class V = Any>
    Dict<K, V> dict(const std::map<K, V>& initial = {}, const DictOptions& options = {}) const {
        return Dict<K, V>(*this, nameless, initial, options);
    }
    template <class K = Any, class V = Any>
    std::optional<Dict<K, V>> dict(const std::map<K, V>& initial, const DictOptions& options,
                                   std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(dict<K, V>(initial, options)); });
    }

    template <class T = Any>
    Value<T> value(const detail::Text auto& name, const T& initial = {}, const ValueOptions& options = {}) const {
        return Value<T>(*this, name, initial, options);
    }
    template <class T = Any>
    std::optional<Value<T>> value(const detail::Text auto& name, const T& initial, const ValueOptions& options,
                                  std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(value<T>(name, initial, options)); });
    }
    template <class T = Any>
        requires(!detail::Text<T>)
    Value<T> value(const T& initial = {}, const ValueOptions& options = {}) const {
        return Value<T>(*this, nameless, initial, options);
    }
    template <class T = Any>
        requires(!detail::Text<T>)
    std::optional<Value<T>> value(const T& initial, const ValueOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(value<T>(initial, options)); });
    }

    /// Python's Manager().Namespace(); `namespace` is a word of C++.
    Namespace name_space(const detail::Text auto& name, const std::map<std::string, Any>& initial = {},
                         const NamespaceOptions& options = {}) const {
        return Namespace(*this, name, initial, options);
    }
    std::optional<Namespace> name_space(const detail::Text auto& name, const std::map<std::string, Any>& initial,
                                        const NamespaceOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(name_space(name, initial, options)); });
    }
    Namespace name_space(const std::map<std::string, Any>& initial = {}, const NamespaceOptions& options = {}) const {
        return Namespace(*this, nameless, initial, options);
    }
    std::optional<Namespace> name_space(const std::map<std::string, Any>& initial, const NamespaceOptions& options,
                                        std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(name_space(initial, options)); });
    }

    /// Type and length must match where the array exists, else wrong_options. Where this makes it, its elements are
    /// zero or `initial`.
    template <ArrayElement T>
    Array<T> array(std::string_view name, std::size_t length, const ArrayOptions& options = {}) const {
        return Array<T>(*this, name, length, options);
    }
    template <ArrayElement T>
    std::optional<Array<T>> array(std::string_view name, std::size_t length, const ArrayOptions& options,
                                  std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(array<T>(name, length, options)); });
    }
    template <ArrayElement T>
    Array<T> array(std::size_t length, const ArrayOptions& options = {}) const {
        return Array<T>(*this, nameless, length, options);
    }
    template <ArrayElement T>
    std::optional<Array<T>> array(std::size_t length, const ArrayOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(array<T>(length, options)); });
    }
    template <ArrayElement T, std::same_as<std::vector<T>> Elements>
    Array<T> array(std::string_view name, const Elements& initial, const ArrayOptions& options = {}) const {
        return Array<T>(*this, name, initial, options);
    }
    template <ArrayElement T, std::same_as<std::vector<T>> Elements>
    std::optional<Array<T>> array(std::string_view name, const Elements& initial, const ArrayOptions& options,
                                  std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(array<T>(name, initial, options)); });
    }
    template <ArrayElement T, std::same_as<std::vector<T>> Elements>
    Array<T> array(const Elements& initial, const ArrayOptions& options = {}) const {
        return Array<T>(*this, nameless, initial, options);
    }
    template <ArrayElement T, std::same_as<std::vector<T>> Elements>
    std::optional<Array<T>> array(const Elements& initial, const ArrayOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(array<T>(initial, options)); });
    }

    /// `initial` as for a list.
    template <class T = Any>
    Set<T> set(const detail::Text auto& name, const std::vector<T>& initial = {},
               const SetOptions& options = {}) const {
        return Set<T>(*this, name, initial, options);
    }
    template <class T = Any>
    std::optional<Set<T>> set(const detail::Text auto& name, const std::vector<T>& initial, const SetOptions& options,
                              std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(set<T>(name, initial, options)); });
    }
    template <class T = Any>
    Set<T> set(const std::vector<T>& initial = {}, const SetOptions& options = {}) const {
        return Set<T>(*this, nameless, initial, options);
    }
    template <class T = Any>
    std::optional<Set<T>> set(const std::vector<T>& initial, const SetOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(set<T>(initial, options)); });
    }

    /// @}

    /// A process, by its number, to wait for its end. Throws no_such_object where there is none.
    Process process(std::int32_t pid) const { return Process(*this, pid); }
    std::optional<Process> process(std::int32_t pid, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(process(pid)); });
    }

    /// Removes the object of a name, whatever its type; those who wait for it get object_removed. False: there was
    /// none. Throws no_permission unless the caller owns the object or is root.
    bool remove(std::string_view name) const;
    bool remove(std::string_view name, std::error_code& ec) const;

    /// What `steward ls` shows: the objects that this user may read and whose names begin with `prefix`, by name.
    /// Objects that come and go while it looks may be missing.
    std::vector<ObjectInfo> objects(std::string_view prefix = {}) const;
    std::vector<ObjectInfo> objects(std::string_view prefix, std::error_code& ec) const;

    /// What `steward ls --anonymous` shows besides: those without a name, by number.
    std::vector<ObjectInfo> nameless_objects() const;
    std::vector<ObjectInfo> nameless_objects(std::error_code& ec) const;

    /// What `steward sessions` shows.
    std::vector<SessionInfo> sessions() const;
    std::vector<SessionInfo> sessions(std::error_code& ec) const;

    /// Sends many operations without waiting for each one's reply; see Pipeline. Throws not_connected.
    Pipeline pipeline() const;
    std::optional<Pipeline> pipeline(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(pipeline()); });
    }

    /// Several operations on containers as one change, with conditions.
    Transaction transaction() const;

    /// Tells of changes of an object, or of all objects whose names begin so and that may be read. Makes a connection
    /// of its own: throws not_connected, and for an object no_such_object and no_permission.
    Watch watch(const Object& object) const;
    Watch watch(std::string_view prefix) const;
    Watch watch(std::uint64_t object) const;  ///< by its number, as objects() tells it
    std::optional<Watch> watch(const auto& what, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(watch(what)); });
    }

    /// Calls this where `lock_order_warnings` were asked for and there is one, in place of what was set before; for all
    /// copies of this Manager. Without it, or with an empty function, the sentence goes to standard error.
    ///
    /// It is called before the acquire that caused the warning returns, with the lock held: on its thread, or on
    /// another one of this process whose operation ends a moment before. No lock of the library is held then, so it may
    /// use the Manager. It must not throw: std::terminate. Several threads may call it at once.
    void on_lock_order(std::function<void(const LockOrderWarning&)> callback) const;

    /// Path of the daemon's socket, for other processes.
    const std::filesystem::path& socket() const noexcept;

    /// The number of this process's session. Throws not_connected in a forked child that cannot open its own.
    std::uint32_t session() const;
    std::uint32_t session(std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return session(); });
    }

    /// For the library itself and for `steward`, which ask for more than there are methods for.
    const std::shared_ptr<detail::Client>& client() const noexcept { return client_; }

  private:
    friend class TakingSeveral<Manager>;

    explicit Manager(std::shared_ptr<detail::Client> client) noexcept : client_(std::move(client)) {}

    std::optional<AnyAcquired> wait_any_within(const std::vector<Waitable>& objects,
                                               std::optional<std::chrono::nanoseconds> timeout,
                                               std::source_location where) const;
    std::optional<AllAcquired> acquire_all_within(std::vector<Part> parts,
                                                  std::optional<std::chrono::nanoseconds> timeout,
                                                  std::source_location where) const;

    std::shared_ptr<detail::Client> client_;
};

}  // namespace steward
