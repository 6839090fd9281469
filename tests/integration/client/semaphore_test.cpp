#include <steward/semaphore.hpp>

#include <unistd.h>

#include <chrono>
#include <system_error>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class ASemaphore : public ClientTest {
  protected:
    Semaphore semaphore_ = manager_.semaphore("semaphore", 2);
};

TEST_F(ASemaphore, HasItsPermits) {
    EXPECT_EQ(semaphore_.value(), 2);
    semaphore_.acquire();
    EXPECT_TRUE(semaphore_.try_acquire());
    EXPECT_FALSE(semaphore_.try_acquire());
    EXPECT_EQ(semaphore_.value(), 0);
    semaphore_.release(2);
    EXPECT_EQ(semaphore_.value(), 2);
}

TEST_F(ASemaphore, LetsThoseGoOnWhoWait) {
    semaphore_.acquire();
    semaphore_.acquire();
    auto waiter = in_background([this] { semaphore_.acquire(); });
    ASSERT_TRUE(waiters_become(semaphore_, 1));
    semaphore_.release();
    waiter.get();
}

TEST_F(ASemaphore, IsASignalToo) {
    semaphore_.release(3);
    EXPECT_EQ(semaphore_.value(), 5);
}

TEST_F(ASemaphore, GivesNothingAfterTheTimeIsOver) {
    semaphore_.acquire();
    semaphore_.acquire();
    EXPECT_FALSE(semaphore_.try_acquire_for(10ms));
    EXPECT_FALSE(semaphore_.try_acquire_until(std::chrono::steady_clock::now() + 10ms));
    semaphore_.release();
    EXPECT_TRUE(semaphore_.try_acquire_for(0s));
}

TEST_F(ASemaphore, RefusesANegativeNumber) {
    EXPECT_EQ(error_of([this] { semaphore_.release(-1); }), errc::invalid_argument);
    EXPECT_EQ(error_of([this] { manager_.semaphore("negative", -1); }), errc::invalid_argument);
    EXPECT_EQ(semaphore_.value(), 2);
}

TEST_F(ASemaphore, WithRecoverTakesBackWhatTheDeadHeld) {
    auto recovering = manager_.semaphore("recovering", 1, {.recover = true});
    const Gate held;
    ChildProcess child([&] {
        auto own = connect();
        own.semaphore("recovering", 1, {.recover = true}).acquire();
        held.open();
        return pause();
    });
    held.pass();
    EXPECT_EQ(recovering.value(), 0);
    child.kill();
    recovering.acquire();
}

TEST_F(ASemaphore, IsNotOpenedWithOtherOptions) {
    EXPECT_EQ(error_of([this] { manager_.semaphore("semaphore", 2, {.recover = true}); }), errc::wrong_options);
}

TEST_F(ASemaphore, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    semaphore_.acquire(ec);
    EXPECT_TRUE(semaphore_.try_acquire_for(1s, ec));
    EXPECT_FALSE(semaphore_.try_acquire(ec));
    semaphore_.release(ec);
    EXPECT_EQ(semaphore_.value(ec), 1);
    EXPECT_FALSE(ec);
    semaphore_.release(-1, ec);
    EXPECT_EQ(ec, errc::invalid_argument);
}

}  // namespace
}  // namespace steward::tests
