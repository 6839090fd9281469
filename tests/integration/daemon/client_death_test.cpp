#include <unistd.h>

#include <csignal>
#include <string>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"

namespace steward::tests {
namespace {

/// Never returns; for a child process that is to be killed.
[[noreturn]] void stay() {
    for (;;)
        ::pause();
}

class ADeadClient : public testing::Test {
  protected:
    /// Another process that does something as a client and then stays until it is killed. Comes back when it is done.
    template <class Do>
    ChildProcess client_process(Do&& act) {
        const Gate done;
        ChildProcess child([&]() -> int {
            RawClient client(daemon_.socket());
            act(client);
            done.open();
            stay();
        });
        done.pass();
        return child;
    }

    std::uint64_t sessions() { return next_.call(proto::daemon::Status{}).sessions; }

    DaemonProcess daemon_;
    RawClient next_{daemon_.socket()};
    std::uint64_t lock_ = open_lock(next_, "lock");
};

TEST_F(ADeadClient, PassesItsLockToTheNextInLineWhoIsToldWhoDied) {
    auto holder = client_process([&](RawClient& client) { client.call(acquire(lock_)); });
    const auto waiting = next_.request(acquire(lock_));
    EXPECT_EQ(waiters(next_), 1U);
    EXPECT_FALSE(next_.has_response(waiting));
    holder.kill();
    const auto taken = next_.result_of<proto::lock::Acquire>(waiting);
    EXPECT_TRUE(taken.acquired);
    ASSERT_TRUE(taken.abandoned);
    EXPECT_EQ(taken.abandoned->pid, holder.pid());
    EXPECT_EQ(taken.abandoned->uid, ::geteuid());
    EXPECT_FALSE(taken.abandoned->command.empty());
    EXPECT_GT(taken.abandoned->held_for_ns, 0);
}

TEST_F(ADeadClient, FreesItsLockForThoseWhoComeLater) {
    auto holder = client_process([&](RawClient& client) { client.call(acquire(lock_)); });
    holder.kill();
    const auto taken = next_.call(acquire(lock_));
    EXPECT_TRUE(taken.acquired);
    EXPECT_TRUE(taken.abandoned);
    next_.call(proto::lock::Release{.object = lock_});
    EXPECT_FALSE(next_.call(acquire(lock_)).abandoned) << "told once";
}

TEST_F(ADeadClient, LeavesTheLineAndThoseBehindItGoOn) {
    RawClient holder(daemon_.socket());
    holder.call(acquire(lock_));
    auto waiter = client_process([&](RawClient& client) { client.request(acquire(lock_)); });
    EXPECT_TRUE(eventually([&] { return waiters(next_) == 1; }));
    const auto behind = next_.request(acquire(lock_));
    waiter.kill();
    EXPECT_TRUE(eventually([&] { return waiters(holder) == 1; }));
    holder.call(proto::lock::Release{.object = lock_});
    EXPECT_TRUE(next_.result_of<proto::lock::Acquire>(behind).acquired);
}

TEST_F(ADeadClient, MayDieInTheMiddleOfAMessage) {
    auto half_way = client_process([&](RawClient& client) {
        client.call(acquire(lock_));
        const auto whole = RawClient::encoded(99, proto::lock::Release{.object = lock_});
        client.send(std::string_view(whole).substr(0, whole.size() - 1));
    });
    EXPECT_FALSE(try_acquire(next_, lock_));
    half_way.kill();
    EXPECT_TRUE(next_.call(acquire(lock_)).abandoned);
    EXPECT_TRUE(eventually([&] { return sessions() == 1; }));
}

TEST_F(ADeadClient, FreesItsLockThoughItsChildKeepsTheSocketOpen) {
    const Gate done;
    auto holder = client_process([&](RawClient& client) {
        client.call(acquire(lock_));
        if (::fork() == 0) {  // it has the socket too, until the test is done
            done.pass();
            ::_exit(0);
        }
    });
    const auto waiting = next_.request(acquire(lock_));
    holder.kill();
    const auto taken = next_.result_of<proto::lock::Acquire>(waiting);
    EXPECT_TRUE(taken.acquired);
    ASSERT_TRUE(taken.abandoned);
    EXPECT_EQ(taken.abandoned->pid, holder.pid());
    EXPECT_FALSE(taken.abandoned->command.empty());
    EXPECT_EQ(sessions(), 1U);
    done.open();
}

TEST_F(ADeadClient, CannotBeSucceededByItsChildOnTheSameSocket) {
    const Gate orphaned;
    const Gate asked;
    const auto lock = lock_;
    auto parent = client_process([&](RawClient& client) {
        if (::fork() == 0) {
            orphaned.pass();
            client.send(RawClient::encoded(99, acquire(lock)));
            asked.open();
            ::_exit(0);
        }
    });
    parent.kill();
    EXPECT_TRUE(eventually([&] { return sessions() == 1; }));
    orphaned.open();
    asked.pass();
    EXPECT_TRUE(try_acquire(next_, lock_)) << "nobody holds it in the dead one's name";
}

TEST_F(ADeadClient, IsNotMistakenForOneThatOnlyLostItsConnection) {
    RawClient holder(daemon_.socket());
    holder.call(acquire(lock_));
    const auto session = holder.session();
    holder.close();
    EXPECT_TRUE(eventually([&] {
        for (const auto& info : next_.call(proto::session::List{}).sessions)
            if (info.session == session)
                return !info.connected;
        return false;
    }));
    EXPECT_FALSE(try_acquire(next_, lock_)) << "its process, this test, lives";
}

TEST_F(ADeadClient, GivesBackTheDescriptorsThatItCost) {
    for (int i = 0; i < 50; ++i)
        client_process([](RawClient& client) { client.call(proto::daemon::Status{}); }).kill();
    EXPECT_TRUE(eventually([&] { return sessions() == 1; }));
}

TEST_F(ADeadClient, IsNotTheStoppedOne) {
    auto holder = client_process([&](RawClient& client) { client.call(acquire(lock_)); });
    holder.send(SIGSTOP);
    EXPECT_FALSE(next_.call(acquire(lock_, 50'000'000)).acquired) << "a time-out, and no lease";
    holder.kill();
    EXPECT_TRUE(next_.call(acquire(lock_)).abandoned);
}

}  // namespace
}  // namespace steward::tests
