#include <steward/event.hpp>

#include <chrono>
#include <system_error>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class AnEvent : public ClientTest {
  protected:
    Event event_ = manager_.event("event");
};

TEST_F(AnEvent, StaysSetUntilItIsCleared) {
    EXPECT_FALSE(event_.is_set());
    event_.set();
    event_.set();
    EXPECT_TRUE(event_.is_set());
    event_.wait();
    event_.clear();
    EXPECT_FALSE(event_.is_set());
}

TEST_F(AnEvent, WakesAllWhoWait) {
    const auto wait = [this] {
        connect().event("event").wait();
        return true;
    };
    auto first = in_background(wait);
    auto second = in_background(wait);
    ASSERT_TRUE(waiters_become(event_, 2));
    event_.set();
    event_.clear();
    EXPECT_TRUE(first.get());
    EXPECT_TRUE(second.get());
}

TEST_F(AnEvent, ThatResetsItselfLetsOneGoOnForEverySet) {
    auto event = manager_.event("auto", {.auto_reset = true});
    event.set();
    event.set();
    event.wait();
    EXPECT_FALSE(event.is_set());
    EXPECT_FALSE(event.wait_for(1ms));
    auto first = in_background([&] { event.wait(); });
    ASSERT_TRUE(waiters_become(event, 1));
    auto second = in_background([&] { event.wait(); });
    ASSERT_TRUE(waiters_become(event, 2));
    event.set();
    first.get();
    EXPECT_EQ(event.info().waiters.size(), 1U);
    event.set();
    second.get();
    EXPECT_FALSE(event.is_set());
}

TEST_F(AnEvent, IsNotOpenedWithOtherOptions) {
    EXPECT_EQ(error_of([this] { manager_.event("event", {.auto_reset = true}); }), errc::wrong_options);
}

TEST_F(AnEvent, IsNotWaitedForAfterTheTimeIsOver) {
    EXPECT_FALSE(event_.wait_for(10ms));
    EXPECT_FALSE(event_.wait_until(std::chrono::system_clock::now() - 1h));
    event_.set();
    EXPECT_TRUE(event_.wait_for(0s));
}

TEST_F(AnEvent, ThatIsRemovedFailsThoseWhoWait) {
    auto waiter = in_background([this] { return error_of([this] { event_.wait(); }); });
    ASSERT_TRUE(waiters_become(event_, 1));
    manager_.remove("event");
    EXPECT_EQ(waiter.get(), errc::object_removed);
}

TEST_F(AnEvent, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    event_.set(ec);
    EXPECT_TRUE(event_.is_set(ec));
    EXPECT_TRUE(event_.wait_for(1s, ec));
    EXPECT_FALSE(ec);
    event_.remove();
    event_.clear(ec);
    EXPECT_EQ(ec, errc::no_such_object);
    event_.wait(ec);
    EXPECT_EQ(ec, errc::no_such_object);
}

}  // namespace
}  // namespace steward::tests
