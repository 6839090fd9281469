#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <steward/pipeline.hpp>

#include "client/src/client.hpp"
#include "client/src/object_state.hpp"
#include "client/src/packed_any.hpp"
#include "client/src/pending_calls.hpp"
#include "client/src/process.hpp"
#include "client/src/result_shape.hpp"

namespace steward::detail {

/// A place for one request of a pipeline, used again and again.
class PipelinedCall {
  public:
    Call call;
    ResultShape shape = ResultShape::nothing;
    std::shared_ptr<const ObjectState> object;
};

/// What a Pipeline and its Futures share. One thread at a time.
class PipelineState : public std::enable_shared_from_this<PipelineState> {
  public:
    explicit PipelineState(std::shared_ptr<Client> client)
        : client_(std::move(client)), connection_(&client_->connection()) {}
    ~PipelineState();
    PipelineState(const PipelineState&) = delete;
    PipelineState& operator=(const PipelineState&) = delete;

    /// `values`: those in the message.
    template <proto::Message M, std::same_as<Any>... A>
    PipelinedReply submit(const std::shared_ptr<const ObjectState>& object, const M& message, ResultShape shape,
                          const A&... values) {
        if (object->client != client_)
            throw_other_manager(*object);
        auto& pipelined = place();
        try {
            connection().encode(pipelined.call, message, held_back_);
            connection().note_pipelined(pipelined.call);
        } catch (...) {
            free_.push_back(&pipelined);
            throw;
        }
        pipelined.shape = shape;
        pipelined.object = object;
        (append_references(held_back_references_, values), ...);
        PipelinedReply reply(shared_from_this(), pipelined);
        if (held_back_.size() >= largest_batch)
            flush();
        return reply;
    }

    void flush();
    std::optional<Any> take(PipelinedCall& pipelined);
    void give_back(PipelinedCall& pipelined) noexcept;

  private:
    static constexpr std::size_t largest_batch = std::size_t{32} << 10;

    Connection& connection();
    PipelinedCall& place();
    bool forked() const noexcept;

    std::shared_ptr<Client> client_;
    Connection* connection_;
    const std::uint64_t generation_ = process_generation();
    std::string held_back_;
    std::vector<Reference> held_back_references_;  ///< in it; once it is sent, what gives them up is sent behind it
    std::deque<PipelinedCall> places_;             ///< do not move
    std::vector<PipelinedCall*> free_;
};

}  // namespace steward::detail
