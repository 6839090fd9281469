#include <signal.h>

#include <string>

#include <steward/manager.hpp>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

class TheQueueCommand : public StewardTest {
  protected:
    bool somebody_waits() {
        return eventually([&] { return !json({"waits"}).empty(); });
    }
};

TEST_F(TheQueueCommand, PutsAtTheEndAndGetsTheFirst) {
    EXPECT_EQ(steward({"queue", "put", "jobs", "{\"n\":1}"}).exit_code, 0);
    EXPECT_EQ(steward({"queue", "put", "jobs", "-2"}).exit_code, 0);
    EXPECT_EQ(steward({"queue", "size", "jobs"}).out, "2\n");
    EXPECT_EQ(steward({"queue", "get", "jobs"}).out, "{\"n\":1}\n");
    EXPECT_EQ(steward({"queue", "get", "jobs"}).out, "-2\n");
    EXPECT_EQ(steward({"queue", "size", "jobs"}).out, "0\n");
}

TEST_F(TheQueueCommand, GetsWhatIsPutMeanwhile) {
    steward({"make", "queue", "jobs"});
    auto getter = start({"queue", "get", "jobs"});
    ASSERT_TRUE(somebody_waits());
    steward({"queue", "put", "jobs", "\"text\""});
    EXPECT_EQ(getter.wait().out, "\"text\"\n");
}

TEST_F(TheQueueCommand, EndsWhenItsTimeIsOver) {
    steward({"make", "queue", "jobs", "--max-size", "1"});
    const auto empty = steward({"queue", "get", "jobs", "--timeout", "0"});
    EXPECT_EQ(empty.exit_code, 75);
    EXPECT_THAT(empty.err, HasSubstr("queue 'jobs' stayed empty"));
    EXPECT_EQ(steward({"queue", "put", "jobs", "1"}).exit_code, 0);
    const auto full = steward({"queue", "put", "jobs", "2", "--timeout", "0.01"});
    EXPECT_EQ(full.exit_code, 75);
    EXPECT_THAT(full.err, HasSubstr("queue 'jobs' stayed full"));
    EXPECT_EQ(steward({"queue", "join", "jobs", "--timeout", "0"}).exit_code, 75);
}

TEST_F(TheQueueCommand, JoinsWhenAllItemsAreDoneWith) {
    steward({"queue", "put", "jobs", "1"});
    auto joining = start({"queue", "join", "jobs"});
    ASSERT_TRUE(somebody_waits());
    EXPECT_EQ(steward({"queue", "get", "jobs"}).exit_code, 0);
    EXPECT_EQ(steward({"queue", "task-done", "jobs"}).exit_code, 0);
    EXPECT_EQ(joining.wait().exit_code, 0);
    EXPECT_EQ(steward({"queue", "task-done", "jobs"}).exit_code, 1);
}

TEST_F(TheQueueCommand, TakesAnItemForACommandThatIsDoneWithIt) {
    steward({"queue", "put", "jobs", "[1,\"two\"]"});
    const auto outcome = steward({"queue", "take", "jobs", "--", "sh", "-c", "echo \"$STEWARD_ITEM\""});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_EQ(outcome.out, "[1,\"two\"]\n");
    EXPECT_EQ(steward({"queue", "join", "jobs", "--timeout", "0"}).exit_code, 0);
}

TEST_F(TheQueueCommand, ReturnsAnItemWhoseCommandFails) {
    steward({"queue", "put", "jobs", "1"});
    steward({"queue", "put", "jobs", "2"});
    EXPECT_EQ(steward({"queue", "take", "jobs", "--", "sh", "-c", "exit 7"}).exit_code, 7);
    EXPECT_EQ(steward({"queue", "take", "jobs", "--", "/nowhere/command"}).exit_code, 127);
    EXPECT_EQ(steward({"queue", "get", "jobs"}).out, "1\n");
}

TEST_F(TheQueueCommand, ReturnsAnItemWhoseTakerIsKilled) {
    steward({"queue", "put", "jobs", "1"});
    auto taker = start({"queue", "take", "jobs", "--", "sh", "-c", "echo taken; exec sleep 1000"});
    taker.read_line();
    EXPECT_EQ(steward({"queue", "size", "jobs"}).out, "0\n");
    EXPECT_EQ(json({"show", "jobs"}).at("holders").size(), 1U);
    taker.send(SIGKILL);
    EXPECT_EQ(steward({"queue", "get", "jobs"}).out, "1\n");
}

TEST_F(TheQueueCommand, RefusesWhatItCannotDo) {
    for (const auto* verb : {"get", "size", "join", "task-done"})
        EXPECT_EQ(steward({"queue", verb, "nothing"}).exit_code, 66) << verb;
    EXPECT_EQ(steward({"queue", "take", "nothing", "--", "true"}).exit_code, 66);
    EXPECT_EQ(steward({"queue", "put", "jobs"}).exit_code, 64);
    EXPECT_EQ(steward({"queue", "get", "jobs", "1"}).exit_code, 64);
    EXPECT_EQ(steward({"queue", "take", "jobs"}).exit_code, 64);
    EXPECT_EQ(steward({"queue", "peek", "jobs"}).exit_code, 64);
    EXPECT_EQ(steward({"queue", "put", "jobs", "one"}).exit_code, 65);
    steward({"push", "list", "1"});
    const auto outcome = steward({"queue", "get", "list"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("list 'list' is no queue"));
}

}  // namespace
}  // namespace steward::tests
