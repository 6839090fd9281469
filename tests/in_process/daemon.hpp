#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "tests/in_process/client.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::daemon {

/// A Daemon without a socket, with memory in a folder of its own and a clock that only the test moves.
class InProcessDaemon {
  public:
    static constexpr std::uint64_t ample_bytes = std::uint64_t{256} << 20;
    static constexpr uid_t alice = 1001;
    static constexpr uid_t bob = 1002;
    static constexpr gid_t staff = 50;
    static constexpr std::uint64_t another_start_time = 1;

    /// Another daemon takes up the memory of this one, as it is. The processes of all clients are gone.
    void restart();

    /// The same, but they live.
    void restart_under_clients();

    /// The client of a session that a former daemon has left, which goes on.
    Client resumed(std::uint32_t session);

    Daemon& daemon() { return *daemon_; }

    Client client(uid_t uid = alice, gid_t gid = 100, std::vector<gid_t> groups = {});

    /// The client's process dies.
    void kill(const Client& client) { daemon_->end_session(client.session()); }

    /// The client says that it goes.
    void close(Client& client);

    /// The clock goes on, and those whose time is over are answered.
    void pass(std::uint64_t ns);

    /// All discarded memory is freed.
    void tidy();

    /// How much memory may be taken, from the next start on.
    void limit_memory(std::uint64_t bytes);

  private:
    std::unique_ptr<Daemon> make_daemon() const;

    tests::TemporaryFolder folder_{"/dev/shm"};
    std::uint64_t limit_bytes_ = ample_bytes;
    std::unique_ptr<Daemon> daemon_ = make_daemon();
};

}  // namespace steward::daemon
