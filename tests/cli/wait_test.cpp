#include <signal.h>

#include <string>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

class TheWaitCommand : public StewardTest {
  protected:
    void SetUp() override {
        steward({"make", "event", "done"});
        steward({"make", "queue", "jobs"});
    }

    bool somebody_waits() {
        return eventually([&] { return !json({"waits"}).empty(); });
    }
};

TEST_F(TheWaitCommand, PrintsWhichCameFirst) {
    auto waiter = start({"wait", "done", "jobs"});
    ASSERT_TRUE(somebody_waits());
    steward({"queue", "put", "jobs", "1"});
    EXPECT_EQ(waiter.wait().out, "jobs\n");
    EXPECT_EQ(steward({"queue", "size", "jobs"}).out, "1\n");
    steward({"event", "set", "done"});
    EXPECT_EQ(steward({"wait", "done", "jobs"}).out, "done\n");
    const auto answer = json({"wait", "done", "jobs"});
    EXPECT_EQ(answer.at("index"), 0);
    EXPECT_EQ(answer.at("name"), "done");
}

TEST_F(TheWaitCommand, WaitsForTheEndOfAProcess) {
    auto process = start({"run", "--lock", "deploy", "--", "sh", "-c", "echo $$; exec sleep 1000"});
    const auto name = "pid:" + std::to_string(process.read_pid());
    EXPECT_EQ(steward({"wait", "done", name, "--timeout", "0"}).exit_code, 75);
    auto waiter = start({"wait", "done", name});
    ASSERT_TRUE(somebody_waits());
    process.send(SIGKILL);
    EXPECT_EQ(waiter.wait().out, name + '\n');
}

TEST_F(TheWaitCommand, GivesALockBackThatItGot) {
    steward({"make", "lock", "deploy"});
    EXPECT_EQ(steward({"wait", "deploy"}).out, "deploy\n");
    const auto lock = json({"show", "deploy"});
    EXPECT_TRUE(lock.at("holder").is_null());
    EXPECT_TRUE(lock.at("abandoned").is_null());
}

TEST_F(TheWaitCommand, IsRefusedWhereItWouldWaitForARunThatItIsUnder) {
    const auto outcome =
        steward({"run", "--lock", "deploy", "--", STEWARD_PATH, "--socket", daemon.socket(), "wait", "deploy"});
    EXPECT_EQ(outcome.exit_code, 80);
}

TEST_F(TheWaitCommand, RefusesWhatItCannotDo) {
    EXPECT_EQ(steward({"wait"}).exit_code, 64);
    EXPECT_EQ(steward({"wait", "pid:self"}).exit_code, 64);
    const auto nobody = steward({"wait", "pid:0"});
    EXPECT_EQ(nobody.exit_code, 66);
    EXPECT_THAT(nobody.err, HasSubstr("there is no process 0"));
    EXPECT_EQ(steward({"wait", "nothing"}).exit_code, 66);
    EXPECT_EQ(steward({"wait", "done", "done"}).exit_code, 1);
    const auto late = steward({"wait", "done", "jobs", "--timeout", "0.01"});
    EXPECT_EQ(late.exit_code, 75);
    EXPECT_THAT(late.err, HasSubstr("within 10ms"));
    steward({"set", "limit", "1"});
    EXPECT_EQ(steward({"wait", "limit"}).exit_code, 1);
}

}  // namespace
}  // namespace steward::tests
