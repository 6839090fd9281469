#pragma once

#include <cstdint>

#include "client/src/exchange.hpp"
#include "client/src/patience.hpp"
#include "client/src/request_view.hpp"
#include "proto/envelope.hpp"
#include "proto/message.hpp"
#include "proto/reader.hpp"

namespace steward::detail {

/// A result, and the bytes that its views point into. Neither copied nor moved.
template <proto::Message M>
class Reply : public Exchange {
  public:
    using Result = typename M::Result;

    Reply(Connection& connection, const M& message) {
        if (take_place(connection, message))
            decode();
    }

    /// One that may be made again where its reply is lost; see Call::make_repeatable.
    Reply(Connection& connection, const M& message, std::uint64_t again, Patience deadline = {},
          const HearsBell* hears = nullptr)
        : Exchange(again, deadline, hears) {
        if (take_place(connection, message))
            decode();
    }

    /// Of something that can be done without, where it takes too long: the result is as it is made then.
    Reply(Connection& connection, const M& message, Patience patience) {
        if (take_place(connection, message, patience))
            decode();
    }

    /// None: the time of the request is over, which its result says as it is made.
    Reply() = default;

    const Result& operator*() const noexcept { return result_; }
    const Result* operator->() const noexcept { return &result_; }

  private:
    void decode() {
        try {
            result_ = proto::decode_params<Result>(result());
        } catch (const proto::Malformed& malformed) {
            throw_malformed(M::method, malformed);
        }
    }

    Result result_{};
};

}  // namespace steward::detail
