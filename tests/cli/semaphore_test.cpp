#include <string>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

class TheSemaphoreCommand : public StewardTest {};

TEST_F(TheSemaphoreCommand, CountsPermitsThatAnybodyGivesAndTakes) {
    steward({"make", "semaphore", "slots", "--permits", "0"});
    EXPECT_EQ(steward({"semaphore", "release", "slots"}).exit_code, 0);
    EXPECT_EQ(steward({"semaphore", "release", "slots", "--permits", "2"}).exit_code, 0);
    EXPECT_EQ(steward({"semaphore", "acquire", "slots"}).exit_code, 0);
    EXPECT_EQ(steward({"semaphore", "value", "slots"}).out, "2\n");
}

TEST_F(TheSemaphoreCommand, WaitsForAPermit) {
    steward({"make", "semaphore", "slots", "--permits", "0"});
    auto waiting = start({"semaphore", "acquire", "slots"});
    ASSERT_TRUE(eventually([&] { return !json({"waits"}).empty(); }));
    steward({"semaphore", "release", "slots"});
    EXPECT_EQ(waiting.wait().exit_code, 0);
    EXPECT_EQ(steward({"semaphore", "value", "slots"}).out, "0\n");
}

TEST_F(TheSemaphoreCommand, EndsWhenItsTimeIsOver) {
    steward({"make", "semaphore", "slots", "--permits", "0"});
    for (const auto* timeout : {"0", "0.01"}) {
        const auto outcome = steward({"semaphore", "acquire", "slots", "--timeout", timeout});
        EXPECT_EQ(outcome.exit_code, 75);
        EXPECT_THAT(outcome.err, HasSubstr("semaphore 'slots' had no permit"));
    }
}

TEST_F(TheSemaphoreCommand, CountsThoseOfABoundedOneWhichCannotGrow) {
    steward({"make", "bounded_semaphore", "slots", "--permits", "1", "--no-recover"});
    EXPECT_EQ(steward({"semaphore", "acquire", "slots"}).exit_code, 0);
    EXPECT_EQ(steward({"semaphore", "release", "slots"}).exit_code, 0);
    const auto outcome = steward({"semaphore", "release", "slots"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("'slots' has 1 free permits and can have 1"));
}

TEST_F(TheSemaphoreCommand, DoesNotAcquireWhatWouldReturnAtOnce) {
    steward({"make", "semaphore", "slots", "--recover"});
    steward({"make", "bounded_semaphore", "bounded"});
    for (const auto* name : {"slots", "bounded"}) {
        const auto outcome = steward({"semaphore", "acquire", name});
        EXPECT_EQ(outcome.exit_code, 1);
        EXPECT_THAT(outcome.err, HasSubstr("`steward run --semaphore " + std::string(name) + '`'));
        EXPECT_EQ(steward({"semaphore", "value", name}).out, "1\n");
    }
}

TEST_F(TheSemaphoreCommand, RefusesWhatItCannotDo) {
    EXPECT_EQ(steward({"semaphore", "value", "nothing"}).exit_code, 66);
    EXPECT_EQ(steward({"semaphore", "take", "slots"}).exit_code, 64);
    EXPECT_EQ(steward({"semaphore", "release", "slots", "--permits", "-1"}).exit_code, 64);
    steward({"make", "lock", "deploy"});
    const auto outcome = steward({"semaphore", "release", "deploy"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("lock 'deploy' is no semaphore or bounded_semaphore"));
}

}  // namespace
}  // namespace steward::tests
