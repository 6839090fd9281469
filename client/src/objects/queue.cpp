#include <steward/queue.hpp>

#include <exception>

#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/process.hpp"
#include "client/src/source_line.hpp"
#include "client/src/timeout_ns.hpp"
#include "proto/objects/queue.hpp"

namespace steward::detail {

TakenItem::TakenItem(std::shared_ptr<const ObjectState> queue, std::uint64_t item) noexcept
    : queue_(std::move(queue)), item_(item), process_(process_generation()) {}

TakenItem::TakenItem(TakenItem&& other) noexcept
    : queue_(std::exchange(other.queue_, nullptr)), item_(other.item_), process_(other.process_) {}

TakenItem& TakenItem::operator=(TakenItem&& other) noexcept {
    TakenItem taken(std::move(other));
    std::swap(queue_, taken.queue_);
    std::swap(item_, taken.item_);
    std::swap(process_, taken.process_);
    return *this;
}

TakenItem::~TakenItem() {
    if (!held() || process_ != process_generation())  // a forked child has taken nothing
        return;
    try {
        give_back();
    } catch (const std::exception&) {
        return;  // lost before; or the daemon is gone, which gives it back itself
    }
}

void TakenItem::done() {
    if (!held())
        throw Error(errc::no_such_value,
                    "the item is not taken any longer: done() or give_back() was called, or its session ended");
    ask(*queue_, proto::queue::Done{.object = queue_->id, .item = item_});
    queue_ = nullptr;
}

void TakenItem::give_back() {
    if (!held())
        throw Error(errc::no_such_value,
                    "the item is not taken any longer: done() or give_back() was called, or its session ended");
    ask(*queue_, proto::queue::GiveBack{.object = queue_->id, .item = item_});
    queue_ = nullptr;
}

QueueRequests::QueueRequests(const Manager& manager, ObjectName name, std::ptrdiff_t max_size,
                             const QueueOptions& options)
    : Object(open(manager, ObjectType::queue, proto::queue::Open{as_proto(name, options), max_size})) {}

QueueRequests::QueueRequests(const Reference& reference) : Object(reference, ObjectType::queue) {}

bool QueueRequests::put(const Any& value, Timeout timeout, std::source_location where) {
    const PackedAny packed(state(), value);
    const auto line = source_line(where);
    return ask(state(), proto::queue::Put{.object = id(),
                                          .value = packed,
                                          .thread = thread_number(),
                                          .timeout_ns = timeout_ns(timeout),
                                          .where = line})
        ->put;
}

std::optional<Any> QueueRequests::get(Timeout timeout, std::source_location where) {
    const auto line = source_line(where);
    const auto reply = ask(
        state(),
        proto::queue::Get{.object = id(), .thread = thread_number(), .timeout_ns = timeout_ns(timeout), .where = line});
    return reply->found ? std::optional(unpack(state(), reply->value)) : std::nullopt;
}

std::optional<std::pair<Any, TakenItem>> QueueRequests::take(Timeout timeout, std::source_location where) {
    const auto line = source_line(where);
    const auto reply =
        ask(state(), proto::queue::Take{
                         .object = id(), .thread = thread_number(), .timeout_ns = timeout_ns(timeout), .where = line});
    if (!reply->found)
        return std::nullopt;
    TakenItem item(StateOf(*this).state, reply->item);
    return std::pair(unpack(state(), reply->value), std::move(item));
}

void QueueRequests::task_done() {
    ask(state(), proto::queue::TaskDone{.object = id()});
}

bool QueueRequests::join(Timeout timeout, std::source_location where) const {
    const auto line = source_line(where);
    return ask(state(),
               proto::queue::Join{
                   .object = id(), .thread = thread_number(), .timeout_ns = timeout_ns(timeout), .where = line})
        ->joined;
}

std::size_t QueueRequests::size() const {
    return ask(state(), proto::queue::Status{.object = id()})->size;
}

std::size_t QueueRequests::max_size() const {
    return static_cast<std::size_t>(ask(state(), proto::queue::Status{.object = id()})->max_size);
}

bool QueueRequests::full() const {
    const auto reply = ask(state(), proto::queue::Status{.object = id()});
    return reply->max_size > 0 && std::cmp_greater_equal(reply->size, reply->max_size);
}

}  // namespace steward::detail
