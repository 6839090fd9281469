#include <steward/semaphore.hpp>

#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "client/src/word_permits.hpp"
#include "proto/objects/semaphore.hpp"

namespace steward {

Semaphore::Semaphore(const Manager& manager, ObjectName name, std::ptrdiff_t permits, const SemaphoreOptions& options)
    : Object(detail::open(manager, ObjectType::semaphore,
                          proto::semaphore::Open{detail::as_proto(name, options), permits, options.recover})),
      word_(state().word) {}

Semaphore::Semaphore(const Reference& reference) : Object(reference, ObjectType::semaphore), word_(state().word) {}

bool Semaphore::take_quickly() noexcept {
    return detail::take_permit_quickly(word_);
}

bool Semaphore::acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) {
    const auto by_word = detail::take_permit(state(), word_, timeout);
    if (by_word == detail::Attempt::done)
        return true;
    if (by_word == detail::Attempt::held && timeout && *timeout <= std::chrono::nanoseconds::zero())
        return false;
    const auto line = detail::source_line(where);
    return detail::ask(state(), proto::semaphore::Acquire{.object = id(),
                                                          .thread = detail::thread_number(),
                                                          .timeout_ns = detail::timeout_ns(timeout),
                                                          .where = line})
        ->acquired;
}

void Semaphore::release(std::ptrdiff_t permits) {
    if (!detail::give_permits_quickly(word_, permits)) [[unlikely]]
        release_slowly(permits);
}

[[gnu::noinline]] void Semaphore::release_slowly(std::ptrdiff_t permits) {
    if (!detail::give_permits(state(), word_, permits))
        detail::ask(state(),
                    proto::semaphore::Release{.object = id(), .thread = detail::thread_number(), .permits = permits});
}

std::ptrdiff_t Semaphore::value() const {
    if (const auto permits = detail::look_at_permits(word_))
        return *permits;
    return detail::ask(state(), proto::semaphore::Value{.object = id()})->permits;
}

}  // namespace steward
