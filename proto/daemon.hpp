#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/message.hpp"

namespace steward::proto::daemon {

struct Status {
    static constexpr std::string_view method = "daemon.status";
    static constexpr std::string_view purpose = "Tells how the daemon does.";

    static constexpr auto fields() { return fields_of(); }

    struct Result {
        std::string version;
        std::int32_t pid = 0;
        std::string instance;
        std::int64_t uptime_ms = 0;
        std::uint64_t sessions = 0;
        std::uint64_t objects = 0;
        std::uint64_t waiters = 0;
        std::uint64_t requests = 0;
        std::uint64_t refusals = 0;
        std::uint64_t domains = 0;
        std::uint64_t memory_used_bytes = 0;
        std::uint64_t memory_obtained_bytes = 0;
        std::uint64_t memory_limit_bytes = 0;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::version, "version", "version of the daemon"},
                Field{&Result::pid, "pid", "its process id"},
                Field{&Result::instance, "instance", "name of the instance"},
                Field{&Result::uptime_ms, "uptime_ms", "since it started, milliseconds"},
                Field{&Result::sessions, "sessions", "sessions that are open"},
                Field{&Result::objects, "objects", "objects that exist"},
                Field{&Result::waiters, "waiters", "requests that wait"},
                Field{&Result::requests, "requests", "requests received since it started"},
                Field{&Result::refusals, "refusals", "requests answered with an error since it started"},
                Field{&Result::domains, "domains", "users that own objects"},
                Field{&Result::memory_used_bytes, "memory_used_bytes", "shared memory in use, bytes"},
                Field{&Result::memory_obtained_bytes, "memory_obtained_bytes",
                      "shared memory obtained from the system, bytes"},
                Field{&Result::memory_limit_bytes, "memory_limit_bytes", "shared memory it may obtain, bytes"});
        }
    };
};

struct Reload {
    static constexpr std::string_view method = "daemon.reload";
    static constexpr std::string_view purpose =
        "Reads the configuration again, as SIGHUP does. For root and the user that the daemon runs as.";

    static constexpr auto fields() { return fields_of(); }

    struct Result {
        std::vector<std::string> changed;
        std::vector<std::string> left_over;
        std::string error;

        static constexpr auto fields() {
            return fields_of(
                Field{&Result::changed, "changed", "options that have another value from now on"},
                Field{&Result::left_over, "left_over", "options that will have it after the next start"},
                Field{&Result::error, "error", "file, line and what is wrong there; nothing has changed then"});
        }
    };
};

}  // namespace steward::proto::daemon
