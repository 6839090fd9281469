#include "proto/envelope.hpp"

#include <gtest/gtest.h>

#include <string>

#include "proto/objects/value.hpp"
#include "tests/support/packed_values.hpp"

namespace steward::proto {
namespace {

using tests::pack;
using tests::pack_array;

TEST(ARequest, IsKindIdMethodAndParams) {
    std::string bytes;
    const auto seven = pack(7);
    encode_request(bytes, 3, value::Set{.object = 5, .value = {seven}});
    EXPECT_EQ(bytes, pack_array({pack(0), pack(3), pack("value.set"), pack_array({pack(5), pack(7)})}));
    EXPECT_EQ(kind_of(bytes), EnvelopeKind::request);
    const auto request = decode_request(bytes);
    EXPECT_EQ(request.id, 3U);
    EXPECT_EQ(request.method, "value.set");
    EXPECT_EQ(decode_params<value::Set>(request.params).value.bytes, seven);
}

TEST(AResponse, IsKindIdNilAndResult) {
    std::string bytes;
    encode_result(bytes, 3, value::CompareExchange::Result{.exchanged = true, .current = packed_nil});
    EXPECT_EQ(bytes, pack_array({pack(1), pack(3), pack(nullptr), pack_array({pack(true), pack(nullptr)})}));
    EXPECT_EQ(kind_of(bytes), EnvelopeKind::response);
    const auto response = decode_response(bytes);
    EXPECT_EQ(response.id, 3U);
    EXPECT_FALSE(response.refused);
    EXPECT_TRUE(decode_params<value::CompareExchange::Result>(response.result).exchanged);
}

TEST(ARefusal, IsAResponseWithNumberAndDetail) {
    std::string bytes;
    encode_refusal(bytes, 3, Errc::not_owner, "it is another's");
    EXPECT_EQ(bytes, pack_array({pack(1), pack(3), pack_array({pack(13), pack("it is another's")}), pack(nullptr)}));
    const auto response = decode_response(bytes);
    EXPECT_TRUE(response.refused);
    EXPECT_EQ(response.code, Errc::not_owner);
    EXPECT_EQ(response.detail, "it is another's");
}

TEST(AClosing, IsANotificationWithNumberAndDetail) {
    std::string bytes;
    encode_closing(bytes, Errc::too_large, "why");
    EXPECT_EQ(kind_of(bytes), EnvelopeKind::notification);
    const auto notification = decode_notification(bytes);
    EXPECT_EQ(notification.method, closing_method);
    EXPECT_EQ(notification.params.bytes, pack_array({pack(23), pack("why")}));
}

TEST(AFrame, IsMalformedWhereItIsNoneOfTheThree) {
    for (const auto& frame :
         {pack(1), pack("text"), pack_array({}), pack_array({pack(3), pack(1), pack("m"), pack_array({})}),
          pack_array({pack(0), pack(1), pack("m")}), pack_array({pack(2), pack(1), pack("m"), pack_array({})}),
          pack_array({pack("0"), pack(1), pack("m"), pack_array({})})})
        EXPECT_THROW(kind_of(frame), Malformed);
}

TEST(ARequest, IsMalformedWithAnythingElseInItsPlaces) {
    EXPECT_THROW(decode_request(pack_array({pack(1), pack(1), pack("m"), pack_array({})})), Malformed);
    EXPECT_THROW(decode_request(pack_array({pack(0), pack(-1), pack("m"), pack_array({})})), Malformed);
    EXPECT_THROW(decode_request(pack_array({pack(0), pack(1), pack(7), pack_array({})})), Malformed);
    EXPECT_THROW(decode_request(pack(7)), Malformed);
}

TEST(AResponse, IsMalformedWithAnErrorThatIsNoNumberAndDetail) {
    EXPECT_THROW(decode_response(pack_array({pack(1), pack(1), pack("error"), pack(nullptr)})), Malformed);
    EXPECT_THROW(decode_response(pack_array({pack(1), pack(1), pack_array({pack(1)}), pack(nullptr)})), Malformed);
}

}  // namespace
}  // namespace steward::proto
