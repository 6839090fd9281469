#include "daemon/management.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "daemon/version.hpp"
#include "tests/unit/daemon/open_object.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::ObjectType;

class Management : public DaemonTest {
  protected:
    std::set<std::string> names(Client& client, const std::string& prefix = "",
                                std::optional<ObjectType> type = std::nullopt, std::uint32_t limit = 1000) {
        std::set<std::string> found;
        proto::object::List page{.prefix = prefix, .type = type, .limit = limit};
        do {
            auto result = client.call(page);
            for (auto& info : result.objects)
                EXPECT_TRUE(found.insert(std::move(info.name)).second) << "listed twice";
            page.cursor = result.cursor;
        } while (page.cursor != 0);
        return found;
    }

    Client client_ = client();
};

TEST_F(Management, TellsHowTheDaemonDoes) {
    open_object(client_, ObjectType::lock, named("lock"));
    client_.refusal(proto::object::Find{.name = "missing"});
    daemon().now_ns = daemon().started_ns + 5'000'000'000;
    const auto status = client_.call(proto::daemon::Status{});
    EXPECT_EQ(status.version, version);
    EXPECT_EQ(status.pid, ::getpid());
    EXPECT_EQ(status.instance, "test");
    EXPECT_EQ(status.uptime_ms, 5'000);
    EXPECT_EQ(status.sessions, 1U);
    EXPECT_EQ(status.objects, 1U);
    EXPECT_EQ(status.waiters, 0U);
    EXPECT_EQ(status.requests, 3U);
    EXPECT_EQ(status.refusals, 1U);
    EXPECT_EQ(status.domains, 1U);
    EXPECT_GT(status.memory_used_bytes, 0U);
    EXPECT_GE(status.memory_obtained_bytes, status.memory_used_bytes);
    EXPECT_EQ(status.memory_limit_bytes, ample_bytes);
}

TEST_F(Management, ListsSessionsAPageAtATime) {
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

TEST_F(Management, TellsWhatASessionDoes) {
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

TEST_F(Management, TellsOfHoldersAndWaitersInWhichUnitTheyRun) {
    const auto lock = open_object(client_, ObjectType::lock, named("lock")).object;
    auto other = client(alice);
    client_.session().process->unit = "backup.service";
    client_.call(proto::lock::Acquire{.object = lock, .where = {}});
    other.request(proto::lock::Acquire{.object = lock, .where = {}});
    const auto info = client_.call(proto::object::Info{.object = lock});
    EXPECT_EQ(info.holders.at(0).unit, "backup.service");
    EXPECT_EQ(info.waiters.at(0).unit, other.session().process->unit);
}

TEST_F(Management, CountsAsHeldWhatASessionStillHolds) {
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

TEST_F(Management, TellsHowLongAnObjectWasWaitedForAndHeld) {
    const auto lock = client_.call(proto::lock::Open{.open = named("lock", 0604)}).object;
    const proto::lock::Acquire acquire{.object = lock, .where = {}};
    const proto::lock::Release release{.object = lock};
    client_.call(acquire);
    auto other = client(alice);
    other.request(acquire);
    const auto before = client_.call(proto::object::Statistics{.object = lock});
    EXPECT_EQ(before.waiting, 1U);
    EXPECT_EQ(before.waited, 1U);
    pass(1000);
    client_.call(release);
    pass(100);
    other.call(release);
    const auto after = client_.call(proto::object::Statistics{.object = lock});
    EXPECT_EQ(after.acquisitions, 2U);
    EXPECT_EQ(after.waiting, 0U);
    EXPECT_EQ(after.wait_total_ns, 1000U);
    EXPECT_EQ(after.wait_longest_ns, 1000U);
    EXPECT_EQ(after.hold_longest_ns, 1000U);
    EXPECT_EQ(after.hold_total_ns, 1100U);
    EXPECT_EQ(after.waits.at(10), 1U);
    EXPECT_EQ(after.holds.at(7), 1U);
    EXPECT_EQ(after.operations, 4U);
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(proto::object::Statistics{.object = lock}), std::nullopt);
    client_.call(proto::object::Remove{.name = "lock"});
    EXPECT_EQ(client_.refusal(proto::object::Statistics{.object = lock}), Errc::no_such_object);
    const auto hidden = client_.call(proto::event::Open{.open = named("hidden")}).object;
    EXPECT_EQ(stranger.refusal(proto::object::Statistics{.object = hidden}), Errc::no_permission);
}

TEST_F(Management, ListsObjectsByPrefixAndType) {
    const auto types = named_types();
    for (const auto& type : types)
        open_object(client_, type.type, named("a/" + std::string(type.name)));
    open_object(client_, ObjectType::lock, named("b/lock"));
    EXPECT_EQ(names(client_).size(), types.size() + 1);
    EXPECT_EQ(names(client_, "a/").size(), types.size());
    EXPECT_EQ(names(client_, "", ObjectType::lock), std::set<std::string>({"a/lock", "b/lock"}));
    EXPECT_EQ(names(client_, "b/", ObjectType::value), std::set<std::string>());
}

TEST_F(Management, ListsEveryObjectOnceOverManyPagesAndUsers) {
    auto other = client(bob);
    for (int i = 0; i < 50; ++i) {
        open_object(client_, ObjectType::lock, named("mine/" + std::to_string(i), 0644));
        open_object(other, ObjectType::value, named("theirs/" + std::to_string(i), 0644));
    }
    for (const std::uint32_t limit : {1U, 7U, 1000U, 4'000'000'000U})
        EXPECT_EQ(names(client_, "", std::nullopt, limit).size(), 100U) << limit;
}

TEST_F(Management, ListsOnlyWhatMayBeRead) {
    open_object(client_, ObjectType::lock, named("private", 0622));
    open_object(client_, ObjectType::lock, named("public", 0644));
    auto stranger = client(bob, 200);
    EXPECT_EQ(names(stranger), std::set<std::string>({"public"}));
    EXPECT_EQ(stranger.refusal(proto::object::Find{.name = "private"}), Errc::no_permission);
}

TEST_F(Management, EndsAListingThatBeginsAnywhere) {
    for (const std::uint64_t cursor : {std::uint64_t{1} << 32, std::uint64_t{77} << 32, ~std::uint64_t{0}})
        EXPECT_EQ(client_.call(proto::object::List{.cursor = cursor}).cursor, 0U) << cursor;
}

TEST_F(Management, SaysThatThereWasNothingToRemoveOrRefusesToFindIt) {
    EXPECT_FALSE(client_.call(proto::object::Remove{.name = "missing"}).removed);
    EXPECT_EQ(client_.refusal(proto::object::Find{.name = "missing"}), Errc::no_such_object);
    EXPECT_EQ(client_.refusal(proto::object::Break{.name = "missing"}), Errc::no_such_object);
    EXPECT_EQ(client_.refusal(proto::object::Info{.object = 7}), Errc::no_such_object);
}

TEST_F(Management, OpensASessionOnlyOnce) {
    EXPECT_EQ(client_.refusal(proto::session::Open{.client_name = "again", .capabilities = {}}), Errc::protocol_error);
}

TEST_F(Management, NeverUsesASessionsNumberAgain) {
    const auto first = client_.number();
    kill(client_);
    const auto second = client().number();
    EXPECT_GT(second, first);
    restart();
    EXPECT_GT(client().number(), second);
}

}  // namespace
}  // namespace steward::daemon
