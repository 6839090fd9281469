#include <steward/process.hpp>

#include <memory>
#include <utility>

#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/process.hpp"

namespace steward {
namespace {

std::shared_ptr<const detail::ObjectState> open(const Manager& manager, std::int32_t pid) {
    detail::ObjectState state{manager.client(), 0, ObjectType::process, {}};
    state.id = detail::ask(state, proto::process::Open{.pid = pid})->object;
    state.use = state.client->uses().told(state.id);
    return std::make_shared<const detail::ObjectState>(std::move(state));
}

}  // namespace

Process::Process(const Manager& manager, std::int32_t pid) : Object(open(manager, pid)), pid_(pid) {}

Process::Process(const Reference& reference)
    : Object(reference, ObjectType::process), pid_(detail::ask(state(), proto::process::Status{.object = id()})->pid) {}

bool Process::wait_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) const {
    const auto line = detail::source_line(where);
    return detail::ask(state(), proto::process::Wait{.object = id(),
                                                     .thread = detail::thread_number(),
                                                     .timeout_ns = detail::timeout_ns(timeout),
                                                     .where = line})
        ->ended;
}

}  // namespace steward
