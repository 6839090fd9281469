#include "proto/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "proto/envelope.hpp"
#include "proto/frame_buffer.hpp"
#include "tests/unit/proto/sample.hpp"

namespace steward::proto {
namespace {

template <class Visit, class... M>
void visit_each(Visit visit, MessageList<M...>) {
    (visit.template operator()<M>(), ...);
}

template <class Visit>
void for_each_message(Visit visit) {
    visit_each(visit, Messages{});
}

template <Described T>
std::string encoded(const T& value) {
    std::string bytes;
    Writer writer(bytes);
    encode(writer, value);
    return bytes;
}

template <Described T>
void expect_round_trip(std::string_view method) {
    const auto bytes = encoded(sample<T>());
    const auto again = encoded(decode_params<T>({bytes}));
    EXPECT_EQ(bytes, again) << method;
    EXPECT_EQ(bytes == encoded(T{}), field_count<T> == 0) << method;
}

TEST(EveryMessage, ComesBackFromItsBytesAsItWas) {
    for_each_message([]<class M>() { expect_round_trip<M>(M::method); });
}

TEST(EveryResult, ComesBackFromItsBytesAsItWas) {
    for_each_message([]<class M>() { expect_round_trip<typename M::Result>(M::method); });
}

TEST(EveryMessage, IsOneFrameThatTellsItsMethodAndId) {
    for_each_message([]<class M>() {
        std::string bytes;
        encode_request(bytes, 99, sample<M>());
        FrameBuffer frames;
        std::ranges::copy(bytes, frames.room(bytes.size()).begin());
        frames.received(bytes.size());
        const auto frame = frames.next();
        ASSERT_EQ(frame, bytes) << M::method;
        const auto request = decode_request(*frame);
        EXPECT_EQ(request.method, M::method);
        EXPECT_EQ(request.id, 99U);
    });
}

TEST(EveryMessage, HasAMethodOfItsOwnThatBeginsWithItsType) {
    std::set<std::string_view> methods;
    for_each_message([&]<class M>() {
        EXPECT_TRUE(methods.insert(M::method).second) << M::method;
        const auto type = M::method.substr(0, M::method.find('.'));
        const std::set<std::string_view> others{"daemon", "session", "object", "transaction",
                                                "watch",  "dump",    "restore"};
        EXPECT_TRUE(object_type_from(type) || others.contains(type)) << M::method;
    });
}

TEST(EveryMessage, SaysWhatItAndEachOfItsFieldsMeans) {
    for_each_message([]<class M>() {
        EXPECT_TRUE(M::purpose.ends_with('.')) << M::method;
        for_each_field<M>(
            [](const auto& field) { EXPECT_FALSE(field.meaning.empty()) << M::method << ' ' << field.name; });
    });
}

TEST(EveryObjectType, CanBeOpened) {
    std::set<std::string> methods;
    for_each_message([&]<class M>() { methods.emplace(M::method); });
    for (const auto& entry : object_types)
        EXPECT_TRUE(methods.contains(std::string(entry.name) + ".open")) << entry.name;
}

}  // namespace
}  // namespace steward::proto
