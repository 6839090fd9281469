#include "proto/catalogue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "proto/envelope.hpp"
#include "proto/frame_buffer.hpp"
#include "tests/unit/proto/described_method.hpp"

namespace steward::proto {
namespace {

void expect_round_trip(const DescribedStruct& described, std::string_view method) {
    EXPECT_EQ(described.sample, described.sample_again) << method;
    EXPECT_EQ(described.sample == described.defaults, described.fields.empty()) << method;
}

TEST(EveryMessage, ComesBackFromItsBytesAsItWas) {
    for (const auto& each : described_methods())
        expect_round_trip(each.params, each.method);
}

TEST(EveryResult, ComesBackFromItsBytesAsItWas) {
    for (const auto& each : described_methods())
        expect_round_trip(each.result, each.method);
}

TEST(EveryMessage, IsOneFrameThatTellsItsMethodAndId) {
    for (const auto& each : described_methods()) {
        FrameBuffer frames;
        std::ranges::copy(each.request, frames.room(each.request.size()).begin());
        frames.received(each.request.size());
        const auto frame = frames.next();
        ASSERT_EQ(frame, each.request) << each.method;
        const auto request = decode_request(*frame);
        EXPECT_EQ(request.method, each.method);
        EXPECT_EQ(request.id, DescribedMethod::id);
    }
}

TEST(EveryMessage, HasAMethodOfItsOwnThatBeginsWithItsType) {
    const std::set<std::string_view> others{"daemon", "session", "object", "transaction", "watch", "dump", "restore"};
    std::set<std::string_view> methods;
    for (const auto& each : described_methods()) {
        EXPECT_TRUE(methods.insert(each.method).second) << each.method;
        const auto type = each.method.substr(0, each.method.find('.'));
        EXPECT_TRUE(object_type_from(type) || others.contains(type)) << each.method;
    }
}

TEST(EveryMessage, SaysWhatItAndEachOfItsFieldsMeans) {
    for (const auto& each : described_methods()) {
        EXPECT_TRUE(each.purpose.ends_with('.')) << each.method;
        for (const auto& field : each.params.fields)
            EXPECT_FALSE(field.meaning.empty()) << each.method << ' ' << field.name;
    }
}

TEST(EveryObjectType, CanBeOpened) {
    std::set<std::string> methods;
    for (const auto& each : described_methods())
        methods.emplace(each.method);
    for (const auto& entry : object_types)
        EXPECT_TRUE(methods.contains(std::string(entry.name) + ".open")) << entry.name;
}

}  // namespace
}  // namespace steward::proto
