#include <steward/rlock.hpp>

#include <unistd.h>

#include <chrono>
#include <mutex>
#include <system_error>
#include <thread>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class AnRLock : public ClientTest {
  protected:
    RLock lock_ = manager_.rlock("rlock");
};

TEST_F(AnRLock, IsFreeWhenItWasReleasedAsOftenAsItWasAcquired) {
    EXPECT_EQ(lock_.acquire().count, 1U);
    EXPECT_EQ(lock_.acquire().count, 2U);
    EXPECT_EQ(lock_.try_acquire()->count, 3U);
    EXPECT_EQ(lock_.count(), 3U);
    EXPECT_EQ(lock_.release(), 2U);
    EXPECT_EQ(lock_.release(), 1U);
    EXPECT_TRUE(lock_.locked());
    EXPECT_TRUE(lock_.held_by_me());
    EXPECT_EQ(lock_.release(), 0U);
    EXPECT_FALSE(lock_.locked());
    EXPECT_EQ(lock_.count(), 0U);
    EXPECT_EQ(error_of([this] { lock_.release(); }), errc::not_owner);
}

TEST_F(AnRLock, IsOwnedByAThread) {
    lock_.acquire();
    in_background([this] {
        EXPECT_FALSE(lock_.held_by_me());
        EXPECT_FALSE(lock_.try_acquire());
        EXPECT_FALSE(lock_.acquire_for(1ms));
        EXPECT_EQ(error_of([this] { lock_.release(); }), errc::not_owner);
        EXPECT_EQ(error_of([this] { lock_.token(); }), errc::not_owner);
    }).get();
    EXPECT_EQ(lock_.release(), 0U);
}

TEST_F(AnRLock, PassesToTheThreadThatWaitsWithTheLastRelease) {
    lock_.acquire();
    lock_.acquire();
    auto waiter = in_background([this] {
        const auto count = lock_.acquire().count;
        lock_.release();
        return count;
    });
    ASSERT_TRUE(waiters_become(lock_, 1));
    lock_.release();
    EXPECT_EQ(lock_.info().waiters.size(), 1U);
    lock_.release();
    EXPECT_EQ(waiter.get(), 1U);
}

TEST_F(AnRLock, KeepsTheTokenOfItsFirstAcquisition) {
    const auto first = lock_.acquire().token;
    EXPECT_EQ(lock_.acquire().token, first);
    EXPECT_EQ(lock_.token(), first);
    lock_.release();
    lock_.release();
    EXPECT_GT(lock_.acquire().token, first);
}

TEST_F(AnRLock, WorksWithTheGuardsOfTheStandardLibrary) {
    const std::scoped_lock outer{lock_};
    {
        const std::unique_lock inner{lock_, 1s};
        EXPECT_TRUE(inner.owns_lock());
        EXPECT_EQ(lock_.count(), 2U);
    }
    EXPECT_EQ(lock_.count(), 1U);
}

TEST_F(AnRLock, TellsItsNextOwnerWhoDiedHoweverOftenThatHeldIt) {
    const Gate held;
    ChildProcess child([&] {
        auto own = connect();
        auto lock = own.rlock("rlock");
        lock.acquire();
        lock.acquire();
        held.open();
        return pause();
    });
    held.pass();
    child.kill();
    const auto acquired = lock_.acquire();
    ASSERT_TRUE(acquired.abandoned);
    EXPECT_EQ(acquired.abandoned->pid, child.pid());
    EXPECT_EQ(acquired.count, 1U);
    EXPECT_EQ(lock_.abandoned()->pid, child.pid());
    EXPECT_FALSE(lock_.acquire().abandoned);
    lock_.release();
    EXPECT_TRUE(lock_.abandoned());
    lock_.release();
    EXPECT_FALSE(lock_.abandoned());
}

TEST_F(AnRLock, IsAbandonedByAThreadThatEnds) {
    std::thread([this] {
        lock_.acquire();
        lock_.acquire();
        lock_.release();
    }).join();
    const auto acquired = lock_.acquire_for(watchdog);
    ASSERT_TRUE(acquired);
    ASSERT_TRUE(acquired->abandoned);
    EXPECT_EQ(acquired->abandoned->pid, getpid());
}

TEST_F(AnRLock, IsNotOpenedAsALock) {
    EXPECT_EQ(error_of([this] { manager_.lock("rlock"); }), errc::wrong_type);
}

TEST_F(AnRLock, ThatIsRemovedFailsThoseWhoWait) {
    auto other = connect();
    other.rlock("rlock").acquire();
    auto waiter = in_background([this] { return error_of([this] { lock_.acquire(); }); });
    ASSERT_TRUE(waiters_become(lock_, 1));
    EXPECT_TRUE(lock_.remove());
    EXPECT_EQ(waiter.get(), errc::object_removed);
    EXPECT_EQ(error_of([this] { lock_.acquire(); }), errc::no_such_object);
}

TEST_F(AnRLock, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    EXPECT_EQ(lock_.acquire(ec).count, 1U);
    EXPECT_TRUE(lock_.acquire_for(1s, ec));
    EXPECT_TRUE(lock_.held_by_me(ec));
    EXPECT_EQ(lock_.release(ec), 1U);
    EXPECT_EQ(lock_.release(ec), 0U);
    EXPECT_FALSE(ec);
    lock_.release(ec);
    EXPECT_EQ(ec, errc::not_owner);
    lock_.unlock();
}

}  // namespace
}  // namespace steward::tests
