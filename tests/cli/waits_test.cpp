#include <string>
#include <thread>

#include <steward/manager.hpp>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

class TheWaits : public StewardTest {
  protected:
    /// Says "held" with the one lock, and wants the other inside of it when the event is set.
    StewardProcess start_nested(const std::string& outer, const std::string& inner) {
        const auto steward = std::string(STEWARD_PATH) + " --socket '" + daemon.socket() + "' ";
        return start({"run", "--lock", outer, "--", "sh", "-c",
                      "echo held; " + steward + "event wait go && exec " + steward + "run --timeout 1000 --lock " +
                          inner + " -- true"});
    }

    bool so_many_wait(std::size_t number) {
        return eventually([&] { return json({"waits"}).size() == number; });
    }
};

TEST_F(TheWaits, AreATreeFromTheWaiterToWhoRuns) {
    auto holder = start({"run", "--lock", "deploy", "--", "sh", "-c", "echo held; exec sleep 1000"});
    holder.read_line();
    auto waiter = start({"run", "--lock", "deploy", "--timeout", "1000", "--", "true"});
    ASSERT_TRUE(so_many_wait(1));
    EXPECT_THAT(steward({"waits"}).out,
                MatchesRegex("pid [0-9]+ .*\\(thread 1\\)\n"
                             "└─ lock 'deploy', for .*, 16m.* left, at steward run\n"
                             "   └─ pid [0-9]+ .*\\(thread 1\\), has held it for .*, running\n"));
}

TEST_F(TheWaits, OfNestedRunsWithATimeShowTheirCycle) {
    auto first = start_nested("a", "b");
    auto second = start_nested("b", "a");
    first.read_line();
    second.read_line();
    steward({"event", "set", "go"});
    ASSERT_TRUE(so_many_wait(2));
    const auto waits = json({"waits"});
    EXPECT_EQ(waits[0].at("cycle"), true);
    EXPECT_EQ(waits[1].at("cycle"), true);
    const auto tree = steward({"waits"}).out;
    EXPECT_THAT(tree, HasSubstr("inside of it pid "));
    EXPECT_THAT(tree, HasSubstr(": a cycle, which lasts until a time is over\n"));
}

TEST_F(TheWaits, AreDrawnForGraphviz) {
    auto holder = start({"run", "--lock", "deploy", "--", "sh", "-c", "echo \"held\"; exec sleep 1000"});
    holder.read_line();
    auto waiter = start({"run", "--lock", "deploy", "--", "true"});
    ASSERT_TRUE(so_many_wait(1));
    const auto dot = steward({"waits", "--dot"}).out;
    EXPECT_THAT(dot, StartsWith("digraph waits {\n"));
    EXPECT_THAT(dot, HasSubstr("label=\"lock 'deploy'\\nheld\""));
    EXPECT_EQ(steward({"waits", "--dot", "--json"}).exit_code, 64);
}

TEST_F(TheWaits, ForTheOwnLockOfAConditionCallItByItsNumber) {
    const Manager manager({.socket = daemon.socket(), .client_name = "test"});
    auto condition = manager.condition("ready");
    condition.acquire();
    std::thread waiter([&] {
        condition.acquire();
        condition.release();
    });
    EXPECT_TRUE(so_many_wait(1));
    const auto wait = json({"waits"}).at(0);
    EXPECT_THAT(wait.at("name"), MatchesRegex("#[0-9]+"));
    EXPECT_EQ(wait.at("type"), "rlock");
    EXPECT_EQ(wait.at("holders").size(), 1U);
    EXPECT_THAT(steward({"waits"}).out, ContainsRegex("└─ rlock #[0-9]+, for "));
    condition.release();
    waiter.join();
}

}  // namespace
}  // namespace steward::tests
