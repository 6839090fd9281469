#include <steward/pipeline.hpp>

#include "client/src/packed_any.hpp"
#include "client/src/pipeline_state.hpp"
#include "client/src/process.hpp"
#include "proto/objects/dict.hpp"
#include "proto/objects/event.hpp"
#include "proto/objects/list.hpp"
#include "proto/objects/semaphore.hpp"
#include "proto/objects/value.hpp"

namespace steward {
namespace detail {
PipelineState::~PipelineState() {
    if (forked())
        return;
    for (auto& pipelined : places_)
        if (pipelined.object != nullptr)
            connection_->forget(pipelined.call);
}

bool PipelineState::forked() const noexcept {
    return generation_ != process_generation();
}

Connection& PipelineState::connection() {
    if (forked())
        throw Error(errc::not_connected, "the pipeline belongs to the parent of this process");
    return *connection_;
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

void PipelineState::flush() {
    if (held_back_.empty())
        return;
    connection().send_batch(held_back_);
    held_back_.clear();
    held_back_references_.clear();
}

std::optional<Any> PipelineState::take(PipelinedCall& pipelined) {
    auto& own = connection();
    if (!pipelined.call.done()) {
        flush();
        own.wait(pipelined.call);
    }
    try {
        return value_in(*pipelined.object, pipelined.call.result(), pipelined.shape);
    } catch (const Error& error) {
        throw_with_name(error, pipelined.object->name);
    }
}

void PipelineState::give_back(PipelinedCall& pipelined) noexcept {
    if (forked())
        return;
    if (!pipelined.call.done())
        connection_->forget(pipelined.call);
    pipelined.call.reset();
    pipelined.object = nullptr;
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

Future<void> Pipeline::release(Semaphore& semaphore, std::ptrdiff_t permits) {
    return Future<void>(state_->submit(
        semaphore.state_,
        proto::semaphore::Release{.object = semaphore.id(), .thread = detail::thread_number(), .permits = permits},
        ResultShape::nothing));
}

Future<void> Pipeline::set(Event& event) {
    return Future<void>(state_->submit(event.state_, proto::event::Set{.object = event.id()}, ResultShape::nothing));
}

}  // namespace steward
