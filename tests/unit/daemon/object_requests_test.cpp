#include "daemon/object_requests.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/unit/daemon/open_object.hpp"

namespace steward::daemon {
namespace {

using proto::Errc;
using proto::ObjectType;

class ObjectRequests : public DaemonTest {
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

TEST_F(ObjectRequests, TellsOfHoldersAndWaitersInWhichUnitTheyRun) {
    const auto lock = open_object(client_, ObjectType::lock, named("lock")).object;
    auto other = client(alice);
    client_.session().process->unit = "backup.service";
    client_.call(proto::lock::Acquire{.object = lock, .where = {}});
    other.request(proto::lock::Acquire{.object = lock, .where = {}});
    const auto info = client_.call(proto::object::Info{.object = lock});
    EXPECT_EQ(info.holders.at(0).unit, "backup.service");
    EXPECT_EQ(info.waiters.at(0).unit, other.session().process->unit);
}

TEST_F(ObjectRequests, TellsHowLongAnObjectWasWaitedForAndHeld) {
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

TEST_F(ObjectRequests, ListsObjectsByPrefixAndType) {
    const auto types = named_types();
    for (const auto& type : types)
        open_object(client_, type.type, named("a/" + std::string(type.name)));
    open_object(client_, ObjectType::lock, named("b/lock"));
    EXPECT_EQ(names(client_).size(), types.size() + 1);
    EXPECT_EQ(names(client_, "a/").size(), types.size());
    EXPECT_EQ(names(client_, "", ObjectType::lock), std::set<std::string>({"a/lock", "b/lock"}));
    EXPECT_EQ(names(client_, "b/", ObjectType::value), std::set<std::string>());
}

TEST_F(ObjectRequests, ListsEveryObjectOnceOverManyPagesAndUsers) {
    auto other = client(bob);
    for (int i = 0; i < 50; ++i) {
        open_object(client_, ObjectType::lock, named("mine/" + std::to_string(i), 0644));
        open_object(other, ObjectType::value, named("theirs/" + std::to_string(i), 0644));
    }
    for (const std::uint32_t limit : {1U, 7U, 1000U, 4'000'000'000U})
        EXPECT_EQ(names(client_, "", std::nullopt, limit).size(), 100U) << limit;
}

TEST_F(ObjectRequests, ListsOnlyWhatMayBeRead) {
    open_object(client_, ObjectType::lock, named("private", 0622));
    open_object(client_, ObjectType::lock, named("public", 0644));
    auto stranger = client(bob, 200);
    EXPECT_EQ(names(stranger), std::set<std::string>({"public"}));
    EXPECT_EQ(stranger.refusal(proto::object::Find{.name = "private"}), Errc::no_permission);
}

TEST_F(ObjectRequests, EndsAListingThatBeginsAnywhere) {
    for (const std::uint64_t cursor : {std::uint64_t{1} << 32, std::uint64_t{77} << 32, ~std::uint64_t{0}})
        EXPECT_EQ(client_.call(proto::object::List{.cursor = cursor}).cursor, 0U) << cursor;
}

TEST_F(ObjectRequests, SaysThatThereWasNothingToRemoveOrRefusesToFindIt) {
    EXPECT_FALSE(client_.call(proto::object::Remove{.name = "missing"}).removed);
    EXPECT_EQ(client_.refusal(proto::object::Find{.name = "missing"}), Errc::no_such_object);
    EXPECT_EQ(client_.refusal(proto::object::Break{.name = "missing"}), Errc::no_such_object);
    EXPECT_EQ(client_.refusal(proto::object::Info{.object = 7}), Errc::no_such_object);
}

}  // namespace
}  // namespace steward::daemon
