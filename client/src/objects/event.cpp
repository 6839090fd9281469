#include <steward/event.hpp>

#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/event.hpp"

namespace steward {

namespace words = proto::event;

Event::Event(const Manager& manager, ObjectName name, const EventOptions& options)
    : Object(
          detail::open(manager, ObjectType::event, words::Open{detail::as_proto(name, options), options.auto_reset})) {}

Event::Event(const Reference& reference) : Object(reference, ObjectType::event) {}

void Event::set() {
    detail::ask(state(), words::Set{.object = id()});
}

void Event::set(std::error_code& ec) {
    detail::without_exceptions(ec, [&] { set(); });
}

void Event::clear() {
    detail::ask(state(), words::Clear{.object = id()});
}

void Event::clear(std::error_code& ec) {
    detail::without_exceptions(ec, [&] { clear(); });
}

bool Event::is_set() const {
    return detail::ask(state(), words::IsSet{.object = id()})->set;
}

bool Event::is_set(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return is_set(); });
}

bool Event::wait_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) const {
    const auto line = detail::source_line(where);
    return detail::ask(state(), words::Wait{.object = id(),
                                            .thread = detail::thread_number(),
                                            .timeout_ns = detail::timeout_ns(timeout),
                                            .where = line})
        ->set;
}

void Event::wait(std::source_location where) const {
    wait_within(std::nullopt, where);
}

}  // namespace steward
