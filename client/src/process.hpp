#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace steward::detail {

/// Behind process_generation() and thread_number(), which stand in front of every lock and are therefore inline.
struct Identity {
    static constexpr std::size_t page_size = 4096;

    /// A page that the kernel fills with zeros in a forked child (MADV_WIPEONFORK, madvise(2), Linux 4.14), so that a
    /// child is noticed without a system call.
    struct alignas(page_size) Page {
        std::atomic<std::uint64_t> generation;
    };
    static constinit Page page;
    [[gnu::tls_model("initial-exec")]] static constinit thread_local std::uint32_t thread;

    /// 0: it has to be found; always so where the kernel does not clear the page.
    static std::uint64_t known_generation() noexcept { return page.generation.load(std::memory_order_relaxed); }
    static std::uint64_t find_generation() noexcept;
    static std::uint32_t find_thread() noexcept;
};

/// A number of this process among its ancestors: a forked child sees another one than its parent. A load from memory.
inline std::uint64_t process_generation() noexcept {
    const auto number = Identity::known_generation();
    return number != 0 ? number : Identity::find_generation();
}

/// The number of the calling thread, counted from 1 and never used for another thread of this process.
inline std::uint32_t thread_number() noexcept {
    return Identity::thread != 0 ? Identity::thread : Identity::find_thread();
}

/// The name that the program was started by, without its folder.
std::string program_name();

}  // namespace steward::detail
