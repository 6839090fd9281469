#include <steward/event.hpp>

#include <atomic>

#include "client/src/object_state.hpp"
#include "client/src/process.hpp"
#include "client/src/shared_word.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/event.hpp"

namespace steward {

Event::Event(const Manager& manager, ObjectName name, const EventOptions& options)
    : Object(detail::open(manager, ObjectType::event,
                          proto::event::Open{detail::as_proto(name, options), options.auto_reset})),
      word_(state().word) {}

Event::Event(const Reference& reference) : Object(reference, ObjectType::event), word_(state().word) {}

/// Nothing: the daemon has to be asked.
std::optional<std::uint64_t> Event::look_at_word() const noexcept {
    detail::find_word(state(), word_);
    if (!detail::may_look(word_))
        return std::nullopt;
    const auto word = word_.line()->word.load(std::memory_order_acquire);
    return (word & shared::word_closed) == 0 ? std::optional(word) : std::nullopt;
}

/// Goes on where it is set, and clears it where that is its way.
bool Event::pass_by_word() const noexcept {
    auto found = look_at_word();
    if (!found || !shared::EventWord::is_set(*found))
        return false;
    auto& line = *word_.line();
    return line.bound.load(std::memory_order_relaxed) == 0 ||
           line.word.compare_exchange_strong(*found, *found & ~shared::EventWord::set, std::memory_order_acquire,
                                             std::memory_order_relaxed);
}

void Event::set() {
    detail::ask(state(), proto::event::Set{.object = id()});
}

void Event::set(std::error_code& ec) {
    detail::without_exceptions(ec, [&] { set(); });
}

void Event::clear() {
    detail::ask(state(), proto::event::Clear{.object = id()});
}

void Event::clear(std::error_code& ec) {
    detail::without_exceptions(ec, [&] { clear(); });
}

bool Event::is_set() const {
    if (const auto* line = detail::quick_line_to_look_at(word_)) [[likely]] {
        // Acquire: what was written before it was set is seen.
        const auto word = line->word.load(std::memory_order_acquire);
        if ((word & shared::word_closed) == 0) [[likely]]
            return shared::EventWord::is_set(word);
    }
    return is_set_slowly();
}

[[gnu::noinline]] bool Event::is_set_slowly() const {
    if (const auto word = look_at_word())
        return shared::EventWord::is_set(*word);
    return detail::ask(state(), proto::event::IsSet{.object = id()})->set;
}

bool Event::is_set(std::error_code& ec) const {
    return detail::without_exceptions(ec, [&] { return is_set(); });
}

bool Event::wait_within(std::optional<std::chrono::nanoseconds> timeout, std::source_location where) const {
    if (pass_by_word())
        return true;
    const auto line = detail::source_line(where);
    return detail::ask(state(), proto::event::Wait{.object = id(),
                                                   .thread = detail::thread_number(),
                                                   .timeout_ns = detail::timeout_ns(timeout),
                                                   .where = line})
        ->set;
}

void Event::wait(std::source_location where) const {
    wait_within(std::nullopt, where);
}

}  // namespace steward
