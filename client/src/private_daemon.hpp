#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>

#include <steward/manager.hpp>

#include "shared/unique_fd.hpp"

namespace steward::detail {

/// A `stewardd` that this process runs for itself. It watches this process and ends with it, whatever becomes of this
/// class; and this class ends it and waits for that. In a forked child it does nothing.
class PrivateDaemon {
  public:
    /// Blocks until it serves. Throws not_connected with what went wrong.
    explicit PrivateDaemon(const StartOptions& options);
    ~PrivateDaemon();
    PrivateDaemon(const PrivateDaemon&) = delete;
    PrivateDaemon& operator=(const PrivateDaemon&) = delete;

    const std::filesystem::path& socket() const noexcept { return socket_; }

  private:
    void spawn(const StartOptions& options, int owner, int ready);
    void wait_until_it_serves(int ready, std::chrono::nanoseconds timeout);
    void end() noexcept;

    std::uint64_t generation_;
    std::filesystem::path folder_;
    std::filesystem::path socket_;
    shared::UniqueFd process_;  ///< pidfd of the daemon; none: it could not be started
};

}  // namespace steward::detail
