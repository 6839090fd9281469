#include <string>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

class TheConditionCommand : public StewardTest {
  protected:
    bool so_many_wait(std::size_t number) {
        return eventually([&] { return json({"show", "ready"}).at("waiters").size() == number; });
    }
};

TEST_F(TheConditionCommand, NotifiesTheFirstOrSoManyOrAll) {
    steward({"make", "condition", "ready"});
    EXPECT_EQ(steward({"condition", "notify", "ready"}).out, "0\n");
    auto first = start({"condition", "wait", "ready"});
    ASSERT_TRUE(so_many_wait(1));
    auto second = start({"condition", "wait", "ready"});
    auto third = start({"condition", "wait", "ready"});
    auto fourth = start({"condition", "wait", "ready"});
    ASSERT_TRUE(so_many_wait(4));
    EXPECT_EQ(steward({"condition", "notify", "ready"}).out, "1\n");
    EXPECT_EQ(first.wait().exit_code, 0);
    EXPECT_EQ(steward({"condition", "notify", "ready", "--count", "2"}).out, "2\n");
    EXPECT_EQ(steward({"condition", "notify-all", "ready"}).out, "1\n");
    for (auto* waiter : {&second, &third, &fourth})
        EXPECT_EQ(waiter->wait().exit_code, 0);
}

TEST_F(TheConditionCommand, UsesTheLockThatTheConditionWasMadeWith) {
    steward({"make", "lock", "guard", "--fair"});
    EXPECT_EQ(steward({"make", "condition", "ready", "--lock", "guard"}).exit_code, 0);
    auto waiter = start({"condition", "wait", "ready"});
    ASSERT_TRUE(so_many_wait(1));
    EXPECT_EQ(json({"show", "guard"}).at("state"), "free");
    EXPECT_EQ(steward({"condition", "notify", "ready"}).out, "1\n");
    EXPECT_EQ(waiter.wait().exit_code, 0);
    EXPECT_TRUE(json({"show", "guard"}).at("abandoned").is_null());
}

TEST_F(TheConditionCommand, EndsWhenItsTimeIsOver) {
    steward({"make", "lock", "guard"});
    steward({"make", "condition", "ready", "--lock", "guard"});
    const auto outcome = steward({"condition", "wait", "ready", "--timeout", "0.01"});
    EXPECT_EQ(outcome.exit_code, 75);
    EXPECT_THAT(outcome.err, HasSubstr("condition 'ready' was not notified"));
    auto holder = start({"run", "--lock", "guard", "--", "sh", "-c", "echo held; exec sleep 1000"});
    holder.read_line();
    for (const auto* verb : {"wait", "notify", "notify-all"}) {
        const auto late = steward({"condition", verb, "ready", "--timeout", "0"});
        EXPECT_EQ(late.exit_code, 75);
        EXPECT_THAT(late.err, HasSubstr("lock 'guard', could not be taken"));
        EXPECT_THAT(late.err, HasSubstr("held by pid"));
    }
}

TEST_F(TheConditionCommand, IsRefusedUnderARunThatHoldsItsLock) {
    steward({"make", "lock", "guard"});
    steward({"make", "condition", "ready", "--lock", "guard"});
    const auto outcome = steward(
        {"run", "--lock", "guard", "--", STEWARD_PATH, "--socket", daemon.socket(), "condition", "wait", "ready"});
    EXPECT_EQ(outcome.exit_code, 80);
    EXPECT_THAT(outcome.err, HasSubstr("wants lock guard held by pid"));
}

TEST_F(TheConditionCommand, RefusesWhatItCannotDo) {
    for (const auto* verb : {"wait", "notify", "notify-all"})
        EXPECT_EQ(steward({"condition", verb, "nothing"}).exit_code, 66) << verb;
    EXPECT_EQ(steward({"condition", "dance", "ready"}).exit_code, 64);
    steward({"set", "limit", "1"});
    EXPECT_EQ(steward({"condition", "notify", "limit"}).exit_code, 1);
    steward({"make", "lock", "guard"});
    steward({"make", "condition", "ready", "--lock", "guard"});
    steward({"rm", "guard"});
    const auto outcome = steward({"condition", "notify", "ready"});
    EXPECT_EQ(outcome.exit_code, 66);
    EXPECT_THAT(outcome.err, HasSubstr("the lock of condition 'ready' was removed"));
}

}  // namespace
}  // namespace steward::tests
