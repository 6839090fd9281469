#include <steward/bounded_semaphore.hpp>

#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/bounded_semaphore.hpp"

namespace steward {

namespace words = proto::bounded_semaphore;

BoundedSemaphore::BoundedSemaphore(const Manager& manager, ObjectName name, std::ptrdiff_t permits,
                                   const BoundedSemaphoreOptions& options)
    : Object(detail::open(manager, ObjectType::bounded_semaphore,
                          words::Open{detail::as_proto(name, options), permits, options.recover})) {}

BoundedSemaphore::BoundedSemaphore(const Reference& reference) : Object(reference, ObjectType::bounded_semaphore) {}

bool BoundedSemaphore::acquire_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) {
    const auto line = detail::source_line(where);
    return detail::ask(state(), words::Acquire{.object = id(),
                                               .thread = detail::thread_number(),
                                               .timeout_ns = detail::timeout_ns(timeout),
                                               .where = line})
        ->acquired;
}

void BoundedSemaphore::release(std::ptrdiff_t permits) {
    detail::ask(state(), words::Release{.object = id(), .thread = detail::thread_number(), .permits = permits});
}

std::ptrdiff_t BoundedSemaphore::value() const {
    return detail::ask(state(), words::Value{.object = id()})->permits;
}

std::ptrdiff_t BoundedSemaphore::bound() const {
    return detail::ask(state(), words::Value{.object = id()})->bound;
}

}  // namespace steward
