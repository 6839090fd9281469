#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <steward/array.hpp>
#include <steward/dict.hpp>
#include <steward/event.hpp>
#include <steward/export.hpp>
#include <steward/list.hpp>
#include <steward/lock.hpp>
#include <steward/namespace.hpp>
#include <steward/object.hpp>
#include <steward/pipeline.hpp>
#include <steward/semaphore.hpp>
#include <steward/set.hpp>
#include <steward/value.hpp>

namespace steward {

struct ManagerOptions {
    /// Path of the daemon's socket. Empty: $STEWARD_SOCKET; else the first that exists of $XDG_RUNTIME_DIR/steward.sock
    /// (the user's daemon) and /run/steward/steward.sock (the system's).
    std::filesystem::path socket = {};

    /// Shown by `steward sessions`; empty: the program's name.
    std::string client_name = {};

    /// How long to wait for a daemon that accepts no connection.
    std::chrono::nanoseconds connect_timeout = std::chrono::seconds(5);
};

/// How to run a private daemon.
struct StartOptions {
    /// The program. Empty: $STEWARDD, else `stewardd` beside this executable, else the one on the PATH.
    std::filesystem::path daemon = {};

    /// Further options of it, for example {"--memory-limit", "64MiB"}; see `stewardd --help`.
    std::vector<std::string> arguments = {};

    /// Shown by `steward sessions`; empty: the program's name.
    std::string client_name = {};

    /// How long to wait until it serves.
    std::chrono::nanoseconds start_timeout = std::chrono::seconds(10);
};

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
///
/// Lifetime: copies share one session; each Manager that is made anew has its own. The session ends, and what it holds
/// is given back, when the last copy and the last proxy are destroyed, or when the process ends. Nothing else ends it
/// while the daemon lives. A connection that was lost is not made again: every later call throws not_connected; make a
/// new Manager and new proxies.
///
/// Names are 1 to 255 bytes of UTF-8 without control characters, one name space for all types and users; anything else
/// is invalid_name. `/` structures them by habit only.
class STEWARD_API Manager {
  public:
    /// Connects. Blocks for no longer than the connect_timeout. Throws not_connected, with all the paths that were
    /// tried, and version_mismatch.
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

    /// Opens objects by name; each is one round trip. Throws wrong_type where an object of the name has another type,
    /// wrong_options where it was made otherwise, no_such_object and object_exists by the OpenMode, no_permission,
    /// no_memory, invalid_name.
    Lock lock(std::string_view name, const LockOptions& options = {},
              std::source_location where = std::source_location::current()) const {
        return Lock(*this, name, options, where);
    }
    std::optional<Lock> lock(std::string_view name, const LockOptions& options, std::error_code& ec,
                             std::source_location where = std::source_location::current()) const {
        return detail::without_exceptions(ec, [&] { return std::optional<Lock>(lock(name, options, where)); });
    }

    /// `permits` counts only where this makes the semaphore.
    Semaphore semaphore(std::string_view name, std::ptrdiff_t permits = 1, const SemaphoreOptions& options = {}) const {
        return Semaphore(*this, name, permits, options);
    }
    std::optional<Semaphore> semaphore(std::string_view name, std::ptrdiff_t permits, const SemaphoreOptions& options,
                                       std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(semaphore(name, permits, options)); });
    }

    Event event(std::string_view name, const EventOptions& options = {}) const { return Event(*this, name, options); }
    std::optional<Event> event(std::string_view name, const EventOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(event(name, options)); });
    }

    /// `initial` counts only where this makes the list, dict, value, namespace or set.
    template <class T = Any>
    List<T> list(std::string_view name, const std::vector<T>& initial = {}, const ListOptions& options = {}) const {
        return List<T>(*this, name, initial, options);
    }
    template <class T = Any>
    std::optional<List<T>> list(std::string_view name, const std::vector<T>& initial, const ListOptions& options,
                                std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(list<T>(name, initial, options)); });
    }

    template <class K = Any, class V = Any>
    Dict<K, V> dict(std::string_view name, const std::map<K, V>& initial = {}, const DictOptions& options = {}) const {
        return Dict<K, V>(*this, name, initial, options);
    }
    template <class K = Any, class V = Any>
    std::optional<Dict<K, V>> dict(std::string_view name, const std::map<K, V>& initial, const DictOptions& options,
                                   std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(dict<K, V>(name, initial, options)); });
    }

    template <class T = Any>
    Value<T> value(std::string_view name, const T& initial = {}, const ValueOptions& options = {}) const {
        return Value<T>(*this, name, initial, options);
    }
    template <class T = Any>
    std::optional<Value<T>> value(std::string_view name, const T& initial, const ValueOptions& options,
                                  std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(value<T>(name, initial, options)); });
    }

    /// Python's Manager().Namespace(); `namespace` is a word of C++.
    Namespace name_space(std::string_view name, const std::map<std::string, Any>& initial = {},
                         const NamespaceOptions& options = {}) const {
        return Namespace(*this, name, initial, options);
    }
    std::optional<Namespace> name_space(std::string_view name, const std::map<std::string, Any>& initial,
                                        const NamespaceOptions& options, std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(name_space(name, initial, options)); });
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
    template <ArrayElement T, std::same_as<std::vector<T>> Elements>
    Array<T> array(std::string_view name, const Elements& initial, const ArrayOptions& options = {}) const {
        return Array<T>(*this, name, initial, options);
    }
    template <ArrayElement T, std::same_as<std::vector<T>> Elements>
    std::optional<Array<T>> array(std::string_view name, const Elements& initial, const ArrayOptions& options,
                                  std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(array<T>(name, initial, options)); });
    }

    /// `initial` as for a list.
    template <class T = Any>
    Set<T> set(std::string_view name, const std::vector<T>& initial = {}, const SetOptions& options = {}) const {
        return Set<T>(*this, name, initial, options);
    }
    template <class T = Any>
    std::optional<Set<T>> set(std::string_view name, const std::vector<T>& initial, const SetOptions& options,
                              std::error_code& ec) const {
        return detail::without_exceptions(ec, [&] { return std::optional(set<T>(name, initial, options)); });
    }

    /// Removes the object of a name, whatever its type; those who wait for it get object_removed. False: there was
    /// none. Throws no_permission unless the caller owns the object or is root.
    bool remove(std::string_view name) const;
    bool remove(std::string_view name, std::error_code& ec) const;

    /// What `steward ls` shows: the objects that this user may read and whose names begin with `prefix`, by name.
    /// Objects that come and go while it looks may be missing.
    std::vector<ObjectInfo> objects(std::string_view prefix = {}) const;
    std::vector<ObjectInfo> objects(std::string_view prefix, std::error_code& ec) const;

    /// What `steward sessions` shows.
    std::vector<SessionInfo> sessions() const;
    std::vector<SessionInfo> sessions(std::error_code& ec) const;

    /// Sends many operations without waiting for each one's reply; see Pipeline. Throws not_connected.
    Pipeline pipeline() const;

    /// Path of the daemon's socket, for other processes.
    const std::filesystem::path& socket() const noexcept;

    /// The number of this process's session. Throws not_connected in a forked child that cannot open its own.
    std::uint32_t session() const;

    /// For the library itself and for `steward`, which ask for more than there are methods for.
    const std::shared_ptr<detail::Client>& client() const noexcept { return client_; }

  private:
    explicit Manager(std::shared_ptr<detail::Client> client) noexcept : client_(std::move(client)) {}

    std::shared_ptr<detail::Client> client_;
};

}  // namespace steward
