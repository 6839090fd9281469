#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/errors.hpp"

namespace steward::proto {

/// What MessagePack-RPC puts around a message: request [0, id, method, params], response [1, id, error, result],
/// notification [2, method, params]. A request that may be made again says more: [0, id, method, unanswered, params],
/// and one that is not to be carried out late [0, id, method, unanswered, deadline_ns, params].
enum class EnvelopeKind : std::uint8_t { request = 0, response = 1, notification = 2 };

/// A request whose params are still bytes. All views point into the frame.
struct Request {
    std::uint64_t id = 0;
    std::string_view method;
    /// What comes of it is to be recorded, since it may be made again, by the same id; and the session has the replies
    /// to all requests below this id. Nothing: it is not made again.
    std::optional<std::uint64_t> answered_below;
    /// On the clock CLOCK_MONOTONIC; whoever asked does not wait for longer.
    std::optional<std::uint64_t> deadline_ns;
    Packed params;
};

/// So long after its deadline a request is tried all the same: a time-out may be shorter than the way to the daemon.
/// Whoever asks waits for a little longer than that.
inline constexpr std::uint64_t most_delay_ns = 8'000'000;

/// A deadline that says that the request of this id was given up: what came of it is undone.
inline constexpr std::uint64_t withdrawn = 0;

/// A response whose result is still bytes. `code`, `detail` and perhaps `data` are set where it was refused.
struct Response {
    std::uint64_t id = 0;
    bool refused = false;
    Errc code = Errc::internal_error;
    std::string_view detail;
    Packed data = packed_nil;  ///< what is known of the error beyond its sentence: a Deadlock, else nil
    Packed result;
};

/// A notification whose params are still bytes.
struct Notification {
    std::string_view method;
    Packed params;
};

/// Why the daemon closes the connection; params are [number, detail].
inline constexpr std::string_view closing_method = "connection.closing";

/// Of a frame, which is one whole value, as FrameBuffer::next() gives it. Throws Malformed where it is no request,
/// response or notification.
EnvelopeKind kind_of(std::string_view frame);
Request decode_request(std::string_view frame);
Response decode_response(std::string_view frame);
Notification decode_notification(std::string_view frame);

/// The params of a message, as a struct. Throws Malformed with the name of the field that is wrong.
template <Described T>
T decode_params(Packed params) {
    Reader reader(params.bytes);
    return decode<T>(reader);
}

void encode_notification_head(Writer& writer, std::string_view method);
void encode_request_head(Writer& writer, std::uint64_t id, std::string_view method,
                         std::optional<std::uint64_t> answered_below = {},
                         std::optional<std::uint64_t> deadline_ns = {});
void encode_result_head(Writer& writer, std::uint64_t id);
/// `data` is one MessagePack value, or nothing.
void encode_refusal(std::string& out, std::uint64_t id, Errc code, std::string_view detail, std::string_view data = {});
void encode_closing(std::string& out, Errc code, std::string_view detail);

template <Message M>
void encode_request(std::string& out, std::uint64_t id, const M& message,
                    std::optional<std::uint64_t> answered_below = {}, std::optional<std::uint64_t> deadline_ns = {}) {
    Writer writer(out);
    encode_request_head(writer, id, M::method, answered_below, deadline_ns);
    encode(writer, message);
}

template <Described N>
void encode_notification(std::string& out, const N& notification) {
    Writer writer(out);
    encode_notification_head(writer, N::method);
    encode(writer, notification);
}

/// The result may be encoded already: a Packed.
template <class R>
    requires Described<R> || std::same_as<R, Packed>
void encode_result(std::string& out, std::uint64_t id, const R& result) {
    Writer writer(out);
    encode_result_head(writer, id);
    encode(writer, result);
}

}  // namespace steward::proto
