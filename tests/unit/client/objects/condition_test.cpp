#include <steward/condition.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <system_error>
#include <utility>

#include "proto/objects/condition.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/rlock.hpp"
#include "tests/unit/client/fake_service.hpp"

namespace steward {
namespace {

using namespace std::chrono_literals;

const proto::condition::Wait::Result notified{.notified = true, .token = 4, .abandoned = {}};
const proto::condition::Wait::Result timed_out{.notified = false, .token = 4, .abandoned = {}};

class ACondition : public tests::FakeService {
  protected:
    Condition opened_with_lock() {
        auto asked = answering(proto::condition::Open::Result{
            .object = 6, .created = true, .lock = 5, .lock_type = proto::ObjectType::lock});
        auto condition = manager_.condition("condition", lock_);
        const auto requests = asked.get();
        EXPECT_EQ(decoded<proto::condition::Open>(requests[0]).lock, 5U);
        return condition;
    }

    Lock lock_ = lock(5);
    Condition condition_ = opened_with_lock();
};

TEST_F(ACondition, HasAnRLockOfItsOwnWhereNoneIsGiven) {
    auto opening = answering(proto::condition::Open::Result{.object = 8, .created = true, .lock = 9});
    auto own = manager_.condition("own");
    const auto opened = opening.get();
    EXPECT_FALSE(decoded<proto::condition::Open>(opened[0]).lock);

    auto asked = answering(proto::rlock::Acquire::Result{.acquired = true, .token = 3, .count = 1, .abandoned = {}},
                           proto::condition::NotifyAll::Result{.woken = 2}, proto::rlock::Release::Result{});
    {
        const std::scoped_lock guard{own};
        EXPECT_EQ(own.notify_all(), 2U);
    }
    const auto requests = asked.get();
    EXPECT_EQ(decoded<proto::rlock::Acquire>(requests[0]).object, 9U);
    EXPECT_EQ(decoded<proto::condition::NotifyAll>(requests[1]).object, 8U);
    EXPECT_EQ(decoded<proto::rlock::Release>(requests[2]).object, 9U);
}

TEST_F(ACondition, DoesNotWaitForWhatIsTrueAlready) {
    condition_.wait([] { return true; });
    EXPECT_TRUE(condition_.wait_for(1h, [] { return true; }));
    EXPECT_TRUE(condition_.wait_until(std::chrono::system_clock::now(), [] { return true; }));
    EXPECT_FALSE(condition_.wait_for(0s, [] { return false; }));
    EXPECT_FALSE(condition_.wait_for(-1s, [] { return false; }));
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(ACondition, WaitsForThePredicateWithTheTimeThatIsLeft) {
    auto asked = answering(notified, notified, notified);
    int looks = 0;
    EXPECT_TRUE(condition_.wait_for(1h, [&] { return ++looks == 4; }));
    const auto requests = asked.get();
    auto left = std::chrono::nanoseconds(1h).count();
    for (const auto& request : requests) {
        const auto timeout_ns = decoded<proto::condition::Wait>(request).timeout_ns;
        ASSERT_TRUE(timeout_ns);
        EXPECT_LT(*timeout_ns, left);
        left = *timeout_ns;
    }
    EXPECT_GT(left, 0);
}

TEST_F(ACondition, EndsWithThePredicateWhenTheTimeIsOver) {
    auto asked = answering(timed_out);
    bool late = false;
    EXPECT_TRUE(condition_.wait_for(1ms, [&] { return std::exchange(late, true); }));
    asked.get();
}

TEST_F(ACondition, WaitsForEverWithoutATime) {
    auto asked = answering(notified, notified);
    int looks = 0;
    condition_.wait([&] { return ++looks == 3; });
    const auto requests = asked.get();
    EXPECT_FALSE(decoded<proto::condition::Wait>(requests[0]).timeout_ns);
    EXPECT_FALSE(decoded<proto::condition::Wait>(requests[1]).timeout_ns);
}

TEST_F(ACondition, TakesTheGuardOfItsLockOrOfItself) {
    auto asked = answering(acquired, notified, proto::Nothing{}, acquired, timed_out, proto::Nothing{});
    {
        std::unique_lock guard{lock_};
        condition_.wait(guard);
    }
    {
        std::unique_lock guard{condition_};
        EXPECT_FALSE(condition_.wait_for(guard, 1ms));
    }
    asked.get();
}

TEST_F(ACondition, RefusesTheGuardOfAnotherLockAndOneThatHoldsNothing) {
    auto other = lock(9, "other");
    std::unique_lock empty{lock_, std::defer_lock};
    std::error_code ec;
    condition_.wait(empty, ec);
    EXPECT_EQ(ec, errc::not_owner);

    auto asked = answering(acquired, proto::Nothing{});
    {
        std::unique_lock guard{other};
        condition_.wait_for(
            guard, 1s, [] { return true; }, ec);
        EXPECT_EQ(ec, errc::invalid_argument);
    }
    asked.get();
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(ACondition, TellsWhoDiedWithItsLockMeanwhile) {
    auto asked =
        answering(acquired,
                  proto::condition::Wait::Result{
                      .notified = true, .token = 4, .abandoned = proto::Abandonment{.pid = 410, .command = "c"}},
                  proto::Nothing{});
    condition_.acquire();
    EXPECT_FALSE(condition_.abandoned());
    condition_.wait();
    ASSERT_TRUE(condition_.abandoned());
    EXPECT_EQ(condition_.abandoned()->pid, 410);
    EXPECT_EQ(lock_.abandoned()->pid, 410);
    condition_.release();
    asked.get();
}

}  // namespace
}  // namespace steward
