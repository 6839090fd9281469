#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "client/src/patience.hpp"
#include "client/src/pending_calls.hpp"
#include "client/src/request_view.hpp"
#include "proto/packed.hpp"
#include "proto/reader.hpp"

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

    /// Throws protocol_error: the bytes are no result of that method.
    [[noreturn]] static void throw_malformed(std::string_view method, const proto::Malformed& malformed);

  private:
    bool give_up(Connection& connection, const RequestView& request);
    void withdraw(Connection& connection, const RequestView& request) noexcept;

    Call call_;
    bool is_needless_ = false;
    const HearsBell* hears_ = nullptr;
};

}  // namespace steward::detail
