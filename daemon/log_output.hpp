#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <string_view>

#include "shared/unique_fd.hpp"

namespace steward::daemon {

/// Where the lines of the log go: a descriptor that may be a pipe, a socket (that of the journal) or a terminal, which
/// nobody need read. Writing to it never waits. Lines that it does not take are kept, up to 64 KiB; what comes then is
/// lost.
///
/// Used by one thread; what a handler of signals may call as well is said.
class LogOutput {
  public:
    static constexpr std::size_t most_kept_bytes = 65'536;

    /// The descriptor stays the caller's and as it is: others may write to it too, and expect to wait.
    explicit LogOutput(int descriptor);

    /// False: it is lost.
    bool put(std::string_view line) noexcept;

    /// Writes what is kept, as far as it is taken. A handler of signals may call it in a process that is about to end.
    void flush() noexcept;

    bool keeps_some() const noexcept { return kept_bytes_.load(std::memory_order_relaxed) != 0; }

    /// Some of the bytes; 0: none is taken. A handler of signals may call it.
    std::size_t write_some(std::string_view bytes) const noexcept;

    /// Whether it takes something, after waiting so long for that. A handler of signals may call it.
    bool takes(int timeout_ms) const noexcept;

  private:
    int descriptor_;
    bool is_socket_ = false;
    shared::UniqueFd own_;  ///< the same file, without waiting; none where it could not be opened once more
    std::array<char, most_kept_bytes> kept_{};
    std::atomic<std::size_t> kept_bytes_{0};
};

}  // namespace steward::daemon
