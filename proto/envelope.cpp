#include "proto/envelope.hpp"

#include <algorithm>

namespace steward::proto {
namespace {

constexpr std::size_t elements_of_request = 4;
constexpr std::size_t elements_of_recorded_request = 5;
constexpr std::size_t elements_of_request_with_deadline = 6;

std::size_t fewest_elements(std::uint64_t kind) {
    return kind == static_cast<std::uint64_t>(EnvelopeKind::notification) ? 3 : 4;
}

std::size_t most_elements(std::uint64_t kind) {
    return kind == static_cast<std::uint64_t>(EnvelopeKind::request) ? elements_of_request_with_deadline
                                                                     : fewest_elements(kind);
}

void expect_kind(Reader& reader, EnvelopeKind kind, std::size_t elements) {
    if (reader.array() != elements || reader.unsigned_integer() != static_cast<std::uint64_t>(kind))
        throw Malformed("the frame is not the kind of message that was expected");
}

}  // namespace

EnvelopeKind kind_of(std::string_view frame) {
    Reader reader(frame);
    const auto elements = reader.array();
    if (elements == 0)
        throw Malformed("the frame is an empty array");
    const auto kind = reader.unsigned_integer();
    if (kind > 2 || elements < fewest_elements(kind) || elements > most_elements(kind))
        throw Malformed("the frame is no request, response or notification of MessagePack-RPC");
    return static_cast<EnvelopeKind>(kind);
}

Request decode_request(std::string_view frame) {
    Reader reader(frame);
    const auto elements = Reader(frame).array();
    expect_kind(reader, EnvelopeKind::request, elements);
    Request request;
    request.id = reader.unsigned_integer();
    request.method = reader.string();
    if (elements >= elements_of_recorded_request) {
        const auto unanswered = reader.unsigned_integer();
        request.answered_below = request.id - std::min(request.id, unanswered);
    }
    if (elements == elements_of_request_with_deadline)
        request.deadline_ns = reader.unsigned_integer();
    request.params = reader.rest();
    return request;
}

Response decode_response(std::string_view frame) {
    Reader reader(frame);
    expect_kind(reader, EnvelopeKind::response, 4);
    Response response;
    response.id = reader.unsigned_integer();
    if (reader.next_is_nil()) {
        reader.nil();
        response.result = reader.rest();
        return response;
    }
    response.refused = true;
    const auto elements = reader.array();
    if (elements < 2)
        throw Malformed("an error is an array of number and detail");
    response.code = static_cast<Errc>(reader.unsigned_integer());
    response.detail = reader.string();
    if (elements > 2)
        response.data = reader.packed();
    return response;
}

Notification decode_notification(std::string_view frame) {
    Reader reader(frame);
    expect_kind(reader, EnvelopeKind::notification, 3);
    Notification notification;
    notification.method = reader.string();
    notification.params = reader.rest();
    return notification;
}

void encode_notification_head(Writer& writer, std::string_view method) {
    writer.array(3);
    writer.unsigned_integer(static_cast<std::uint64_t>(EnvelopeKind::notification));
    writer.string(method);
}

void encode_request_head(Writer& writer, std::uint64_t id, std::string_view method,
                         std::optional<std::uint64_t> answered_below, std::optional<std::uint64_t> deadline_ns) {
    writer.array(!answered_below ? elements_of_request
                 : !deadline_ns  ? elements_of_recorded_request
                                 : elements_of_request_with_deadline);
    writer.unsigned_integer(static_cast<std::uint64_t>(EnvelopeKind::request));
    writer.unsigned_integer(id);
    writer.string(method);
    if (answered_below)
        writer.unsigned_integer(id - *answered_below);
    if (answered_below && deadline_ns)
        writer.unsigned_integer(*deadline_ns);
}

void encode_result_head(Writer& writer, std::uint64_t id) {
    writer.array(4);
    writer.unsigned_integer(static_cast<std::uint64_t>(EnvelopeKind::response));
    writer.unsigned_integer(id);
    writer.nil();
}

void encode_refusal(std::string& out, std::uint64_t id, Errc code, std::string_view detail, std::string_view data) {
    Writer writer(out);
    writer.array(4);
    writer.unsigned_integer(static_cast<std::uint64_t>(EnvelopeKind::response));
    writer.unsigned_integer(id);
    writer.array(data.empty() ? 2 : 3);
    writer.unsigned_integer(static_cast<std::uint64_t>(code));
    writer.string(detail);
    if (!data.empty())
        writer.packed({data});
    writer.nil();
}

void encode_closing(std::string& out, Errc code, std::string_view detail) {
    Writer writer(out);
    encode_notification_head(writer, closing_method);
    writer.array(2);
    writer.unsigned_integer(static_cast<std::uint64_t>(code));
    writer.string(detail);
}

}  // namespace steward::proto
