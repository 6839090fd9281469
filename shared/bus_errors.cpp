#include "shared/bus_errors.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace steward::shared {
namespace {

/// Read by the handler, which may come between any two instructions of the thread that writes it: `begin` is stored
/// last and taken away first.
struct Guarded {
    std::atomic<std::uintptr_t> begin;
    std::atomic<std::size_t> bytes;
    std::atomic<bool> damaged;

    bool contains(std::uintptr_t address) const noexcept {
        const auto first = begin.load();
        return first != 0 && address >= first && address - first < bytes.load();
    }
};

constexpr std::size_t most_guarded = 4096;
constinit std::array<Guarded, most_guarded> all_guarded{};
constinit std::atomic<bool> any_damaged{false};

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "a handler of signals may only use atomics without locks (signal-safety(7))");

Guarded* guarded_at(std::uintptr_t address) noexcept {
    const auto found = std::ranges::find_if(all_guarded, [=](const Guarded& each) { return each.contains(address); });
    return found == all_guarded.end() ? nullptr : &*found;
}

/// False: it is nobody's memory, or there is none to put in its place.
bool put_zeros_at(std::uintptr_t address) noexcept {
    auto* guarded = guarded_at(address);
    if (guarded == nullptr || guarded->damaged.load())
        return false;
    void* begin = reinterpret_cast<void*>(guarded->begin.load());
    guarded->damaged.store(true);
    any_damaged.store(true);
    // mmap is a system call and nothing else, though POSIX does not list it among the safe ones.
    return mmap(begin, guarded->bytes.load(), PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED;
}

/// What happened before to the signal; a handler of it reports what is not survived.
struct sigaction former_action {};

void handle(int signal, siginfo_t* about, void* /*context*/) {
    const int before = errno;
    const bool is_of_memory = about->si_code > 0;  // and not sent by somebody
    if (!is_of_memory || !put_zeros_at(reinterpret_cast<std::uintptr_t>(about->si_addr))) {
        sigaction(signal, &former_action, nullptr);  // the instruction is tried again, and ends the process
        if (!is_of_memory)                           // it comes once more, from the same sender
            syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), signal, about);
    }
    errno = before;
}

}  // namespace

void survive_bus_errors() {
    struct sigaction action {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO;
    struct sigaction former {};
    if (sigaction(SIGBUS, &action, &former) != 0)
        throw std::system_error(errno, std::generic_category(), "handling SIGBUS");
    if ((former.sa_flags & SA_SIGINFO) == 0 || former.sa_sigaction != handle)
        former_action = former;
}

void guard_memory(void* begin, std::size_t bytes) noexcept {
    const auto free = std::ranges::find_if(all_guarded, [](const Guarded& each) { return each.begin.load() == 0; });
    if (free == all_guarded.end())
        return;
    free->bytes.store(bytes);
    free->damaged.store(false);
    free->begin.store(reinterpret_cast<std::uintptr_t>(begin));
}

void end_guard(void* begin) noexcept {
    auto* guarded = guarded_at(reinterpret_cast<std::uintptr_t>(begin));
    if (guarded != nullptr)
        guarded->begin.store(0);
}

bool is_damaged(const void* address) noexcept {
    if (!any_damaged.load(std::memory_order_relaxed))  // set by this thread, or of no concern to it
        return false;
    const auto* guarded = guarded_at(reinterpret_cast<std::uintptr_t>(address));
    return guarded != nullptr && guarded->damaged.load();
}

}  // namespace steward::shared
