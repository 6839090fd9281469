#include <string>
#include <vector>

#include "tests/cli/steward_test.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

class TheMakeCommand : public StewardTest {
  protected:
    /// Whether these options were taken over: it may be made so again, and not without them.
    testing::AssertionResult keeps(const std::string& type, const std::vector<std::string>& options) {
        std::vector<std::string> with{"make", type, type};
        const auto without = with;
        with.insert(with.end(), options.begin(), options.end());
        for (int i = 0; i < 2; ++i)
            if (const auto outcome = steward(with); outcome.exit_code != 0)
                return testing::AssertionFailure() << outcome.err;
        if (steward(without).exit_code != 1)
            return testing::AssertionFailure() << "made without the options too";
        return testing::AssertionSuccess();
    }
};

TEST_F(TheMakeCommand, MakesEveryTypeThatHasANameOnce) {
    for (const auto* type : {"lock", "rlock", "rwlock", "semaphore", "bounded_semaphore", "condition", "event", "queue",
                             "list", "dict", "set", "namespace", "value"}) {
        for (int i = 0; i < 2; ++i)
            EXPECT_EQ(steward({"make", type, std::string("my ") + type}).exit_code, 0) << type;
        EXPECT_EQ(json({"show", std::string("my ") + type}).at("type"), type);
    }
    EXPECT_EQ(steward({"make", "barrier", "step", "--parties", "2"}).exit_code, 0);
}

TEST_F(TheMakeCommand, TakesTheOptionsOfTheType) {
    EXPECT_TRUE(keeps("lock", {"--transferable", "--fair"}));
    EXPECT_TRUE(keeps("semaphore", {"--permits", "0", "--recover"}));
    EXPECT_TRUE(keeps("bounded_semaphore", {"--permits", "3", "--no-recover"}));
    EXPECT_TRUE(keeps("event", {"--auto-reset"}));
    EXPECT_TRUE(keeps("queue", {"--max-size", "5"}));
    steward({"make", "rlock", "guard"});
    EXPECT_TRUE(keeps("condition", {"--lock", "guard"}));
    EXPECT_EQ(steward({"make", "array", "samples", "--length", "4", "--typecode", "H"}).exit_code, 0);
    EXPECT_EQ(steward({"make", "array", "samples", "--length", "4"}).exit_code, 1);
    EXPECT_EQ(json({"get", "samples"}), (nlohmann::json{0, 0, 0, 0}));
    EXPECT_EQ(json({"show", "semaphore"}).at("count"), 0);
    EXPECT_EQ(json({"show", "bounded_semaphore"}).at("state"), "3 free of 3");
}

TEST_F(TheMakeCommand, GivesTheModeThatItIsTold) {
    steward({"make", "lock", "shared", "--mode", "660"});
    steward({"make", "lock", "private"});
    EXPECT_EQ(json({"show", "shared"}).at("mode"), "0660");
    EXPECT_EQ(json({"show", "private"}).at("mode"), "0600");
}

TEST_F(TheMakeCommand, RefusesWhatItCannotMake) {
    EXPECT_EQ(steward({"make"}).exit_code, 64);
    EXPECT_EQ(steward({"make", "lock"}).exit_code, 64);
    EXPECT_EQ(steward({"make", "process", "name"}).exit_code, 64);
    EXPECT_EQ(steward({"make", "barrier", "step"}).exit_code, 64);
    EXPECT_EQ(steward({"make", "array", "samples"}).exit_code, 64);
    EXPECT_EQ(steward({"make", "array", "samples", "--length", "-1"}).exit_code, 64);
    const auto typecode = steward({"make", "array", "samples", "--length", "1", "--typecode", "x"});
    EXPECT_EQ(typecode.exit_code, 1);
    EXPECT_THAT(typecode.err, HasSubstr("'x' is no typecode of an array; there are b B h H i I q Q f d"));
    EXPECT_EQ(steward({"make", "queue", "jobs", "--fair"}).exit_code, 64);
    EXPECT_EQ(steward({"make", "queue", "jobs", "--max-size", "-1"}).exit_code, 64);
    for (const auto* mode : {"rw", "", "888", "1777", "77777"})
        EXPECT_EQ(steward({"make", "lock", "name", "--mode", mode}).exit_code, 64) << mode;
    EXPECT_EQ(steward({"make", "condition", "ready", "--lock", "nothing"}).exit_code, 66);
    steward({"make", "event", "done"});
    EXPECT_EQ(steward({"make", "condition", "ready", "--lock", "done"}).exit_code, 1);
    const auto other = steward({"make", "lock", "done"});
    EXPECT_EQ(other.exit_code, 1);
    EXPECT_THAT(other.err, HasSubstr("'done'"));
}

TEST_F(TheMakeCommand, TellsTheOptionsOfATypeInItsHelp) {
    EXPECT_THAT(steward({"make", "--help"}).out, HasSubstr("bounded_semaphore"));
    EXPECT_THAT(steward({"make", "queue", "--help"}).out, HasSubstr("--max-size N"));
}

}  // namespace
}  // namespace steward::tests
