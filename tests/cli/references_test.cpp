#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <steward/steward.hpp>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// A dict `work` with a list without a name as the value of `jobs`.
class AnObjectWithoutAName : public StewardTest {
  protected:
    AnObjectWithoutAName() { work_.set("jobs", jobs_); }

    std::string number() const { return std::to_string(jobs_.id()); }
    std::string name() const { return "#" + number(); }

    Manager manager_{{.socket = daemon.socket()}};
    Dict<> work_ = manager_.dict("work");
    List<int> jobs_ = manager_.list<int>({1, 2});
};

TEST_F(AnObjectWithoutAName, IsListedWhereThatIsWanted) {
    EXPECT_THAT(steward({"ls"}).out, Not(HasSubstr(name())));
    EXPECT_THAT(steward({"ls", "--anonymous"}).out, ContainsRegex("work .*\n" + name() + " +list "));
    EXPECT_EQ(steward({"ls", "--anonymous", "work"}).exit_code, 64);
    const auto all = json({"ls", "--anonymous", "--type", "list"});
    ASSERT_EQ(all.size(), 1U);
    EXPECT_TRUE(all[0].at("name").is_null());
    EXPECT_EQ(all[0].at("id"), jobs_.id());
    EXPECT_EQ(all[0].at("references"), 1);
    EXPECT_EQ(all[0].at("users"), 1);
}

TEST_F(AnObjectWithoutAName, IsDescribedByItsNumber) {
    const auto text = steward({"show", name()}).out;
    EXPECT_THAT(text, ContainsRegex("Name: +" + name() + "\n"));
    EXPECT_THAT(text, ContainsRegex("References: +1\n"));
    EXPECT_THAT(text, ContainsRegex("Users: +1\n"));
}

TEST_F(AnObjectWithoutAName, IsUsedByItsNumber) {
    EXPECT_EQ(json({"get", name()}), (nlohmann::json{1, 2}));
    steward({"push", name(), "3"});
    steward({"set", name(), "0", "7"});
    EXPECT_EQ(json({"pop", name()}), 3);
    EXPECT_EQ(jobs_.copy(), (std::vector{7, 2}));
}

TEST_F(AnObjectWithoutAName, IsRemovedByItsNumber) {
    EXPECT_EQ(steward({"rm", name()}).exit_code, 0);
    const auto again = steward({"rm", name()});
    EXPECT_NE(again.exit_code, 0);
    EXPECT_THAT(again.err, HasSubstr("there is no object '" + name() + "'"));
}

TEST_F(AnObjectWithoutAName, IsBrokenByItsNumber) {
    auto lock = manager_.lock();
    lock.acquire();
    EXPECT_EQ(json({"break", "#" + std::to_string(lock.id())}).size(), 1U);
    EXPECT_FALSE(lock.held_by_me());
}

TEST_F(AnObjectWithoutAName, IsShownAsAReference) {
    EXPECT_EQ(json({"get", "work", "jobs"}), (nlohmann::json{{"$object", {{"type", "list"}, {"id", number()}}}}));
    const auto refused = steward({"set", "work", "copy", steward({"get", "work", "jobs"}).out});
    EXPECT_NE(refused.exit_code, 0);
    EXPECT_THAT(refused.err, HasSubstr("$object stands for a reference, which text cannot make"));
}

TEST_F(AnObjectWithoutAName, IsWatchedByItsNumber) {
    auto watch = start({"watch", name(), "--count", "1"});
    ASSERT_TRUE(eventually([&] {
        return std::ranges::count(manager_.sessions(), "steward", &SessionInfo::client_name) == 2 &&
               std::ranges::none_of(manager_.sessions(), [](const auto& session) { return session.requests == 0; });
    }));
    jobs_.append(3);
    EXPECT_EQ(watch.read_line(), name() + " append");
}

TEST_F(AnObjectWithoutAName, IsNamedByItsNumberWhereSomebodyWaitsForIt) {
    auto lock = manager_.lock();
    lock.acquire();
    std::thread waiter([same = lock]() mutable { same.acquire_for(watchdog); });
    ASSERT_TRUE(eventually([&] { return json({"waits"}).size() == 1; }));
    EXPECT_EQ(json({"waits"})[0].at("name"), "#" + std::to_string(lock.id()));
    lock.release();
    waiter.join();
}

TEST_F(AnObjectWithoutAName, IsNotMadeByANumberThatNoneHas) {
    const std::vector<std::vector<std::string>> commands{{"set", "#1", "5"}, {"push", "#1", "5"}, {"get", "#1"}};
    for (const auto& command : commands)
        EXPECT_THAT(steward(command).err, HasSubstr("there is no object '#1'"));
    EXPECT_TRUE(json({"ls", "#"}).empty());
}

TEST_F(AnObjectWithoutAName, GivesWayToOneThatIsCalledSo) {
    auto literal = manager_.value<int>(name(), 42);
    EXPECT_EQ(json({"get", name()}), 42);
    EXPECT_EQ(steward({"rm", name()}).exit_code, 0);
    EXPECT_EQ(json({"get", name()}), (nlohmann::json{1, 2}));
}

}  // namespace
}  // namespace steward::tests
