#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/child_process.hpp"
#include "tests/bench/temporary_folder.hpp"

namespace steward::bench {

/// A Redis server of our own that keeps nothing on disk, and a connection to it over its Unix socket by hiredis.
class Redis {
  public:
    using Command = std::vector<std::string_view>;

    /// Whether redis-server is installed.
    static bool is_installed();

    Redis();

    /// Sends a command and waits for its reply. Throws std::runtime_error where it is refused.
    void call(const Command&);

    /// The same in two steps, for many commands at once: `append` each, then `take_reply` as often.
    void append(const Command&);
    void take_reply();

    /// For a forked child, whose parent goes on to use the connection that both have.
    void connect_anew();

    pid_t pid() const { return server_.pid(); }

  private:
    struct Free {
        void operator()(redisContext* context) const { redisFree(context); }
        void operator()(void* reply) const { freeReplyObject(reply); }
    };

    void await_server();

    TemporaryFolder folder_;
    ChildProcess server_;
    std::unique_ptr<redisContext, Free> connection_;
    std::vector<const char*> arguments_;
    std::vector<std::size_t> sizes_;
};

}  // namespace steward::bench
