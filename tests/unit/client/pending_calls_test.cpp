#include "client/src/pending_calls.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace steward::detail {
namespace {

TEST(PendingCalls, AreNumberedUpwards) {
    PendingCalls pending;
    Call first;
    Call second;
    pending.add(first);
    pending.add(second);
    EXPECT_LT(first.id(), second.id());
}

TEST(PendingCalls, AreFoundByTheirNumberUntilTheyAreRemoved) {
    PendingCalls pending;
    Call call;
    pending.add(call);
    EXPECT_EQ(pending.find(call.id()), &call);
    pending.remove(call);
    EXPECT_EQ(pending.find(call.id()), nullptr);
}

TEST(PendingCalls, AreNotTakenForOthersAtTheSamePlace) {
    PendingCalls pending;
    Call call;
    pending.add(call);
    EXPECT_EQ(pending.find(call.id() + 64), nullptr);
}

TEST(PendingCalls, PassOverThePlaceOfOneThatWaitsForLong) {
    PendingCalls pending;
    Call waits_for_long;
    pending.add(waits_for_long);
    std::uint64_t last = waits_for_long.id();
    for (int i = 0; i < 1000; ++i) {
        Call call;
        pending.add(call);
        EXPECT_GT(call.id(), last);
        last = call.id();
        pending.remove(call);
    }
    EXPECT_EQ(pending.find(waits_for_long.id()), &waits_for_long);
}

TEST(PendingCalls, AreAnyNumber) {
    PendingCalls pending;
    std::deque<Call> calls(5000);
    for (auto& call : calls)
        pending.add(call);
    for (auto& call : calls)
        EXPECT_EQ(pending.find(call.id()), &call);
    EXPECT_EQ(pending.take_lost(true).size(), calls.size());
    EXPECT_EQ(pending.find(calls.front().id()), nullptr);
}

TEST(WaitingCalls, AreRemovedFromAnywhere) {
    WaitingCalls waiting;
    std::deque<Call> calls(3);
    for (auto& call : calls)
        waiting.add(call);
    waiting.remove(calls[1]);
    EXPECT_EQ(waiting.first(), &calls[2]);
    waiting.remove(calls[2]);
    EXPECT_EQ(waiting.first(), &calls[0]);
    waiting.remove(calls[0]);
    EXPECT_EQ(waiting.first(), nullptr);
}

TEST(WaitingCalls, AreRemovedOnce) {
    WaitingCalls waiting;
    Call left_alone;
    Call call;
    waiting.add(left_alone);
    waiting.add(call);
    waiting.remove(call);
    waiting.remove(call);
    EXPECT_EQ(waiting.first(), &left_alone);
}

}  // namespace
}  // namespace steward::detail
