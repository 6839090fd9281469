#include "client/src/process.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>

namespace steward::detail {
namespace {

bool is_wiped_on_fork() noexcept {
    return sysconf(_SC_PAGESIZE) == Identity::page_size &&
           madvise(&Identity::page, sizeof Identity::page, MADV_WIPEONFORK) == 0;
}

}  // namespace

constinit Identity::Page Identity::page{};
constinit thread_local std::uint32_t Identity::thread = 0;

std::uint64_t Identity::find_generation() noexcept {
    static const bool wiped = is_wiped_on_fork();
    static std::atomic<std::uint64_t> last{0};  // of this process or the ancestor that it was forked from
    static std::atomic<std::uint64_t> unwiped{0};
    static std::atomic<pid_t> pid{0};  // tells a child where the kernel does not

    if (!wiped && pid.exchange(getpid(), std::memory_order_relaxed) != getpid())
        unwiped.store(0, std::memory_order_relaxed);
    auto& number = wiped ? page.generation : unwiped;
    if (const auto known = number.load(std::memory_order_relaxed); known != 0)
        return known;
    std::uint64_t none = 0;
    const auto next = last.fetch_add(1, std::memory_order_relaxed) + 1;
    return number.compare_exchange_strong(none, next, std::memory_order_relaxed) ? next : none;
}

std::uint32_t Identity::find_thread() noexcept {
    static std::atomic<std::uint32_t> last{0};
    thread = last.fetch_add(1, std::memory_order_relaxed) + 1;
    return thread;
}

std::string program_name() {
    return program_invocation_short_name;
}

}  // namespace steward::detail
