#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace steward::daemon {

/// What is told of a request when the daemon crashes: nothing that it carries but the object that it is about.
struct RecentRequest {
    std::string_view method;  ///< as the catalogue names it: its bytes live as long as the process
    std::uint64_t object = 0;
    std::uint32_t session = 0;
    pid_t pid = 0;
};

/// The last requests, the newest over the oldest. Noting one costs a few stores. Written by one thread; read by a
/// handler of signals that interrupts it, which may find the newest half written.
class RecentRequests {
  public:
    static constexpr std::size_t most = 16;

    constexpr RecentRequests() = default;

    void note(std::string_view method, std::uint32_t session, pid_t pid) noexcept {
        const auto count = count_.load(std::memory_order_relaxed);
        requests_[count % most] = {.method = method, .object = 0, .session = session, .pid = pid};
        // Behind what it counts, as the handler sees it, which runs on the same thread.
        std::atomic_signal_fence(std::memory_order_release);
        count_.store(count + 1, std::memory_order_relaxed);
    }

    /// The newest is about this object.
    void note_object(std::uint64_t object) noexcept {
        requests_[(count_.load(std::memory_order_relaxed) - 1) % most].object = object;
    }

    /// Calls `tell` with each, the newest first.
    template <class F>
    void each(F&& tell) const {
        const auto count = count_.load(std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_acquire);
        for (std::size_t back = 1; back <= most && back <= count; ++back)
            tell(requests_[(count - back) % most]);
    }

  private:
    std::array<RecentRequest, most> requests_{};
    std::atomic<std::uint64_t> count_{0};
};

/// Those of this process, whatever else of it is in disorder.
inline constinit RecentRequests recent_requests;

}  // namespace steward::daemon
