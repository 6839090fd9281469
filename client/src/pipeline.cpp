#include <steward/pipeline.hpp>

#include <utility>

#include "client/src/packed_any.hpp"
#include "client/src/pipeline_state.hpp"
#include "client/src/process.hpp"
#include "proto/objects/array.hpp"
#include "proto/objects/bounded_semaphore.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/event.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/namespace.hpp"
#include "proto/objects/queue.hpp"
#include "proto/objects/semaphore.hpp"
#include "proto/objects/set.hpp"
#include "proto/objects/value.hpp"

namespace steward {
namespace detail {
PipelineState::~PipelineState() {
    if (forked())
        return;
    for (auto* pipelined : under_way_)
        connection_->forget(pipelined->call);
}

bool PipelineState::forked() const noexcept {
    return generation_ != process_generation();
}

Connection& PipelineState::connection() {
    if (forked())
        throw Error(errc::not_connected, "the pipeline belongs to the parent of this process");
    return *connection_;
}

void PipelineState::make_room() {
    while (!under_way_.empty() && under_way_.front()->call.done())
        end_first();
    while (!under_way_.empty() && connection().pipelined() >= most_under_way) {
        await(under_way_.front()->call);
        end_first();
    }
}

PipelinedCall& PipelineState::place() {
    if (free_.empty()) {
        free_.reserve(places_.size() + 1);  // so that giving back never needs memory
        return places_.emplace_back();
    }
    auto& pipelined = *free_.back();
    free_.pop_back();
    return pipelined;
}

/// What was held back when the connection was lost has been sent over the next one, with all that had no reply.
void PipelineState::hold_back(const Call& call, std::uint64_t takeovers) {
    if (std::exchange(takeovers_, takeovers) != takeovers) {
        held_back_.clear();
        held_back_references_.clear();
    }
    held_back_ += call.request();
}

void PipelineState::flush() {
    if (held_back_.empty())
        return;
    connection().send_batch(held_back_, takeovers_);
    held_back_.clear();
    held_back_references_.clear();
}

void PipelineState::await(Call& call) {
    over_any_connection([&](Connection& own) {
        if (call.done())
            return;
        flush();
        own.wait(call);
    });
}

std::optional<Any> PipelineState::take(PipelinedCall& pipelined) {
    try {
        await(pipelined.call);
        return value_in(*pipelined.object, pipelined.call.result(), pipelined.shape);
    } catch (const Error& error) {
        throw_with_name(error, pipelined.object->name);
    }
}

void PipelineState::give_back(PipelinedCall& pipelined) noexcept {
    if (forked())
        return;
    pipelined.object = nullptr;
    if (!pipelined.is_under_way)
        free(pipelined);
}

void PipelineState::end_first() noexcept {
    auto& pipelined = *under_way_.front();
    under_way_.pop_front();
    pipelined.is_under_way = false;
    if (pipelined.object == nullptr)
        free(pipelined);
}

void PipelineState::free(PipelinedCall& pipelined) noexcept {
    pipelined.call.reset();
    free_.push_back(&pipelined);
}

PipelinedReply::~PipelinedReply() {
    if (call_ != nullptr)
        pipeline_->give_back(*call_);
}

bool PipelinedReply::ready() const noexcept {
    return call_->call.done();
}

std::optional<Any> PipelinedReply::take() {
    return pipeline_->take(*call_);
}

}  // namespace detail

namespace {

constexpr std::int64_t at_once = 0;

}  // namespace

using detail::PackedAny;
using detail::PipelinedReply;
using detail::ResultShape;

Pipeline::Pipeline(std::shared_ptr<detail::PipelineState> state) noexcept : state_(std::move(state)) {}
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline& Pipeline::operator=(Pipeline&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}

Pipeline::~Pipeline() {
    if (state_ == nullptr)
        return;
    try {
        state_->flush();
    } catch (const Error&) {
        return;  // a forked child; or lost, which the Futures tell
    }
}

void Pipeline::flush() {
    state_->flush();
}

PipelinedReply Pipeline::value_get(const Object& value) {
    return state_->submit(value.state_, proto::value::Get{.object = value.id()}, ResultShape::first);
}

PipelinedReply Pipeline::value_set(const Object& value, const Any& desired) {
    return state_->submit(value.state_, proto::value::Set{.object = value.id(), .value = PackedAny(value, desired)},
                          ResultShape::nothing, desired);
}

PipelinedReply Pipeline::value_fetch_add(const Object& value, const Any& by) {
    return state_->submit(value.state_, proto::value::FetchAdd{.object = value.id(), .by = PackedAny(value, by)},
                          ResultShape::first, by);
}

PipelinedReply Pipeline::dict_get(const Object& dict, const Any& key) {
    return state_->submit(dict.state_, proto::dict::Get{.object = dict.id(), .key = PackedAny(dict, key)},
                          ResultShape::found, key);
}

PipelinedReply Pipeline::dict_set(const Object& dict, const Any& key, const Any& value) {
    const PackedAny packed_key(dict, key);
    const PackedAny packed_value(dict, value);
    return state_->submit(dict.state_, proto::dict::Set{.object = dict.id(), .key = packed_key, .value = packed_value},
                          ResultShape::nothing, key, value);
}

PipelinedReply Pipeline::dict_erase(const Object& dict, const Any& key) {
    return state_->submit(dict.state_, proto::dict::Erase{.object = dict.id(), .key = PackedAny(dict, key)},
                          ResultShape::first, key);
}

PipelinedReply Pipeline::dict_increment(const Object& dict, const Any& key, const Any& by) {
    const PackedAny packed_key(dict, key);
    const PackedAny packed_by(dict, by);
    return state_->submit(dict.state_, proto::dict::Increment{.object = dict.id(), .key = packed_key, .by = packed_by},
                          ResultShape::first, key, by);
}

PipelinedReply Pipeline::dict_pop(const Object& dict, const Any& key) {
    return state_->submit(dict.state_, proto::dict::Pop{.object = dict.id(), .key = PackedAny(dict, key)},
                          ResultShape::found, key);
}

PipelinedReply Pipeline::dict_set_default(const Object& dict, const Any& key, const Any& value) {
    const PackedAny packed_key(dict, key);
    const PackedAny packed_value(dict, value);
    return state_->submit(dict.state_,
                          proto::dict::SetDefault{.object = dict.id(), .key = packed_key, .value = packed_value},
                          ResultShape::first, key, value);
}

PipelinedReply Pipeline::dict_contains(const Object& dict, const Any& key) {
    return state_->submit(dict.state_, proto::dict::Contains{.object = dict.id(), .key = PackedAny(dict, key)},
                          ResultShape::first, key);
}

PipelinedReply Pipeline::list_append(const Object& list, const Any& value) {
    return state_->submit(list.state_, proto::list::Append{.object = list.id(), .value = PackedAny(list, value)},
                          ResultShape::nothing, value);
}

PipelinedReply Pipeline::list_pop(const Object& list, std::int64_t index) {
    return state_->submit(list.state_, proto::list::Pop{.object = list.id(), .index = index}, ResultShape::first);
}

PipelinedReply Pipeline::list_get(const Object& list, std::int64_t index) {
    return state_->submit(list.state_, proto::list::Get{.object = list.id(), .index = index}, ResultShape::first);
}

PipelinedReply Pipeline::list_set(const Object& list, std::int64_t index, const Any& value) {
    return state_->submit(list.state_,
                          proto::list::Set{.object = list.id(), .index = index, .value = PackedAny(list, value)},
                          ResultShape::nothing, value);
}

PipelinedReply Pipeline::list_insert(const Object& list, std::int64_t index, const Any& value) {
    return state_->submit(list.state_,
                          proto::list::Insert{.object = list.id(), .index = index, .value = PackedAny(list, value)},
                          ResultShape::nothing, value);
}

PipelinedReply Pipeline::set_add(const Object& set, const Any& value) {
    return state_->submit(set.state_, proto::set::Add{.object = set.id(), .value = PackedAny(set, value)},
                          ResultShape::first, value);
}

PipelinedReply Pipeline::set_discard(const Object& set, const Any& value) {
    return state_->submit(set.state_, proto::set::Discard{.object = set.id(), .value = PackedAny(set, value)},
                          ResultShape::first, value);
}

PipelinedReply Pipeline::set_pop(const Object& set) {
    return state_->submit(set.state_, proto::set::Pop{.object = set.id()}, ResultShape::first);
}

PipelinedReply Pipeline::set_contains(const Object& set, const Any& value) {
    return state_->submit(set.state_, proto::set::Contains{.object = set.id(), .value = PackedAny(set, value)},
                          ResultShape::first, value);
}

PipelinedReply Pipeline::namespace_get(const Object& name_space, std::string_view attribute) {
    return state_->submit(name_space.state_, proto::name_space::Get{.object = name_space.id(), .attribute = attribute},
                          ResultShape::first);
}

PipelinedReply Pipeline::namespace_set(const Object& name_space, std::string_view attribute, const Any& value) {
    return state_->submit(name_space.state_,
                          proto::name_space::Set{
                              .object = name_space.id(), .attribute = attribute, .value = PackedAny(name_space, value)},
                          ResultShape::nothing, value);
}

Future<void> Pipeline::erase(Namespace& name_space, std::string_view attribute) {
    return Future<void>(state_->submit(name_space.state_,
                                       proto::name_space::Erase{.object = name_space.id(), .attribute = attribute},
                                       ResultShape::nothing));
}

Future<bool> Pipeline::contains(const Namespace& name_space, std::string_view attribute) {
    return Future<bool>(state_->submit(name_space.state_,
                                       proto::name_space::Contains{.object = name_space.id(), .attribute = attribute},
                                       ResultShape::first));
}

PipelinedReply Pipeline::array_get(const Object& array, std::int64_t index) {
    return state_->submit(array.state_, proto::array::Get{.object = array.id(), .index = index}, ResultShape::first);
}

PipelinedReply Pipeline::array_set(const Object& array, std::int64_t index, const Any& value) {
    return state_->submit(array.state_,
                          proto::array::Set{.object = array.id(), .index = index, .value = PackedAny(array, value)},
                          ResultShape::nothing, value);
}

PipelinedReply Pipeline::array_fetch_add(const Object& array, std::int64_t index, const Any& by) {
    return state_->submit(array.state_,
                          proto::array::FetchAdd{.object = array.id(), .index = index, .by = PackedAny(array, by)},
                          ResultShape::first, by);
}

PipelinedReply Pipeline::queue_try_put(const Object& queue, const Any& value) {
    return state_->submit(queue.state_,
                          proto::queue::Put{.object = queue.id(),
                                            .value = PackedAny(queue, value),
                                            .thread = detail::thread_number(),
                                            .timeout_ns = at_once,
                                            .where = {}},
                          ResultShape::first, value);
}

PipelinedReply Pipeline::queue_try_get(const Object& queue) {
    return state_->submit(
        queue.state_,
        proto::queue::Get{.object = queue.id(), .thread = detail::thread_number(), .timeout_ns = at_once, .where = {}},
        ResultShape::found);
}

PipelinedReply Pipeline::queue_task_done(const Object& queue) {
    return state_->submit(queue.state_, proto::queue::TaskDone{.object = queue.id()}, ResultShape::nothing);
}

Future<void> Pipeline::release(Semaphore& semaphore, std::ptrdiff_t permits) {
    return Future<void>(state_->submit(
        semaphore.state_,
        proto::semaphore::Release{.object = semaphore.id(), .thread = detail::thread_number(), .permits = permits},
        ResultShape::nothing));
}

Future<void> Pipeline::release(BoundedSemaphore& semaphore, std::ptrdiff_t permits) {
    return Future<void>(
        state_->submit(semaphore.state_,
                       proto::bounded_semaphore::Release{
                           .object = semaphore.id(), .thread = detail::thread_number(), .permits = permits},
                       ResultShape::nothing));
}

Future<void> Pipeline::set(Event& event) {
    return Future<void>(state_->submit(event.state_, proto::event::Set{.object = event.id()}, ResultShape::nothing));
}

Future<void> Pipeline::clear(Event& event) {
    return Future<void>(state_->submit(event.state_, proto::event::Clear{.object = event.id()}, ResultShape::nothing));
}

}  // namespace steward
