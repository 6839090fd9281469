#include "daemon/session_requests.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/daemon/open_object.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::ObjectType;

class SessionRequests : public DaemonTest {
  protected:
    Client client_ = client();
};

TEST_F(SessionRequests, ListsSessionsAPageAtATime) {
    for (int i = 0; i < 9; ++i)
        client();
    std::set<std::uint32_t> numbers;
    std::uint32_t after = 0;
    for (;;) {
        const auto page = client_.call(proto::session::List{.after = after, .limit = 4}).sessions;
        if (page.empty())
            break;
        EXPECT_LE(page.size(), 4U);
        for (const auto& info : page)
            EXPECT_TRUE(numbers.insert(info.session).second);
        after = page.back().session;
    }
    EXPECT_EQ(numbers.size(), 10U);
}

TEST_F(SessionRequests, TellsWhatASessionDoes) {
    auto other = client(bob);
    const auto lock = open_object(client_, ObjectType::lock, named("lock", 0666)).object;
    other.call(proto::lock::Acquire{.object = lock, .where = {}});
    client_.request(proto::lock::Acquire{.object = lock, .where = {}});
    const auto sessions = client_.call(proto::session::List{}).sessions;
    ASSERT_EQ(sessions.size(), 2U);
    EXPECT_EQ(sessions[0].session, client_.number());
    EXPECT_EQ(sessions[0].waits, 1U);
    EXPECT_EQ(sessions[0].holds, 0U);
    EXPECT_EQ(sessions[1].uid, bob);
    EXPECT_EQ(sessions[1].pid, ::getpid());
    EXPECT_EQ(sessions[1].client_name, "test");
    EXPECT_EQ(sessions[1].holds, 1U);
    EXPECT_EQ(sessions[1].requests, 1U);
    EXPECT_TRUE(sessions[1].connected);
}

TEST_F(SessionRequests, CountsAsHeldWhatASessionStillHolds) {
    const auto permits = client_.call(proto::semaphore::Open{.open = named("s"), .permits = 1, .recover = true}).object;
    const auto rwlock = open_object(client_, ObjectType::rwlock, named("rwlock")).object;
    const auto gone = open_object(client_, ObjectType::lock, named("gone")).object;
    const auto holds = [&] { return client_.call(proto::session::List{}).sessions.at(0).holds; };
    client_.call(proto::semaphore::Acquire{.object = permits, .where = {}});
    client_.call(proto::rwlock::AcquireShared{.object = rwlock, .where = {}});
    client_.call(proto::lock::Acquire{.object = gone, .where = {}});
    EXPECT_EQ(holds(), 3U);
    client_.call(proto::semaphore::Release{.object = permits});
    client_.call(proto::rwlock::ReleaseShared{.object = rwlock});
    EXPECT_EQ(holds(), 1U);
    client_.call(proto::object::Remove{.name = "gone"});
    EXPECT_EQ(holds(), 0U);
}

TEST_F(SessionRequests, OpensASessionOnlyOnce) {
    EXPECT_EQ(client_.refusal(proto::session::Open{.client_name = "again", .capabilities = {}}), Errc::protocol_error);
}

TEST_F(SessionRequests, NeverUsesASessionsNumberAgain) {
    const auto first = client_.number();
    kill(client_);
    const auto second = client().number();
    EXPECT_GT(second, first);
    restart();
    EXPECT_GT(client().number(), second);
}

}  // namespace
}  // namespace steward::daemon
