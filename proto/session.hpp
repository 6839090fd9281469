#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/message.hpp"

namespace steward::proto {

/// The version of the protocol that this source speaks. A daemon speaks to clients of this version and the one before.
inline constexpr std::uint32_t protocol_version = 1;

struct SessionInfo {
    std::uint32_t session = 0;
    std::int32_t pid = 0;
    std::uint32_t uid = 0;
    std::string client_name;
    std::string command;
    std::int64_t since_ms = 0;
    std::uint64_t holds = 0;
    std::uint64_t waits = 0;
    std::uint64_t requests = 0;
    bool connected = false;
    std::uint32_t in_name_of = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&SessionInfo::session, "session", "number of the session"},
            Field{&SessionInfo::pid, "pid", "process id"}, Field{&SessionInfo::uid, "uid", "user id"},
            Field{&SessionInfo::client_name, "client_name", "what the client calls itself"},
            Field{&SessionInfo::command, "command", "command line"},
            Field{&SessionInfo::since_ms, "since_ms", "age of the session, milliseconds"},
            Field{&SessionInfo::holds, "holds", "objects that it holds"},
            Field{&SessionInfo::waits, "waits", "requests of it that wait"},
            Field{&SessionInfo::requests, "requests", "requests that it made"},
            Field{&SessionInfo::connected, "connected", "false: its connection is lost, its process lives"},
            Field{&SessionInfo::in_name_of, "in_name_of", "the session that waits where this one does; 0: none"});
    }
};

namespace session {

struct Open {
    static constexpr std::string_view method = "session.open";
    static constexpr std::string_view purpose = "Begins a session; the first request of every connection.";

    std::uint32_t version = protocol_version;
    std::string_view client_name;
    std::vector<std::string_view> capabilities;
    std::uint32_t in_name_of = 0;
    bool lock_order_warnings = false;
    std::uint32_t resume = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Open::version, "version", "version of the protocol that the client speaks"},
            Field{&Open::client_name, "client_name", "shown by `steward sessions`"},
            Field{&Open::capabilities, "capabilities",
                  "what the client can do beyond the version: shared_words, shared_reads"},
            Field{
                &Open::in_name_of, "in_name_of",
                "a session of the same user that waits where this one does, as `steward run` for its command; 0: none"},
            Field{&Open::lock_order_warnings, "lock_order_warnings",
                  "be told, by notifications lock.order, where its threads take locks in an order that another thread "
                  "of such a session has reversed"},
            Field{&Open::resume, "resume",
                  "a session of this very process, whose connection was lost and which goes on; 0: a new one. "
                  "session_lost where it has ended"});
    }

    struct Result {
        std::uint32_t version = protocol_version;
        std::string_view daemon_version;
        std::uint32_t session = 0;
        std::vector<std::string_view> capabilities;
        std::uint64_t words_bytes = 0;
        std::uint64_t heap_bytes = 0;
        std::uint64_t max_frame_bytes = std::uint64_t{16} << 20;
        std::uint64_t clock_ns = 0;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::version, "version", "version of the protocol that the daemon speaks"},
                Field{&Result::daemon_version, "daemon_version", "version of the daemon"},
                Field{&Result::session, "session", "number of the session"},
                Field{&Result::capabilities, "capabilities",
                      "those of the client that the daemon takes up; for each of them the reply carries a descriptor"},
                Field{&Result::words_bytes, "words_bytes", "range of addresses to map the words in; 0: not shared"},
                Field{&Result::heap_bytes, "heap_bytes", "range of addresses to map the heap in; 0: not shared"},
                Field{&Result::max_frame_bytes, "max_frame_bytes",
                      "the most that a request may have; a larger one ends the connection"},
                Field{&Result::clock_ns, "clock_ns",
                      "CLOCK_MONOTONIC of the daemon: where the client's is another one (a time namespace), it cannot "
                      "know that a deadline is over for both; 0: the daemon is older than that"});
        }
    };
};

/// The client can use the words of its user's domain without asking (Open's capabilities).
inline constexpr std::string_view shared_words = "shared_words";
/// It can read the heap of its user's domain.
inline constexpr std::string_view shared_reads = "shared_reads";

struct Close {
    static constexpr std::string_view method = "session.close";
    static constexpr std::string_view purpose =
        "Ends the session: what it holds is given back, not abandoned, and its waits are forgotten.";

    static constexpr auto fields() { return fields_of(); }
    using Result = Nothing;
};

struct Cancel {
    static constexpr std::string_view method = "session.cancel";
    static constexpr std::string_view purpose = "Gives up a request of this session that waits.";

    std::uint64_t request = 0;

    static constexpr auto fields() { return fields_of(Field{&Cancel::request, "request", "id of the request"}); }

    struct Result {
        bool cancelled = false;

        static constexpr auto fields() {
            return fields_of(Field{&Result::cancelled, "cancelled",
                                   "true: the request was answered with the error cancelled; false: it did not wait"});
        }
    };
};

struct EndThread {
    static constexpr std::string_view method = "session.end_thread";
    static constexpr std::string_view purpose =
        "A thread of the session has ended: the locks that it still holds are abandoned, as if its process had died.";

    std::uint32_t thread = 0;

    static constexpr auto fields() {
        return fields_of(Field{&EndThread::thread, "thread", "number of the thread; not used again"});
    }
    using Result = Nothing;
    static constexpr bool one_way = true;
};

struct Place {
    static constexpr std::string_view method = "session.place";
    static constexpr std::string_view purpose =
        "Gives a line of source its number, for the words of what it acquires without asking.";

    std::string_view where;

    static constexpr auto fields() { return fields_of(Field{&Place::where, "where", "file and line"}); }

    struct Result {
        std::uint32_t place = 0;

        static constexpr auto fields() {
            return fields_of(Field{&Result::place, "place", "its number; 0: there are too many"});
        }
    };
};

struct Bell {
    static constexpr std::string_view method = "session.bell";
    static constexpr std::string_view purpose =
        "Gives the client a bell, the eventfd of a session of the same user: whoever releases a lock rings that of the "
        "first in line.";

    std::uint32_t bell = 0;

    static constexpr auto fields() {
        return fields_of(
            Field{&Bell::bell, "bell", "number of the bell, as the line of a word says it; 0: the session's own"});
    }

    struct Result {
        std::uint32_t bell = 0;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::bell, "bell", "its number, and the reply carries its descriptor; 0: there is none"});
        }
    };
};

struct List {
    static constexpr std::string_view method = "session.list";
    static constexpr std::string_view purpose = "Lists the sessions, a page at a time, by number.";

    std::uint32_t after = 0;
    std::uint32_t limit = 1000;

    static constexpr auto fields() {
        return fields_of(Field{&List::after, "after", "0, then the last number of the page before"},
                         Field{&List::limit, "limit", "sessions on this page, at most 1000"});
    }

    struct Result {
        std::vector<SessionInfo> sessions;

        static constexpr auto fields() {
            return fields_of(Field{&Result::sessions, "sessions", "this page; empty at the end"});
        }
    };
};

}  // namespace session
}  // namespace steward::proto
