#include <steward/several.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "proto/session.hpp"
#include "proto/several.hpp"
#include "tests/support/background.hpp"
#include "tests/unit/client/fake_service.hpp"

namespace steward {
namespace {

using namespace std::chrono_literals;
class Several : public tests::FakeService {
  protected:
    Lock lock_ = lock(5);
    RWLock rwlock_ = opened(6, [this] { return manager_.rwlock("rwlock"); });
    Semaphore semaphore_ = opened(7, [this] { return manager_.semaphore("semaphore", 4); });
    proto::object::AcquireAll::Result granted_{
        .acquired = true,
        .grants = {{.token = 11, .abandoned = {}},
                   {.token = 0, .abandoned = proto::Abandonment{.pid = 410, .command = "c"}},
                   {.token = 0, .abandoned = {}}}};
};

void expect_all_parts(const std::vector<proto::object::Part>& parts) {
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].object, 5U);
    EXPECT_EQ(parts[0].permits, 1U);
    EXPECT_FALSE(parts[0].shared);
    EXPECT_EQ(parts[1].object, 6U);
    EXPECT_TRUE(parts[1].shared);
    EXPECT_EQ(parts[2].object, 7U);
    EXPECT_EQ(parts[2].permits, 2U);
}

TEST_F(Several, AreAcquiredAndReleasedTogether) {
    auto asked = answering(granted_, proto::Nothing{});
    {
        const auto all = manager_.acquire_all({lock_, Part::shared(rwlock_), {semaphore_, 2}});
        EXPECT_TRUE(all);
        EXPECT_EQ(all.tokens(), (std::vector<std::uint64_t>{11, 0, 0}));
        ASSERT_TRUE(all.acquired()[1].abandoned);
        EXPECT_EQ(all.acquired()[1].abandoned->pid, 410);
        EXPECT_EQ(rwlock_.abandoned()->pid, 410);
    }
    const auto requests = asked.get();
    const auto acquire = decoded<proto::object::AcquireAll>(requests[0]);
    const auto release = decoded<proto::object::ReleaseAll>(requests[1]);
    expect_all_parts(acquire.parts);
    expect_all_parts(release.parts);
    EXPECT_EQ(release.thread, acquire.thread);
    EXPECT_FALSE(acquire.timeout_ns);
}

TEST_F(Several, AreReleasedOnce) {
    auto asked = answering(granted_, proto::Nothing{});
    {
        auto all = manager_.acquire_all({lock_, Part::shared(rwlock_), {semaphore_, 2}});
        AllAcquired moved;
        moved = std::move(all);
        moved.release();
        moved.release();
        EXPECT_FALSE(moved);
    }
    asked.get();
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(Several, AreReleasedOneByOneWhereOneWasLost) {
    auto asked = answering(granted_);
    auto all = manager_.acquire_all({lock_, Part::shared(rwlock_), {semaphore_, 2}});
    asked.get();
    auto refusing = tests::in_background([&] {
        const auto together = daemon_.next();
        daemon_.refuse(together, proto::Errc::not_owner, "lock");
        for (const std::uint64_t object : {5, 6, 7}) {
            const auto request = daemon_.next();
            const auto parts = decoded<proto::object::ReleaseAll>(request).parts;
            ASSERT_EQ(parts.size(), 1U);
            EXPECT_EQ(parts[0].object, object);
            if (object == 5)
                daemon_.refuse(request, proto::Errc::not_owner, "lock");
            else
                daemon_.answer(request, proto::Nothing{});
        }
    });
    std::error_code ec;
    all.release(ec);
    EXPECT_EQ(ec, errc::not_owner);
    refusing.get();
    EXPECT_FALSE(all);
}

TEST_F(Several, AreNotHeldWhereTheTimeIsOverOrItIsRefused) {
    auto asked = answering(proto::object::AcquireAll::Result{}, proto::object::WaitAny::Result{});
    EXPECT_FALSE(manager_.try_acquire_all({lock_, rwlock_}));
    EXPECT_FALSE(manager_.wait_any_for({lock_, rwlock_}, 1ms));
    asked.get();
    auto refusing =
        tests::in_background([&] { daemon_.refuse(daemon_.next(), proto::Errc::other_domain, "'lock', 'rwlock'"); });
    std::error_code ec;
    EXPECT_FALSE(manager_.acquire_all({lock_, rwlock_}, ec));
    EXPECT_EQ(ec, errc::other_domain);
    refusing.get();
    EXPECT_FALSE(daemon_.more_is_there());
}

TEST_F(Several, OfWhichOneIsTaken) {
    auto event = opened(8, [this] { return manager_.event("event"); });
    auto queue = opened(9, [this] { return manager_.queue<int>("queue"); });
    auto asked = answering(proto::object::WaitAny::Result{.index = 2, .token = 12, .abandoned = {}});
    std::thread([&] {
        const auto any = manager_.wait_any({event, queue, lock_, semaphore_});
        EXPECT_EQ(any.index, 2U);
        EXPECT_EQ(any.token, 12U);
    }).join();
    const auto requests = asked.get();
    EXPECT_EQ(decoded<proto::object::WaitAny>(requests[0]).objects, (std::vector<std::uint64_t>{8, 9, 5, 7}));
    EXPECT_EQ(daemon_.next().method, proto::session::EndThread::method) << "it held the lock";
}

TEST_F(Several, OfWhichADaemonNamesOneThatIsNotThere) {
    auto asked = answering(proto::object::WaitAny::Result{.index = 2, .token = 0, .abandoned = {}});
    std::error_code ec;
    manager_.wait_any({lock_, semaphore_}, ec);
    EXPECT_EQ(ec, errc::protocol_error);
    asked.get();
}

}  // namespace
}  // namespace steward
