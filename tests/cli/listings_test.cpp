#include <signal.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <steward/manager.hpp>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::MatchesRegex;
using testing::StartsWith;

class AListing : public StewardTest {
  protected:
    /// Runs until it is killed, with a line of output when it holds the lock.
    StewardProcess hold(const std::string& lock) {
        return start({"run", "--lock", lock, "--", "sh", "-c", "echo held; exec sleep 1000"});
    }

    bool somebody_waits_for(const std::string& name) {
        return eventually([&] { return !json({"show", name}).at("waiters").empty(); });
    }
};

TEST_F(AListing, OfObjectsIsSortedAndFilteredByPrefixAndType) {
    steward({"set", "app/limit", "5"});
    steward({"set", "app/stats", "hits", "1"});
    steward({"set", "other", "5"});
    EXPECT_EQ(json({"ls"}).size(), 3U);
    const auto names = [](const nlohmann::json& objects) {
        std::vector<std::string> found;
        for (const auto& object : objects)
            found.push_back(object.at("name"));
        return found;
    };
    EXPECT_THAT(names(json({"ls", "app/"})), ElementsAre("app/limit", "app/stats"));
    EXPECT_THAT(names(json({"ls", "--type", "value"})), ElementsAre("app/limit", "other"));
    EXPECT_EQ(steward({"ls", "--type", "banana"}).exit_code, 64);
}

TEST_F(AListing, OfObjectsIsATableWithAHeading) {
    steward({"set", "limit", "5"});
    const auto text = steward({"ls"}).out;
    EXPECT_THAT(text, StartsWith("NAME   TYPE   OWNER"));
    EXPECT_THAT(text, HasSubstr("\nlimit  value  "));
}

TEST_F(AListing, OfNothingIsAnEmptyArray) {
    EXPECT_EQ(json({"ls"}), nlohmann::json::array());
    EXPECT_EQ(json({"waits"}), nlohmann::json::array());
    EXPECT_EQ(steward({"waits"}).out, "nobody waits\n");
}

TEST_F(AListing, OfAnObjectHasTheDocumentedMembers) {
    auto holder = hold("deploy");
    ASSERT_EQ(holder.read_line(), "held");
    const auto object = json({"show", "deploy"});
    EXPECT_THAT(keys_of(object),
                IsSupersetOf({"name", "type", "owner", "mode", "state", "holder", "holders", "waiters", "token"}));
    EXPECT_EQ(object.at("name"), "deploy");
    EXPECT_EQ(object.at("type"), "lock");
    EXPECT_EQ(object.at("owner"), ::getuid());
    EXPECT_EQ(object.at("mode"), "0600");
    EXPECT_EQ(object.at("token"), 1);
    EXPECT_EQ(object.at("holders"), nlohmann::json::array({object.at("holder")}));
    EXPECT_EQ(object.at("waiters"), nlohmann::json::array());
    EXPECT_THAT(keys_of(object.at("holder")),
                IsSupersetOf({"session", "pid", "uid", "command", "thread", "since_ms", "unit"}));
    EXPECT_THAT(object.at("holder").at("command"), HasSubstr("run --lock deploy"));
}

TEST_F(AListing, OfAFreeObjectHasNoHolder) {
    steward({"set", "limit", "5"});
    const auto value = json({"show", "limit"});
    EXPECT_TRUE(value.at("holder").is_null());
    EXPECT_TRUE(value.at("token").is_null());
    EXPECT_TRUE(value.at("holders").empty());
}

TEST_F(AListing, OfAnObjectAsTextNamesTheHolder) {
    auto holder = hold("deploy");
    holder.read_line();
    EXPECT_THAT(steward({"show", "deploy"}).out, HasSubstr("run --lock deploy -- sh -c"));
    EXPECT_EQ(steward({"show", "nothing"}).exit_code, 66);
}

TEST_F(AListing, OfAnObjectAsTextHasALineForEachHolderAndWaiterInOrder) {
    const Manager manager({.socket = daemon.socket(), .client_name = "test"});
    manager.bounded_semaphore("gpu", 3);
    auto holder = start({"run", "--all", "gpu,deploy", "--", "sh", "-c", "echo held; exec sleep 1000"});
    ASSERT_EQ(holder.read_line(), "held");
    auto waiter = start({"run", "--all", "deploy,build", "--timeout", "1000", "--", "true"});
    ASSERT_TRUE(somebody_waits_for("deploy"));
    auto second = start({"run", "--lock", "deploy", "--", "true"});
    ASSERT_TRUE(eventually([&] { return json({"show", "deploy"}).at("waiters").size() == 2; }));
    const auto text = steward({"show", "deploy"}).out;
    EXPECT_THAT(text, ContainsRegex("\nHeld by: +[0-9]+ .*, thread 1, since .*, token 1, at steward run[^\n]*\n"));
    EXPECT_THAT(text, ContainsRegex("\nWaiting: +[0-9]+ .*, 16m.* left, at steward run.*, waits for lock 'build' too\n"
                                    " +[0-9]+ .*, thread 1, since .*, at steward run[^\n]*\n"));
    EXPECT_EQ(json({"show", "deploy"}).at("waiters")[0].at("others"), nlohmann::json::array({"lock 'build'"}));
    EXPECT_EQ(json({"show", "deploy"}).at("holder").at("token"), 1);
    EXPECT_THAT(steward({"show", "gpu"}).out, HasSubstr("2 free of 3"));
}

TEST_F(AListing, OfAnObjectTellsWhoDiedHoldingItLast) {
    auto holder = hold("deploy");
    holder.read_line();
    ::kill(json({"show", "deploy"}).at("holder").at("pid"), SIGKILL);
    ASSERT_TRUE(eventually([&] { return !json({"show", "deploy"}).at("abandoned").is_null(); }));
    EXPECT_THAT(steward({"show", "deploy"}).out,
                ContainsRegex("\nAbandoned by: +[0-9]+ .*run --lock deploy .*, after .*, .* ago\n"));
}

TEST_F(AListing, OfAConditionNamesItsLock) {
    steward({"make", "lock", "guard"});
    steward({"make", "condition", "given", "--lock", "guard"});
    steward({"make", "condition", "own"});
    EXPECT_EQ(json({"show", "given"}).at("lock"), "guard");
    EXPECT_THAT(steward({"show", "given"}).out, ContainsRegex("\nLock: +guard\n"));
    EXPECT_THAT(json({"show", "own"}).at("lock"), MatchesRegex("#[0-9]+"));
    steward({"rm", "guard"});
    EXPECT_TRUE(json({"show", "given"}).at("lock").is_null());
    EXPECT_THAT(steward({"show", "guard"}).exit_code, 66);
}

TEST_F(AListing, OfAnRwlockHasAHolderOnlyWhereOneWrites) {
    auto reader = start({"run", "--shared", "index", "--", "sh", "-c", "echo held; exec sleep 1000"});
    reader.read_line();
    EXPECT_TRUE(json({"show", "index"}).at("holder").is_null());
    EXPECT_EQ(json({"show", "index"}).at("holders").size(), 1U);
    reader.send(SIGKILL);
    auto writer = start({"run", "--all", "index", "--", "sh", "-c", "echo held; exec sleep 1000"});
    writer.read_line();
    EXPECT_EQ(json({"show", "index"}).at("holder").at("token"), 1);
}

TEST_F(AListing, OfObjectsTellsTheStateOfEveryType) {
    const std::vector<std::vector<std::string>> made{{"barrier", "--parties", "3"},
                                                     {"bounded_semaphore", "--permits", "2"},
                                                     {"condition"},
                                                     {"event"},
                                                     {"lock"},
                                                     {"queue", "--max-size", "5"},
                                                     {"rlock"},
                                                     {"rwlock"},
                                                     {"semaphore"}};
    for (auto options : made) {
        options.insert(options.begin() + 1, options.front());
        options.insert(options.begin(), "make");
        EXPECT_EQ(steward(options).exit_code, 0);
    }
    std::vector<std::string> states;
    for (const auto& object : json({"ls"}))
        states.push_back(object.at("state"));
    EXPECT_THAT(states, ElementsAre("0 of 3 there", "2 free of 2", "0 waiting", "clear", "free", "0 of 5 items", "free",
                                    "free", "1 free"));
    const auto text = steward({"ls"}).out;
    for (const auto& state : states)
        EXPECT_THAT(text, HasSubstr("  " + state + "  "));
}

TEST_F(AListing, OfSessionsHasTheDocumentedMembers) {
    const auto sessions = json({"sessions"});
    ASSERT_EQ(sessions.size(), 1U);
    EXPECT_THAT(keys_of(sessions[0]), IsSupersetOf({"session", "pid", "uid", "client_name", "command", "since_ms",
                                                    "holds", "waits", "requests", "connected"}));
    EXPECT_EQ(sessions[0].at("client_name"), "steward");
    EXPECT_EQ(sessions[0].at("uid"), ::getuid());
    EXPECT_EQ(sessions[0].at("connected"), true);
    EXPECT_THAT(steward({"sessions"}).out, StartsWith("SESSION  "));
}

TEST_F(AListing, OfWaitsTellsWhoWaitsForWhomToReleaseWhat) {
    auto holder = hold("deploy");
    holder.read_line();
    auto waiter = start({"run", "--lock", "deploy", "--", "true"});
    ASSERT_TRUE(somebody_waits_for("deploy"));
    const auto waits = json({"waits"});
    ASSERT_EQ(waits.size(), 1U);
    EXPECT_EQ(waits[0].at("name"), "deploy");
    EXPECT_EQ(waits[0].at("type"), "lock");
    EXPECT_THAT(waits[0].at("waiter").at("command"), HasSubstr("-- true"));
    EXPECT_TRUE(waits[0].at("waiter").at("timeout_ms").is_null());
    EXPECT_EQ(waits[0].at("holders")[0].at("session"), json({"show", "deploy"}).at("holder").at("session"));
    EXPECT_EQ(waits[0].at("in_cycle"), false);
    EXPECT_EQ(waits[0].at("cycle"), false);
}

TEST_F(AListing, OfTheDaemonsStateIsAnObject) {
    steward({"set", "limit", "5"});
    const auto status = json({"status"});
    EXPECT_EQ(status.at("pid"), daemon.pid());
    EXPECT_EQ(status.at("socket"), daemon.socket());
    EXPECT_EQ(status.at("objects"), 1);
    EXPECT_THAT(keys_of(status), IsSupersetOf({"version", "uptime_ms", "sessions", "memory_used_bytes"}));
    EXPECT_THAT(steward({"status"}).out, HasSubstr("Memory used:"));
}

TEST_F(AListing, OfABenchHasAMedianForEachMeasureAndLeavesNoObjects) {
    const auto rows = json({"bench", "--repetitions", "1", "--operations", "10"});
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].at("measure"), "round_trip");
    EXPECT_EQ(rows[1].at("measure"), "lock_cycle");
    for (const auto& row : rows)
        EXPECT_GT(row.at("per_second"), 0);
    EXPECT_TRUE(eventually([&] { return json({"ls"}).empty(); }));
}

TEST_F(AListing, TakesJsonBeforeAndAfterTheCommand) {
    EXPECT_EQ(steward({"--json", "ls"}).out, steward({"ls", "--json"}).out);
    EXPECT_EQ(steward({"ls", "--json"}).out, "[]\n");
}

}  // namespace
}  // namespace steward::tests
