#include <steward/bounded_semaphore.hpp>

#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "client/src/word_permits.hpp"
#include "proto/objects/bounded_semaphore.hpp"

namespace steward {

BoundedSemaphore::BoundedSemaphore(const Manager& manager, ObjectName name, std::ptrdiff_t permits,
                                   const BoundedSemaphoreOptions& options)
    : Object(detail::open(manager, ObjectType::bounded_semaphore,
                          proto::bounded_semaphore::Open{detail::as_proto(name, options), permits, options.recover})),
      word_(state().word) {}

BoundedSemaphore::BoundedSemaphore(const Reference& reference)
    : Object(reference, ObjectType::bounded_semaphore), word_(state().word) {}

bool BoundedSemaphore::take_quickly() noexcept {
    return detail::take_permit_quickly(word_);
}

bool BoundedSemaphore::acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) {
    const auto by_word = detail::take_permit(state(), word_, timeout);
    if (by_word == detail::Attempt::done)
        return true;
    if (by_word == detail::Attempt::held && timeout && *timeout <= std::chrono::nanoseconds::zero())
        return false;
    const auto line = detail::source_line(where);
    return detail::ask(state(), proto::bounded_semaphore::Acquire{.object = id(),
                                                                  .thread = detail::thread_number(),
                                                                  .timeout_ns = detail::timeout_ns(timeout),
                                                                  .where = line})
        ->acquired;
}

void BoundedSemaphore::release(std::ptrdiff_t permits) {
    if (!detail::give_permits_quickly(word_, permits)) [[unlikely]]
        release_slowly(permits);
}

[[gnu::noinline]] void BoundedSemaphore::release_slowly(std::ptrdiff_t permits) {
    if (!detail::give_permits(state(), word_, permits))
        detail::ask(state(), proto::bounded_semaphore::Release{
                                 .object = id(), .thread = detail::thread_number(), .permits = permits});
}

std::ptrdiff_t BoundedSemaphore::value() const {
    if (const auto permits = detail::look_at_permits(word_))
        return *permits;
    return detail::ask(state(), proto::bounded_semaphore::Value{.object = id()})->permits;
}

std::ptrdiff_t BoundedSemaphore::bound() const {
    return detail::ask(state(), proto::bounded_semaphore::Value{.object = id()})->bound;
}

}  // namespace steward
