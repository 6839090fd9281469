#include <signal.h>

#include <string>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

class TheBarrierCommand : public StewardTest {
  protected:
    void SetUp() override { steward({"make", "barrier", "step", "--parties", "3"}); }

    StewardProcess start_waiting() { return start({"barrier", "wait", "step", "--parties", "3"}); }

    bool so_many_wait(int number) {
        return eventually([&] { return json({"barrier", "status", "step"}).at("n_waiting") == number; });
    }
};

TEST_F(TheBarrierCommand, WaitsUntilAllPartiesAreThereAndTellsEachItsNumber) {
    auto first = start_waiting();
    ASSERT_TRUE(so_many_wait(1));
    auto second = start_waiting();
    ASSERT_TRUE(so_many_wait(2));
    EXPECT_EQ(steward({"barrier", "wait", "step"}).out, "2\n");
    EXPECT_EQ(first.wait().out, "0\n");
    EXPECT_EQ(second.wait().out, "1\n");
}

TEST_F(TheBarrierCommand, BreaksWhenTheTimeOfOneIsOver) {
    auto first = start_waiting();
    ASSERT_TRUE(so_many_wait(1));
    const auto late = steward({"barrier", "wait", "step", "--timeout", "0.01"});
    EXPECT_EQ(late.exit_code, 75);
    EXPECT_THAT(late.err, HasSubstr("steward barrier reset step"));
    const auto other = first.wait();
    EXPECT_EQ(other.exit_code, 1);
    EXPECT_THAT(other.err, HasSubstr("broke"));
    EXPECT_EQ(json({"barrier", "status", "step"}).at("broken"), true);
    EXPECT_EQ(steward({"barrier", "wait", "step"}).exit_code, 1);
}

TEST_F(TheBarrierCommand, BreaksWhenOneIsKilled) {
    auto first = start_waiting();
    ASSERT_TRUE(so_many_wait(1));
    auto second = start_waiting();
    ASSERT_TRUE(so_many_wait(2));
    second.send(SIGKILL);
    EXPECT_EQ(first.wait().exit_code, 1);
}

TEST_F(TheBarrierCommand, AbortsAndResets) {
    auto first = start_waiting();
    ASSERT_TRUE(so_many_wait(1));
    EXPECT_EQ(steward({"barrier", "abort", "step"}).exit_code, 0);
    EXPECT_EQ(first.wait().exit_code, 1);
    EXPECT_EQ(steward({"barrier", "reset", "step"}).exit_code, 0);
    const auto status = json({"barrier", "status", "step"});
    EXPECT_EQ(status.at("parties"), 3);
    EXPECT_EQ(status.at("n_waiting"), 0);
    EXPECT_EQ(status.at("broken"), false);
    EXPECT_THAT(steward({"barrier", "status", "step"}).out, HasSubstr("Broken:"));
}

TEST_F(TheBarrierCommand, MakesABarrierWhereItIsToldTheParties) {
    EXPECT_EQ(steward({"barrier", "wait", "alone", "--parties", "1"}).out, "0\n");
    EXPECT_EQ(json({"show", "alone"}).at("state"), "0 of 1 there");
}

TEST_F(TheBarrierCommand, RefusesWhatItCannotDo) {
    for (const auto* verb : {"wait", "abort", "reset", "status"})
        EXPECT_EQ(steward({"barrier", verb, "nothing"}).exit_code, 66) << verb;
    EXPECT_EQ(steward({"barrier", "wait", "new", "--parties", "0"}).exit_code, 1);
    EXPECT_EQ(steward({"barrier", "wait", "step", "--parties", "2"}).exit_code, 1);
    EXPECT_EQ(steward({"barrier", "dance", "step"}).exit_code, 64);
    steward({"set", "limit", "1"});
    EXPECT_EQ(steward({"barrier", "status", "limit"}).exit_code, 1);
}

}  // namespace
}  // namespace steward::tests
