#pragma once

#include <cstdint>
#include <functional>

#include "client/src/patience.hpp"
#include "client/src/pending_calls.hpp"
#include "client/src/request_view.hpp"
#include "proto/envelope.hpp"
#include "proto/message.hpp"

namespace steward::detail {

class Connection;

/// What a thread does that waits for a reply and hears the bell of its session. True: it has got what it waits for, and
/// the request is withdrawn.
using HearsBell = std::function<bool()>;

/// A request that is sent, and its thread waits until the reply is there or the request is given up.
class Exchange {
  public:
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// It was withdrawn, since what it was to wait for was there by itself; the result is as it is made.
    bool is_needless() const noexcept { return is_needless_; }

  protected:
    /// Of a request that may be made again where its reply is lost; see Call::make_repeatable.
    Exchange(std::uint64_t again, Patience deadline, const HearsBell* hears) noexcept;
    ~Exchange() = default;

    /// False: there is no reply, and there will not be one.
    bool take_place(Connection& connection, const RequestView& request);

    /// The same, but given up where the patience is over, whatever comes of the request.
    bool take_place(Connection& connection, const RequestView& request, Patience patience);

    proto::Packed result() const { return call_.result(); }

  private:
    bool give_up(Connection& connection, const RequestView& request);
    void withdraw(Connection& connection, const RequestView& request) noexcept;

    Call call_;
    bool is_needless_ = false;
    const HearsBell* hears_ = nullptr;
};

/// Throws protocol_error.
[[noreturn]] void throw_malformed_result(std::string_view method, const proto::Malformed& malformed);

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
            throw_malformed_result(M::method, malformed);
        }
    }

    Result result_{};
};

}  // namespace steward::detail
