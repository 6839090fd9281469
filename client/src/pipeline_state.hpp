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
    std::shared_ptr<const ObjectState> object;  ///< nullptr: nobody has its Future
    bool is_under_way = false;                  ///< is among those of its PipelineState
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
        make_room();
        auto& pipelined = place();
        try {
            begin(pipelined.call, message);
        } catch (...) {
            free(pipelined);
            throw;
        }
        pipelined.is_under_way = true;
        under_way_.push_back(&pipelined);
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

    /// Of all pipelines of a connection, so that the results of those that are sent again are known: a session's last
    /// 1,024 are, and requests that are not pipelined have some, too.
    static constexpr std::size_t most_under_way = 512;

    template <proto::Message M>
    void begin(Call& call, const M& message) {
        if (client_->reconnects())
            call.make_repeatable();
        over_any_connection(
            [&](Connection& connection) { hold_back(call, connection.begin_pipelined(call, message)); });
    }

    /// Does it again over the next connection where one is lost.
    template <class F>
    void over_any_connection(F&& step) {
        for (int losses = 1;; ++losses) {
            try {
                step(connection());
                return;
            } catch (const ConnectionLost&) {
                if (!client_->reconnects() || losses == Client::most_losses)
                    throw;
            }
            client_->connection();
        }
    }

    Connection& connection();
    PipelinedCall& place();
    bool forked() const noexcept;
    void make_room();
    void await(Call& call);
    void hold_back(const Call& call, std::uint64_t takeovers);
    void end_first() noexcept;
    void free(PipelinedCall& pipelined) noexcept;

    std::shared_ptr<Client> client_;
    Connection* connection_;
    const std::uint64_t generation_ = process_generation();
    std::string held_back_;
    std::uint64_t takeovers_ = 0;                  ///< of the connection, when that was begun
    std::vector<Reference> held_back_references_;  ///< in it; once it is sent, what gives them up is sent behind it
    std::deque<PipelinedCall> places_;             ///< do not move
    std::deque<PipelinedCall*> under_way_;         ///< in their order; those in front may be done
    std::vector<PipelinedCall*> free_;
};

}  // namespace steward::detail
