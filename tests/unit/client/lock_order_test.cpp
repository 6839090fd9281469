#include "client/src/lock_order.hpp"

#include <gtest/gtest.h>

#include <string>

namespace steward::detail {
namespace {

TEST(AListenerToLockOrder, IsTheLastThatWasSet) {
    LockOrderListener listener;
    std::string told;
    listener.set([&](const LockOrderWarning& warning) { told += "first " + warning.sentence; });
    listener.set([&](const LockOrderWarning& warning) { told += "second " + warning.sentence; });
    listener.tell({.sentence = "warning"});
    EXPECT_EQ(told, "second warning");
}

TEST(AListenerToLockOrder, IsStandardErrorWhereNoneIsSet) {
    LockOrderListener listener;
    testing::internal::CaptureStderr();
    listener.tell({.sentence = "one"});
    listener.set({});
    listener.tell({.sentence = "two"});
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "steward: one\nsteward: two\n");
}

}  // namespace
}  // namespace steward::detail
