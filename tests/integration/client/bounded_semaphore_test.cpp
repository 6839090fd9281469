#include <steward/bounded_semaphore.hpp>

#include <unistd.h>

#include <chrono>
#include <system_error>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class ABoundedSemaphore : public ClientTest {
  protected:
    BoundedSemaphore semaphore_ = manager_.bounded_semaphore("bounded", 2);
};

TEST_F(ABoundedSemaphore, HasItsPermits) {
    EXPECT_EQ(semaphore_.bound(), 2);
    EXPECT_EQ(semaphore_.value(), 2);
    semaphore_.acquire();
    EXPECT_TRUE(semaphore_.try_acquire());
    EXPECT_FALSE(semaphore_.try_acquire());
    EXPECT_EQ(semaphore_.value(), 0);
    semaphore_.release(2);
    EXPECT_EQ(semaphore_.value(), 2);
}

TEST_F(ABoundedSemaphore, RefusesMoreThanThereWereAtFirst) {
    EXPECT_EQ(error_of([this] { semaphore_.release(); }), errc::semaphore_overflow);
    semaphore_.acquire();
    EXPECT_EQ(error_of([this] { semaphore_.release(2); }), errc::semaphore_overflow);
    EXPECT_EQ(semaphore_.value(), 1);
    semaphore_.release();
    EXPECT_EQ(semaphore_.value(), 2);
}

TEST_F(ABoundedSemaphore, RefusesANegativeNumber) {
    EXPECT_EQ(error_of([this] { semaphore_.release(-1); }), errc::invalid_argument);
    EXPECT_EQ(error_of([this] { manager_.bounded_semaphore("negative", -1); }), errc::invalid_argument);
}

TEST_F(ABoundedSemaphore, LetsThoseGoOnWhoWait) {
    semaphore_.acquire();
    semaphore_.acquire();
    auto waiter = in_background([this] {
        semaphore_.acquire();
        semaphore_.release();
    });
    ASSERT_TRUE(waiters_become(semaphore_, 1));
    semaphore_.release();
    waiter.get();
}

TEST_F(ABoundedSemaphore, GivesNothingAfterTheTimeIsOver) {
    semaphore_.acquire();
    semaphore_.acquire();
    EXPECT_FALSE(semaphore_.try_acquire_for(10ms));
    EXPECT_FALSE(semaphore_.try_acquire_until(std::chrono::steady_clock::now() + 10ms));
    semaphore_.release();
    EXPECT_TRUE(semaphore_.try_acquire_for(0s));
}

TEST_F(ABoundedSemaphore, TakesBackWhatTheDeadHeld) {
    const Gate held;
    ChildProcess child([&] {
        auto own = connect();
        auto semaphore = own.bounded_semaphore("bounded", 2);
        semaphore.acquire();
        semaphore.acquire();
        held.open();
        return pause();
    });
    held.pass();
    EXPECT_EQ(semaphore_.value(), 0);
    child.kill();
    EXPECT_TRUE(semaphore_.try_acquire_for(watchdog));
    EXPECT_TRUE(semaphore_.try_acquire_for(watchdog));
    EXPECT_EQ(semaphore_.value(), 0);
}

TEST_F(ABoundedSemaphore, IsNotOpenedWithOtherOptions) {
    EXPECT_EQ(error_of([this] { manager_.bounded_semaphore("bounded", 3); }), errc::wrong_options);
    EXPECT_EQ(error_of([this] { manager_.bounded_semaphore("bounded", 2, {.recover = false}); }), errc::wrong_options);
    EXPECT_EQ(error_of([this] { manager_.semaphore("bounded", 2); }), errc::wrong_type);
}

TEST_F(ABoundedSemaphore, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    semaphore_.acquire(ec);
    EXPECT_TRUE(semaphore_.try_acquire_for(1s, ec));
    EXPECT_FALSE(semaphore_.try_acquire(ec));
    semaphore_.release(ec);
    EXPECT_EQ(semaphore_.value(ec), 1);
    EXPECT_EQ(semaphore_.bound(ec), 2);
    EXPECT_FALSE(ec);
    semaphore_.release(2, ec);
    EXPECT_EQ(ec, errc::semaphore_overflow);
}

}  // namespace
}  // namespace steward::tests
