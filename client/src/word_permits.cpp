#include "client/src/word_permits.hpp"

namespace steward::detail {
namespace {

Attempt attempt(const WordPath& path) noexcept {
    switch (take_free_permit(*path.line())) {
        case Permit::taken: return Attempt::done;
        case Permit::none: return Attempt::held;
        case Permit::ask_daemon: break;
    }
    return Attempt::ask_daemon;
}

}  // namespace

Attempt take_permit(const ObjectState& semaphore, WordPath& path,
                    std::optional<std::chrono::nanoseconds> timeout) noexcept {
    find_word(semaphore, path);
    if (!may_use(path))
        return Attempt::ask_daemon;
    auto result = attempt(path);
    if (timeout && *timeout <= std::chrono::nanoseconds::zero())
        return result;
    for (Spin spin; result == Attempt::held && spin.again();)
        result = attempt(path);
    return result;
}

bool give_permits(const ObjectState& semaphore, WordPath& path, std::ptrdiff_t permits) noexcept {
    find_word(semaphore, path);
    if (!may_use(path))
        return false;
    auto& line = *path.line();
    auto found = line.word.load(std::memory_order_relaxed);
    while (const auto given = with_permits(line, found, permits)) {
        const bool tell = permits != 0 && (found & shared::word_waiters) != 0;
        const auto desired = *given | (tell ? shared::word_notified : 0);
        // Release: as in give_permits_quickly.
        // model: give_free give_notify give_again
        if (!line.word.compare_exchange_weak(found, desired, std::memory_order_release, std::memory_order_relaxed))
            continue;
        if (tell && (found & shared::word_notified) == 0)
            notify_daemon(semaphore);
        return true;
    }
    return false;
}

std::optional<std::ptrdiff_t> look_at_permits(const WordPath& path) noexcept {
    if (!may_look(path))
        return std::nullopt;
    const auto word = path.line()->word.load(std::memory_order_acquire);
    if ((word & shared::word_closed) != 0)
        return std::nullopt;
    return static_cast<std::ptrdiff_t>(shared::SemaphoreWord::permits(word));
}

}  // namespace steward::detail
