#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace steward {

/// How to connect, and what to use.
struct ManagerOptions {
    /// Path of the daemon's socket. Empty: $STEWARD_SOCKET; else the first that exists of $XDG_RUNTIME_DIR/steward.sock
    /// (the user's daemon) and /run/steward/steward.sock (the system's).
    std::filesystem::path socket = {};

    /// Shown by `steward sessions`; empty: the program's name.
    std::string client_name = {};

    /// How long to wait for a daemon that accepts no connection.
    std::chrono::nanoseconds connect_timeout = std::chrono::seconds(5);

    /// How long a call waits for a daemon that is away, as while it is restarted. 0: the first loss of the connection
    /// is final. A call with a time-out above 0 waits some 10 ms longer than that at most, for a daemon that is
    /// stopped, too, and says that its time is over; but not a wait for a condition. A put, or a wait at a barrier,
    /// waits on where it may have happened unheard, or its memory is not shared (shared_reads).
    std::chrono::nanoseconds reconnect_timeout = std::chrono::seconds(30);

    /// Number of another session of the same user that waits where this one does, as `steward run` waits for its
    /// command: what that session holds counts as held by this one when deadlocks are looked for. 0: none.
    std::uint32_t in_name_of = 0;

    /// Be told where this session takes locks in an order that such a session has reversed; see LockOrderWarning. For
    /// tests and development: every lock taken while another one is held costs the daemon some work then.
    bool lock_order_warnings = false;

    /// Acquire and release locks of one's own user by a word in shared memory, without a round trip where nobody is in
    /// the way, if the daemon allows it. Not with lock_order_warnings, for which the daemon has to see each of them.
    bool shared_words = true;

    /// Read objects of one's own user straight from the daemon's memory, which is mapped read-only, without a round
    /// trip, if the daemon allows it.
    bool shared_reads = true;
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

    /// As in ManagerOptions.
    bool lock_order_warnings = false;
};

}  // namespace steward
