#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

namespace steward::bench {

/// The least that sleeping and being woken can cost: futex(2) and nothing beside it, in memory that processes share.
class FutexLock {
  public:
    void lock() {
        while (word_.exchange(held, std::memory_order_acquire) == held)
            ::syscall(SYS_futex, &word_, FUTEX_WAIT, held, nullptr, nullptr, 0);
    }
    void unlock() {
        word_.store(free, std::memory_order_release);
        ::syscall(SYS_futex, &word_, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    }

  private:
    static constexpr std::uint32_t free = 0;
    static constexpr std::uint32_t held = 1;

    std::atomic<std::uint32_t> word_ = free;
};

}  // namespace steward::bench
