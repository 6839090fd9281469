#include <steward/barrier.hpp>

#include <cstdint>
#include <limits>
#include <utility>

#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/barrier.hpp"

namespace steward {
namespace {

/// A number too large for the wire is too large for the daemon too, which says so.
std::int64_t on_the_wire(std::size_t parties) {
    return std::in_range<std::int64_t>(parties) ? static_cast<std::int64_t>(parties)
                                                : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

Barrier::Barrier(const Manager& manager, ObjectName name, std::size_t parties, const BarrierOptions& options)
    : Object(detail::open(manager, ObjectType::barrier,
                          proto::barrier::Open{detail::as_proto(name, options), on_the_wire(parties)})) {}

Barrier::Barrier(const Reference& reference) : Object(reference, ObjectType::barrier) {}

std::optional<std::size_t> Barrier::wait_within(std::optional<std::chrono::nanoseconds> timeout,
                                                std::source_location where) {
    const auto line = detail::source_line(where);
    const auto reply = detail::ask(state(), proto::barrier::Wait{.object = id(),
                                                                 .thread = detail::thread_number(),
                                                                 .timeout_ns = detail::timeout_ns(timeout),
                                                                 .where = line});
    return reply->passed ? std::optional<std::size_t>(reply->index) : std::nullopt;
}

void Barrier::abort() {
    detail::ask(state(), proto::barrier::Abort{.object = id()});
}

void Barrier::reset() {
    detail::ask(state(), proto::barrier::Reset{.object = id()});
}

std::size_t Barrier::parties() const {
    return static_cast<std::size_t>(detail::ask(state(), proto::barrier::Status{.object = id()})->parties);
}

std::size_t Barrier::n_waiting() const {
    return detail::ask(state(), proto::barrier::Status{.object = id()})->n_waiting;
}

bool Barrier::broken() const {
    return detail::ask(state(), proto::barrier::Status{.object = id()})->broken;
}

}  // namespace steward
