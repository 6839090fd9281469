#include "proto/frame_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "proto/reader.hpp"
#include "tests/support/packed_values.hpp"

namespace steward::proto {
namespace {

using tests::pack;
using tests::pack_array;
using tests::pack_map;

void receive(FrameBuffer& frames, std::string_view bytes) {
    const auto room = frames.room(bytes.size());
    std::ranges::copy(bytes, room.begin());
    frames.received(bytes.size());
}

std::vector<std::string> all_frames(FrameBuffer& frames) {
    std::vector<std::string> all;
    while (const auto frame = frames.next())
        all.emplace_back(*frame);
    return all;
}

std::vector<std::string> messages_of_many_kinds() {
    std::vector<std::string> messages{pack(nullptr), pack(1), pack("text"), pack_array({}), pack_map({})};
    messages.push_back(pack_array({pack(0), pack(1), pack("value.set"), pack_array({pack(2.5), pack(nullptr)})}));
    messages.push_back(pack_map({pack("key"), pack_array({pack_map({pack(1), pack(true)}), pack(-1)})}));
    for (const std::size_t size : {31, 32, 300, 5'000, 70'000})
        messages.push_back(pack_array({pack(std::string(size, 'x')), pack(size)}));
    return messages;
}

std::string nested(std::size_t depth) {
    return std::string(depth, '\x91') + '\xc0';
}

/// What is said of the bytes; empty: nothing.
std::string complaint(FrameBuffer& frames, std::string_view bytes) {
    receive(frames, bytes);
    try {
        frames.next();
    } catch (const FrameTooLarge& too_large) {
        return too_large.what();
    }
    return {};
}

TEST(AFrameBuffer, GivesEachFrameWholeHoweverTheBytesAreCut) {
    const auto messages = messages_of_many_kinds();
    std::string stream;
    for (const auto& message : messages)
        stream += message;
    const auto seed = std::random_device{}();
    std::mt19937 random(seed);
    for (int round = 0; round < 50; ++round) {
        FrameBuffer frames;
        std::vector<std::string> got;
        const std::size_t largest_piece = round % 2 == 0 ? 7 : 9'000;
        for (std::string_view left = stream; !left.empty();) {
            const auto size = std::min(left.size(), 1 + random() % largest_piece);
            receive(frames, left.substr(0, size));
            left.remove_prefix(size);
            for (auto& frame : all_frames(frames))
                got.push_back(std::move(frame));
        }
        ASSERT_EQ(got, messages) << "seed " << seed << ", round " << round;
        EXPECT_FALSE(frames.in_mid_frame());
    }
}

TEST(AFrameBuffer, GivesManyFramesThatCameAtOnce) {
    FrameBuffer frames;
    std::string stream;
    for (int i = 0; i < 10'000; ++i)
        stream += pack_array({pack(i)});
    receive(frames, stream);
    EXPECT_EQ(all_frames(frames).size(), 10'000U);
}

TEST(AFrameBuffer, KnowsWhetherAFrameHasBegun) {
    FrameBuffer frames;
    EXPECT_FALSE(frames.in_mid_frame());
    receive(frames, "\x92\x01");
    EXPECT_EQ(frames.next(), std::nullopt);
    EXPECT_TRUE(frames.in_mid_frame());
    receive(frames, "\x02");
    EXPECT_EQ(frames.next(), "\x92\x01\x02");
    EXPECT_FALSE(frames.in_mid_frame());
}

TEST(AFrameBuffer, AcceptsAFrameOfTheLimitAndNoByteMore) {
    const FrameLimits limits{.bytes = 1'000};
    FrameBuffer accepting(limits);
    EXPECT_EQ(complaint(accepting, pack(std::string(997, 'x'))), "");
    FrameBuffer refusing(limits);
    EXPECT_EQ(complaint(refusing, pack(std::string(998, 'x'))), "the frame is larger than 1000 bytes");
}

TEST(AFrameBuffer, RefusesATooLargeFrameBeforeItsEndHasCome) {
    FrameBuffer frames({.bytes = 1'000});
    const std::string head("\xdb\x7f\xff\xff\xff", 5);  // a string of 2 GiB
    EXPECT_EQ(complaint(frames, head + std::string(996, 'x')), "the frame is larger than 1000 bytes");
}

TEST(AFrameBuffer, CountsEachFrameForItself) {
    FrameBuffer frames({.bytes = 1'000, .depth = 4, .elements = 10});
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(complaint(frames, pack_array({pack_array({pack(std::string(900, 'x'))})})), "");
}

TEST(AFrameBuffer, RefusesFramesThatAreNestedTooDeeply) {
    FrameBuffer accepting({.depth = 64});
    EXPECT_EQ(complaint(accepting, nested(64)), "");
    FrameBuffer refusing({.depth = 64});
    EXPECT_EQ(complaint(refusing, nested(65)), "the frame is nested too deeply");
    FrameBuffer maps({.depth = 2});
    EXPECT_EQ(complaint(maps, "\x81\x01\x81\x01\x81\x01\x01"), "the frame is nested too deeply");
}

TEST(AFrameBuffer, RefusesTenBytesThatAnnounceAnArrayOfSixteenMillion) {
    FrameBuffer frames;
    EXPECT_EQ(complaint(frames, std::string_view("\xdd\x01\0\0\0\x01\x01\x01\x01\x01", 10)),
              "the frame holds too many elements");
}

TEST(AFrameBuffer, CountsTheElementsOfAllAggregatesTogether) {
    const FrameLimits limits{.elements = 9};
    FrameBuffer accepting(limits);
    EXPECT_EQ(complaint(accepting, pack_array({pack_array({pack(1), pack(2), pack(3)}),
                                               pack_map({pack(1), pack(2), pack(3), pack(4)})})),
              "");
    FrameBuffer refusing(limits);
    EXPECT_EQ(complaint(refusing, std::string_view("\x93\x93\x01\x02\x03\x82\x01\x02\x03\x04\x91", 11)),
              "the frame holds too many elements");
}

TEST(AFrameBuffer, RefusesBytesThatAreNoMessagePack) {
    FrameBuffer frames;
    receive(frames, "\x92\x01\xc1");
    EXPECT_THROW(frames.next(), Malformed);
}

TEST(AFrameBuffer, GivesTheFramesBeforeAMalformedOne) {
    FrameBuffer frames;
    receive(frames, "\x91\x01\xc1");
    EXPECT_EQ(frames.next(), "\x91\x01");
    EXPECT_THROW(frames.next(), Malformed);
}

TEST(AFrameBuffer, RestsOnlyBetweenFrames) {
    FrameBuffer frames;
    const auto large = pack(std::string(100'000, 'x'));
    receive(frames, std::string_view(large).substr(0, 50'000));
    EXPECT_EQ(frames.next(), std::nullopt);
    frames.rest();
    receive(frames, std::string_view(large).substr(50'000));
    EXPECT_EQ(frames.next(), large);
    frames.rest();
    EXPECT_LT(frames.room(1).size(), large.size()) << "it gave the memory back";
    receive(frames, "\x07");
    EXPECT_EQ(frames.next(), "\x07");
}

TEST(AFrameBuffer, GoesOnAfterItWasMoved) {
    FrameBuffer first;
    receive(first, "\x92\x01");
    EXPECT_EQ(first.next(), std::nullopt);
    FrameBuffer second = std::move(first);
    receive(second, "\x02");
    EXPECT_EQ(second.next(), "\x92\x01\x02");
}

}  // namespace
}  // namespace steward::proto
