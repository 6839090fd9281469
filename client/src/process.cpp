#include "client/src/process.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <new>

namespace steward::detail {
namespace {

/// A page that the kernel fills with zeros in a forked child (MADV_WIPEONFORK, madvise(2), Linux 4.14), so that a child
/// is noticed without a system call. It holds the process's number; 0 is a child that has none yet.
class ForkMark {
  public:
    ForkMark() noexcept {
        const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        void* page = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED)
            return;
        if (madvise(page, size, MADV_WIPEONFORK) == 0)
            number_ = new (page) std::atomic<std::uint64_t>(0);
        else
            munmap(page, size);
    }

    std::uint64_t number() noexcept {
        if (number_ == &unwiped_ && pid_.exchange(getpid(), std::memory_order_relaxed) != getpid())
            unwiped_.store(0, std::memory_order_relaxed);
        if (const auto known = number_->load(std::memory_order_relaxed); known != 0)
            return known;
        std::uint64_t none = 0;
        const auto next = last_.fetch_add(1, std::memory_order_relaxed) + 1;
        return number_->compare_exchange_strong(none, next, std::memory_order_relaxed) ? next : none;
    }

    /// Where the number stands; null where the kernel does not clear it in a child.
    const std::atomic<std::uint64_t>* page() const noexcept { return number_ == &unwiped_ ? nullptr : number_; }

  private:
    std::atomic<std::uint64_t> unwiped_{0};  ///< on kernels without the advice; `pid_` tells then
    std::atomic<std::uint64_t>* number_ = &unwiped_;
    std::atomic<pid_t> pid_{0};
    std::atomic<std::uint64_t> last_{0};  ///< of this process or the ancestor that it was forked from
};

}  // namespace

constinit std::atomic<const std::atomic<std::uint64_t>*> Identity::generation{nullptr};
constinit thread_local std::uint32_t Identity::thread = 0;

std::uint64_t Identity::find_generation() noexcept {
    static ForkMark mark;
    const auto number = mark.number();
    generation.store(mark.page(), std::memory_order_release);
    return number;
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
