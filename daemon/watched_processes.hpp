#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "shared/unique_fd.hpp"

namespace steward::daemon {

/// The processes whose end somebody wants to know, each an object. Who waits for events of the system takes the
/// descriptors over.
class WatchedProcesses {
  public:
    /// One object for all sessions of a user that ask for the same incarnation of a process.
    struct Identity {
        uid_t uid = 0;
        pid_t pid = 0;
        std::uint64_t start_time = 0;

        friend bool operator==(const Identity&, const Identity&) = default;
    };

    void add(std::uint64_t object, const Identity&, shared::UniqueFd pidfd);
    void forget(std::uint64_t object);
    std::optional<std::uint64_t> find(const Identity&) const;

    /// Those that came and went since the last call.
    std::vector<std::pair<std::uint64_t, shared::UniqueFd>> take_new() { return std::exchange(new_, {}); }
    std::vector<std::uint64_t> take_forgotten() { return std::exchange(forgotten_, {}); }

  private:
    struct Hash {
        std::size_t operator()(const Identity& identity) const noexcept {
            return static_cast<std::size_t>(identity.start_time * 31 + static_cast<std::uint64_t>(identity.pid));
        }
    };

    std::unordered_map<Identity, std::uint64_t, Hash> objects_;
    std::unordered_map<std::uint64_t, Identity> identities_;
    std::vector<std::pair<std::uint64_t, shared::UniqueFd>> new_;
    std::vector<std::uint64_t> forgotten_;
};

}  // namespace steward::daemon
