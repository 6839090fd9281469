#include <steward/rwlock.hpp>

#include <unistd.h>

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <system_error>
#include <thread>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/background.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

class AnRWLock : public ClientTest {
  protected:
    RWLock lock_ = manager_.rwlock("rwlock");
};

TEST_F(AnRWLock, IsHeldByManyReadersAtOnce) {
    lock_.acquire_shared();
    in_background([this] {
        lock_.acquire_shared();
        EXPECT_EQ(lock_.readers(), 2U);
        EXPECT_TRUE(lock_.shared_by_me());
        lock_.release_shared();
    }).get();
    EXPECT_EQ(lock_.readers(), 1U);
    EXPECT_FALSE(lock_.locked());
    EXPECT_FALSE(lock_.held_by_me());
    EXPECT_EQ(lock_.holders().size(), 1U);
    lock_.release_shared();
    EXPECT_EQ(lock_.readers(), 0U);
}

TEST_F(AnRWLock, IsHeldByOneWriterAlone) {
    const auto token = lock_.acquire().token;
    EXPECT_TRUE(lock_.locked());
    EXPECT_TRUE(lock_.held_by_me());
    EXPECT_FALSE(lock_.shared_by_me());
    EXPECT_EQ(lock_.token(), token);
    in_background([this] {
        EXPECT_FALSE(lock_.try_acquire());
        EXPECT_FALSE(lock_.try_acquire_shared());
        EXPECT_FALSE(lock_.acquire_shared_for(1ms));
        EXPECT_FALSE(lock_.acquire_shared_until(std::chrono::system_clock::now() + 1ms));
        EXPECT_EQ(error_of([this] { lock_.release(); }), errc::not_owner);
        EXPECT_EQ(error_of([this] { lock_.release_shared(); }), errc::not_owner);
    }).get();
    lock_.release();
    EXPECT_FALSE(lock_.locked());
}

TEST_F(AnRWLock, LetsAWriterWaitForAllReaders) {
    lock_.acquire_shared();
    auto writer = in_background([this] {
        lock_.acquire();
        const auto readers = lock_.readers();
        lock_.release();
        return readers;
    });
    ASSERT_TRUE(waiters_become(lock_, 1));
    lock_.release_shared();
    EXPECT_EQ(writer.get(), 0U);
}

TEST_F(AnRWLock, LetsReadersWaitBehindAWriterWhoWaits) {
    lock_.acquire_shared();
    auto writer = in_background([this] {
        lock_.acquire();
        lock_.release();
    });
    ASSERT_TRUE(waiters_become(lock_, 1));
    in_background([this] { EXPECT_FALSE(lock_.try_acquire_shared()); }).get();
    auto reader = in_background([this] {
        lock_.acquire_shared();
        lock_.release_shared();
    });
    ASSERT_TRUE(waiters_become(lock_, 2));
    lock_.release_shared();
    writer.get();
    reader.get();
}

TEST_F(AnRWLock, LetsReadersGoTogetherWhenTheWriterIsDone) {
    lock_.acquire();
    const auto read = [this](const Gate& wait_for, const Gate& tell) {
        lock_.acquire_shared();
        tell.open();
        wait_for.pass();
        lock_.release_shared();
    };
    const Gate first_reads;
    const Gate second_reads;
    auto first = in_background([&] { read(second_reads, first_reads); });
    auto second = in_background([&] { read(first_reads, second_reads); });
    ASSERT_TRUE(waiters_become(lock_, 2));
    lock_.release();
    first.get();
    second.get();
}

TEST_F(AnRWLock, IsRefusedToAReaderWhoWouldWaitForItself) {
    lock_.acquire_shared();
    EXPECT_EQ(error_of([this] { lock_.acquire(); }), errc::deadlock);
    EXPECT_FALSE(lock_.try_acquire());
    EXPECT_FALSE(lock_.acquire_for(1ms));
    lock_.release_shared();
    lock_.acquire();
    EXPECT_EQ(error_of([this] { lock_.acquire(); }), errc::deadlock);
    EXPECT_EQ(error_of([this] { lock_.acquire_shared(); }), errc::deadlock);
    lock_.release();
}

TEST_F(AnRWLock, WorksWithTheGuardsOfTheStandardLibrary) {
    {
        const std::shared_lock guard{lock_};
        EXPECT_TRUE(lock_.shared_by_me());
    }
    {
        const std::shared_lock guard{lock_, 1s};
        EXPECT_TRUE(guard.owns_lock());
        EXPECT_EQ(lock_.readers(), 1U);
    }
    EXPECT_EQ(lock_.readers(), 0U);
    {
        const std::scoped_lock guard{lock_};
        EXPECT_TRUE(lock_.held_by_me());
        EXPECT_FALSE(lock_.try_lock_shared());
        EXPECT_FALSE(lock_.try_lock_shared_for(0s));
        EXPECT_FALSE(lock_.try_lock_shared_until(std::chrono::steady_clock::now()));
    }
    EXPECT_FALSE(lock_.locked());
}

TEST_F(AnRWLock, TellsReadersWhichWriterDiedUntilAnotherHasCome) {
    const Gate held;
    ChildProcess child([&] {
        auto own = connect();
        own.rwlock("rwlock").acquire();
        held.open();
        return pause();
    });
    held.pass();
    child.kill();
    const auto shared = lock_.acquire_shared();
    ASSERT_TRUE(shared.abandoned);
    EXPECT_EQ(shared.abandoned->pid, child.pid());
    EXPECT_EQ(lock_.abandoned()->pid, child.pid());
    lock_.release_shared();
    const auto acquired = lock_.acquire();
    ASSERT_TRUE(acquired.abandoned);
    EXPECT_EQ(acquired.abandoned->pid, child.pid());
    lock_.release();
    EXPECT_FALSE(lock_.acquire_shared().abandoned);
    lock_.release_shared();
}

TEST_F(AnRWLock, IsGivenBackByAReaderThatDies) {
    const Gate held;
    ChildProcess child([&] {
        auto own = connect();
        own.rwlock("rwlock").acquire_shared();
        held.open();
        return pause();
    });
    held.pass();
    EXPECT_FALSE(lock_.try_acquire());
    child.kill();
    EXPECT_TRUE(lock_.acquire_for(watchdog));
    lock_.release();
}

TEST_F(AnRWLock, IsGivenBackByAThreadThatEnds) {
    std::thread([this] { lock_.acquire_shared(); }).join();
    EXPECT_TRUE(lock_.acquire_for(watchdog));
    lock_.release();
    std::thread([this] { lock_.acquire(); }).join();
    const auto shared = lock_.acquire_shared_for(watchdog);
    ASSERT_TRUE(shared);
    EXPECT_TRUE(shared->abandoned);
    lock_.release_shared();
}

TEST_F(AnRWLock, ThatIsRemovedFailsThoseWhoWait) {
    auto other = connect();
    other.rwlock("rwlock").acquire();
    auto reader = in_background([this] { return error_of([this] { lock_.acquire_shared(); }); });
    auto writer = in_background([this] { return error_of([this] { lock_.acquire(); }); });
    ASSERT_TRUE(waiters_become(lock_, 2));
    lock_.remove();
    EXPECT_EQ(reader.get(), errc::object_removed);
    EXPECT_EQ(writer.get(), errc::object_removed);
}

TEST_F(AnRWLock, FailsWithoutExceptionsWhereThatIsAskedFor) {
    std::error_code ec;
    lock_.acquire_shared(ec);
    EXPECT_FALSE(ec);
    lock_.acquire(ec);
    EXPECT_EQ(ec, errc::deadlock);
    lock_.release_shared(ec);
    EXPECT_FALSE(ec);
    lock_.release_shared(ec);
    EXPECT_EQ(ec, errc::not_owner);
    lock_.release(ec);
    EXPECT_EQ(ec, errc::not_owner);
    EXPECT_EQ(lock_.token(ec), 0U);
    EXPECT_EQ(ec, errc::not_owner);
    lock_.unlock();
    lock_.unlock_shared();
}

}  // namespace
}  // namespace steward::tests
