#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/src/patience.hpp"
#include "proto/envelope.hpp"
#include "proto/message.hpp"

namespace steward::detail {

/// A message that is sent as a request, whatever it says: what sends, withdraws and repeats one is the same for all. A
/// view: the message must outlive it.
class RequestView {
  public:
    template <proto::Message M>
    RequestView(const M& message) noexcept : message_(&message), kind_(&kind_of<M>) {
        if constexpr (detail::stays<M>)
            object_ = message.object;
    }

    std::string_view method() const noexcept { return kind_->method; }
    std::size_t wrapping_bytes() const noexcept { return kind_->wrapping_bytes; }

    bool stays() const noexcept { return kind_->stays; }
    bool is_missed() const noexcept { return kind_->is_missed; }
    bool is_withdrawn() const noexcept { return kind_->is_withdrawn; }

    /// What it is about; of one that stays only.
    std::uint64_t object() const noexcept { return object_; }

    /// Appends the request's bytes. `bell`: which rings for whoever waits for the reply, if the message asks for one.
    void encode(std::string& out, std::uint64_t id, std::optional<std::uint64_t> answered_below = {},
                std::optional<std::uint64_t> deadline_ns = {}, std::uint32_t bell = 0) const {
        proto::Writer writer(out);
        proto::encode_request_head(writer, id, kind_->method, answered_below, deadline_ns);
        kind_->encode(writer, message_, bell);
    }

  private:
    /// What is the same for all messages of a type.
    struct Kind {
        std::string_view method;
        std::size_t wrapping_bytes;
        bool stays;
        bool is_missed;
        bool is_withdrawn;
        void (*encode)(proto::Writer& writer, const void* message, std::uint32_t bell);
    };

    template <proto::Message M>
    static void encode_message(proto::Writer& writer, const void* bytes, std::uint32_t bell) {
        const auto& message = *static_cast<const M*>(bytes);
        if constexpr (requires { message.bell; }) {
            auto listening = message;
            listening.bell = bell;
            proto::encode(writer, listening);
        } else {
            proto::encode(writer, message);
        }
    }

    template <proto::Message M>
    static constexpr Kind kind_of{.method = M::method,
                                  .wrapping_bytes = proto::wrapping_bytes<M>(),
                                  .stays = detail::stays<M>,
                                  .is_missed = detail::is_missed<M>,
                                  .is_withdrawn = detail::is_withdrawn<M>,
                                  .encode = &encode_message<M>};

    const void* message_;
    const Kind* kind_;
    std::uint64_t object_ = 0;
};

}  // namespace steward::detail
