#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <thread>

#include "tests/integration/client/client_test.hpp"

namespace steward::tests {
namespace {

using namespace std::chrono_literals;

/// A thread that uses locks and ends, of itself or since another thread says so.
class AThread : public ClientTest {
  protected:
    bool becomes_free() { return lock_.acquire_for(10s).has_value(); }

    Lock lock_ = manager_.lock("lock");
};

/// A thread by pthread_create(3), which can be cancelled.
class Cancellable {
  public:
    template <class F>
    explicit Cancellable(F& body) {
        EXPECT_EQ(::pthread_create(
                      &thread_, nullptr,
                      [](void* given) -> void* {
                          (*static_cast<F*>(given))();
                          return nullptr;
                      },
                      &body),
                  0);
    }
    void cancel() const { ::pthread_cancel(thread_); }
    bool was_cancelled() const {
        void* result = nullptr;
        ::pthread_join(thread_, &result);
        return result == PTHREAD_CANCELED;
    }

  private:
    pthread_t thread_{};
};

struct LocksAtItsEnd {
    std::optional<Lock> lock;

    LocksAtItsEnd() = default;
    LocksAtItsEnd(const LocksAtItsEnd&) = delete;
    LocksAtItsEnd& operator=(const LocksAtItsEnd&) = delete;
    ~LocksAtItsEnd() {
        if (lock)
            lock->lock();
    }
};

TEST_F(AThread, AbandonsALockThatItsLastObjectAcquires) {
    std::thread([&] {
        thread_local LocksAtItsEnd last;
        last.lock.emplace(lock_);
        lock_.lock();
        lock_.unlock();
    }).join();
    EXPECT_TRUE(becomes_free());
}

TEST_F(AThread, ReleasesWhatAGuardOfItsOwnHolds) {
    std::thread([&] {
        thread_local std::optional<std::unique_lock<Lock>> guard;
        guard.emplace(lock_);
    }).join();
    const auto acquired = lock_.acquire_for(10s);
    ASSERT_TRUE(acquired);
    EXPECT_FALSE(acquired->abandoned) << "it was unlocked, and not left behind";
}

/// It reads the replies of all threads while it waits.
TEST_F(AThread, ThatIsCancelledInItsWaitLetsOthersGoOn) {
    auto holder = connect().lock("lock");
    holder.lock();
    auto body = [&] {
        lock_.lock();
        lock_.unlock();
        ::pthread_testcancel();
    };
    const Cancellable thread(body);
    EXPECT_TRUE(waiters_become(holder, 1));
    thread.cancel();
    EXPECT_EQ(manager_.semaphore("semaphore", 3).value(), 3U);
    holder.unlock();
    EXPECT_TRUE(thread.was_cancelled());
    EXPECT_TRUE(becomes_free());
}

TEST_F(AThread, ThatIsCancelledUnlocksFirst) {
    auto rwlock = manager_.rwlock("rwlock");
    auto body = [&] {
        {
            const std::scoped_lock guard(rwlock);
            ::pthread_cancel(::pthread_self());
        }
        ::pthread_testcancel();
    };
    const Cancellable thread(body);
    EXPECT_TRUE(thread.was_cancelled());
    EXPECT_TRUE(rwlock.acquire_for(10s).has_value());
}

}  // namespace
}  // namespace steward::tests
