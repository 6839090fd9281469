#include <algorithm>
#include <string>
#include <vector>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

class Administration : public StewardTest {};

TEST_F(Administration, RemovesAnObject) {
    steward({"set", "limit", "5"});
    EXPECT_EQ(steward({"rm", "limit"}).exit_code, 0);
    EXPECT_EQ(json({"ls"}).size(), 0U);
    EXPECT_EQ(steward({"rm", "limit"}).exit_code, 66);
}

TEST_F(Administration, TellsFromWhomABrokenLockWasTaken) {
    auto holder = start({"run", "--lock", "deploy", "--", "sh", "-c", "echo held; exec sleep 1000"});
    holder.read_line();
    const auto expected = json({"show", "deploy"}).at("holder").at("pid");
    const auto taken = json({"break", "deploy"});
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].at("pid"), expected);
    EXPECT_TRUE(json({"show", "deploy"}).at("holder").is_null());
}

TEST_F(Administration, FindsNothingToBreakWhereNobodyHolds) {
    EXPECT_EQ(steward({"run", "--lock", "deploy", "--", "true"}).exit_code, 0);
    EXPECT_EQ(json({"break", "deploy"}), nlohmann::json::array());
    EXPECT_EQ(steward({"break", "nothing"}).exit_code, 66);
}

TEST_F(Administration, SetsAndClearsAnEvent) {
    EXPECT_EQ(steward({"event", "set", "done"}).exit_code, 0);
    EXPECT_EQ(steward({"event", "wait", "done"}).exit_code, 0);
    EXPECT_EQ(steward({"event", "clear", "done"}).exit_code, 0);
    const auto outcome = steward({"event", "wait", "done", "--timeout", "0"});
    EXPECT_EQ(outcome.exit_code, 75);
    EXPECT_THAT(outcome.err, HasSubstr("event 'done' was not set"));
}

TEST_F(Administration, WaitsForAnEventThatDoesNotExistYet) {
    auto waiter = start({"event", "wait", "done"});
    ASSERT_TRUE(eventually([&] { return !json({"waits"}).empty(); }));
    steward({"event", "set", "done"});
    EXPECT_EQ(waiter.wait().exit_code, 0);
}

TEST_F(Administration, RefusesAVerbThatAnEventDoesNotHave) {
    EXPECT_EQ(steward({"event", "toggle", "done"}).exit_code, 64);
    EXPECT_EQ(steward({"event", "wait", "done", "--timeout", "-1"}).exit_code, 64);
}

TEST(ACommandLine, TellsWhereItLookedForADaemonThatIsNotThere) {
    const TemporaryFolder folder;
    const auto socket = (folder.path() / "none.sock").string();
    const auto outcome = run_steward(socket, {"ls"});
    EXPECT_EQ(outcome.exit_code, 69);
    EXPECT_THAT(outcome.err, HasSubstr(socket));
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
}

TEST(ACommandLine, RefusesWhatItDoesNotKnow) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                      {"dance"},
                                                      {"ls", "--colour"},
                                                      {"show"},
                                                      {"show", "one", "two"},
                                                      {"run", "--lock", "deploy"},
                                                      {"run", "--", "true"},
                                                      {"run", "--lock", "a", "--semaphore", "b", "--", "true"}})
        EXPECT_EQ(run_steward("/nowhere", arguments).exit_code, 64);
}

TEST(ACommandLine, ListsCommandsAndExitCodesInItsHelp) {
    const auto outcome = run_steward("/nowhere", {"--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    for (const auto* text : {"status", "sessions", "bench", "75 ", "no daemon answers", "--json"})
        EXPECT_THAT(outcome.out, HasSubstr(text));
}

TEST(ACommandLine, TellsDefaultAndUnitOfAnOption) {
    const auto outcome = run_steward("/nowhere", {"run", "--help"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("--timeout SECONDS"));
    EXPECT_THAT(outcome.out, HasSubstr("default: for ever"));
}

TEST(ACommandLine, TellsItsVersion) {
    EXPECT_THAT(run_steward("/nowhere", {"--version"}).out, testing::StartsWith("steward "));
}

TEST_F(Administration, RefusesAnEmptyNameWhichIsAVariableThatIsNotSet) {
    const std::vector<std::vector<std::string>> lines{
        {"run", "--lock", "", "--", "true"},
        {"run", "--all", "", "--", "true"},
        {"run", "--all", "a,,b", "--", "true"},
        {"set", "", "1"},
        {"get", ""},
        {"push", "", "1"},
        {"queue", "put", "", "1"},
        {"event", "set", ""},
        {"make", "lock", ""},
        {"barrier", "wait", "", "--parties", "1"},
        {"rm", ""},
    };
    for (const auto& line : lines) {
        const auto outcome = steward(line);
        EXPECT_EQ(outcome.exit_code, 64) << line[0] << ' ' << line[1];
        EXPECT_NE(outcome.err.find("empty"), std::string::npos) << outcome.err;
    }
    EXPECT_EQ(steward({"ls", ""}).exit_code, 0);
}

}  // namespace
}  // namespace steward::tests
