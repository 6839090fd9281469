#include "client/src/acquisitions.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <optional>
#include <thread>
#include <utility>

#include "proto/objects/condition.hpp"
#include "proto/objects/lock.hpp"
#include "proto/objects/rlock.hpp"
#include "proto/objects/rwlock.hpp"
#include "proto/session.hpp"
#include "tests/unit/client/fake_service.hpp"

namespace steward {
namespace {

using proto::session::EndThread;

/// A thread that ends.
using AThread = tests::FakeService;

TEST_F(AThread, ThatHoldsALockSaysThatItEnds) {
    auto own = lock(5);
    auto asked = answering(acquired);
    std::thread([&] { own.acquire(); }).join();
    const auto thread = decoded<proto::lock::Acquire>(asked.get()[0]).thread;
    EXPECT_EQ(decoded<EndThread>(daemon_.next()).thread, thread);
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(AThread, ThatHasReleasedItsLocksSaysNothing) {
    auto own = lock(5);
    auto other = lock(6, "other");
    auto asked = answering(acquired, acquired, proto::Nothing{}, proto::Nothing{});
    std::thread([&] {
        own.acquire();
        other.acquire();
        own.release();
        other.release();
    }).join();
    asked.get();
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(AThread, ThatWasRefusedALockSaysNothing) {
    auto own = lock(5);
    auto asked = answering(proto::lock::Acquire::Result{});
    std::thread([&] { EXPECT_FALSE(own.try_acquire()); }).join();
    asked.get();
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(AThread, HoldsAnRLockUntilItHasReleasedItAsOften) {
    auto own = opened(5, [&] { return manager_.rlock("rlock"); });
    const auto times = [](std::uint64_t count) {
        return proto::rlock::Acquire::Result{.acquired = true, .token = 3, .count = count, .abandoned = {}};
    };
    auto asked = answering(times(1), times(2), proto::rlock::Release::Result{.count = 1});
    std::thread([&] {
        own.acquire();
        EXPECT_EQ(own.acquire().count, 2U);
        EXPECT_EQ(own.release(), 1U);
    }).join();
    asked.get();
    EXPECT_EQ(daemon_.next().method, EndThread::method);

    asked = answering(times(1), times(2), proto::rlock::Release::Result{.count = 1}, proto::rlock::Release::Result{});
    std::thread([&] {
        own.lock();
        own.lock();
        own.unlock();
        own.unlock();
    }).join();
    asked.get();
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(AThread, HoldsAnRWLockAsAReader) {
    auto own = opened(5, [&] { return manager_.rwlock("rwlock"); });
    auto asked = answering(proto::rwlock::AcquireShared::Result{.acquired = true, .abandoned = {}});
    std::thread([&] { own.lock_shared(); }).join();
    asked.get();
    EXPECT_EQ(daemon_.next().method, EndThread::method);
}

TEST_F(AThread, HoldsALockThatItTookBackFromACondition) {
    auto own = lock(5);
    auto opening = answering(
        proto::condition::Open::Result{.object = 6, .created = true, .lock = 5, .lock_type = proto::ObjectType::lock});
    auto condition = manager_.condition("condition", own);
    opening.get();
    auto asked = answering(acquired, proto::condition::Wait::Result{.notified = true, .token = 4, .abandoned = {}});
    std::thread([&] {
        own.acquire();
        condition.wait();
    }).join();
    asked.get();
    EXPECT_EQ(daemon_.next().method, EndThread::method);
}

TEST_F(AThread, SaysNothingWhereItsManagerIsGone) {
    std::optional<Lock> own = lock(5);
    auto asked = answering(acquired);
    std::promise<void> gone;
    std::promise<void> holds;
    std::thread holder([&] {
        own->acquire();
        holds.set_value();
        gone.get_future().wait();
    });
    asked.get();
    holds.get_future().wait();
    own.reset();
    { const auto last = std::move(manager_); }
    gone.set_value();
    holder.join();
    EXPECT_EQ(daemon_.next().method, proto::session::Close::method);
    EXPECT_THROW(daemon_.next(), std::runtime_error) << "the client has hung up";
}

TEST_F(AThread, OfAForkedChildSaysNothingOfItsParents) {
    auto own = lock(5);
    auto asked = answering(acquired);
    std::thread([&] {
        own.acquire();
        const auto child = fork();
        if (child == 0)
            return;  // ends with what its parent's thread has acquired
        waitpid(child, nullptr, 0);
    }).join();
    asked.get();
    EXPECT_EQ(daemon_.next().method, EndThread::method);
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(AThread, IsToldOnceWhoDied) {
    auto own = lock(5);
    auto asked = answering(
        proto::lock::Acquire::Result{
            .acquired = true, .token = 3, .abandoned = proto::Abandonment{.pid = 410, .command = "sync"}},
        proto::Nothing{}, acquired, proto::Nothing{});
    EXPECT_EQ(own.acquire().abandoned->pid, 410);
    EXPECT_EQ(own.abandoned()->pid, 410);
    std::thread([&] { EXPECT_FALSE(own.abandoned()); }).join();
    own.release();
    EXPECT_FALSE(own.abandoned());
    own.acquire();
    EXPECT_FALSE(own.abandoned());
    own.release();
    asked.get();
}

}  // namespace
}  // namespace steward
