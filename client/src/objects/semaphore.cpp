#include <steward/semaphore.hpp>

#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/semaphore.hpp"

namespace steward {

namespace words = proto::semaphore;

Semaphore::Semaphore(const Manager& manager, ObjectName name, std::ptrdiff_t permits, const SemaphoreOptions& options)
    : Object(detail::open(manager, ObjectType::semaphore,
                          words::Open{detail::as_proto(name, options), permits, options.recover})) {}

Semaphore::Semaphore(const Reference& reference) : Object(reference, ObjectType::semaphore) {}

bool Semaphore::acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) {
    const auto line = detail::source_line(where);
    return detail::ask(state(), words::Acquire{.object = id(),
                                               .thread = detail::thread_number(),
                                               .timeout_ns = detail::timeout_ns(timeout),
                                               .where = line})
        ->acquired;
}

void Semaphore::release(std::ptrdiff_t permits) {
    detail::ask(state(), words::Release{.object = id(), .thread = detail::thread_number(), .permits = permits});
}

std::ptrdiff_t Semaphore::value() const {
    return detail::ask(state(), words::Value{.object = id()})->permits;
}

}  // namespace steward
