#include <unistd.h>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
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
    EXPECT_EQ(steward({"ls", "--type", "barrier"}).exit_code, 64);
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
    EXPECT_THAT(keys_of(object.at("holder")), IsSupersetOf({"session", "pid", "uid", "command", "thread", "since_ms"}));
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
    EXPECT_THAT(steward({"waits"}).out, HasSubstr("deploy"));
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
