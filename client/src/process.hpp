#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace steward::detail {

/// Behind process_generation() and thread_number(), which stand in front of every lock and are therefore inline.
struct Identity {
    /// In a page that the kernel clears in a forked child; null until somebody has asked.
    static std::atomic<const std::atomic<std::uint64_t>*> generation;
    static constinit thread_local std::uint32_t thread;

    static std::uint64_t find_generation() noexcept;
    static std::uint32_t find_thread() noexcept;
};

/// A number of this process among its ancestors: a forked child sees another one than its parent. A load from memory.
inline std::uint64_t process_generation() noexcept {
    // Acquire: the page is there for whoever finds it.
    const auto* known = Identity::generation.load(std::memory_order_acquire);
    const auto number = known != nullptr ? known->load(std::memory_order_relaxed) : 0;
    return number != 0 ? number : Identity::find_generation();
}

/// The number of the calling thread, counted from 1 and never used for another thread of this process.
inline std::uint32_t thread_number() noexcept {
    return Identity::thread != 0 ? Identity::thread : Identity::find_thread();
}

/// The name that the program was started by, without its folder.
std::string program_name();

}  // namespace steward::detail
