#include <csignal>
#include <string>
#include <vector>

#include "tests/cli/steward_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/text_file.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

/// A daemon with a configuration file, which changes while it runs.
class AReload : public testing::Test {
  protected:
    Outcome steward(std::vector<std::string> arguments) { return run_steward(daemon.socket(), std::move(arguments)); }

    void configure(const std::string& text) const { write_text(file, text); }

    std::string configured(const std::string& text) const {
        configure(text);
        return file.string();
    }

    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "stewardd.conf";
    DaemonProcess daemon{{"--config", configured("log-level = info\n")}};
};

TEST_F(AReload, TakesWhatCanChangeAndSaysWhatCannot) {
    configure("log-level = debug\nmemory-limit = 512mb\ninstance = another\n");
    const auto changes = steward_json(daemon.socket(), {"reload"});
    ASSERT_EQ(changes.size(), 3U);
    EXPECT_EQ(changes[0].at("option"), "memory-limit");
    EXPECT_EQ(changes[0].at("from"), "now");
    EXPECT_EQ(changes[1].at("option"), "log-level");
    EXPECT_EQ(changes[2].at("option"), "instance");
    EXPECT_THAT(changes[2].at("from"), HasSubstr("next start"));
    EXPECT_EQ(steward_json(daemon.socket(), {"status"}).at("memory_limit_bytes"), 512U << 20);
    EXPECT_THAT(daemon.errors(), HasSubstr("changed: memory-limit, log-level"));
    EXPECT_THAT(daemon.errors(), HasSubstr("instance cannot change while the daemon runs"));
    EXPECT_THAT(daemon.errors(), HasSubstr("debug: session")) << "the level counts from now on";
}

TEST_F(AReload, OfAWrongFileChangesNothingAndSaysWhere) {
    configure("log-level = debug\nmax-connections = none\n");
    const auto outcome = steward({"reload"});
    EXPECT_EQ(outcome.exit_code, 78);
    EXPECT_THAT(outcome.err, HasSubstr(file.string() + ":2: --max-connections"));
    EXPECT_THAT(outcome.err, HasSubstr("nothing has changed"));
    steward({"ls"});
    EXPECT_THAT(daemon.errors(), testing::Not(HasSubstr("debug: ")));
}

TEST_F(AReload, IsAskedForBySIGHUPToo) {
    configure("max-connections = 1\n");
    ::kill(daemon.pid(), SIGHUP);
    EXPECT_TRUE(eventually([&] { return daemon.errors().find("changed: max-connections") != std::string::npos; }));
    configure("nonsense\n");
    ::kill(daemon.pid(), SIGHUP);
    EXPECT_TRUE(eventually([&] { return daemon.errors().find(file.string() + ":1: ") != std::string::npos; }));
    EXPECT_EQ(steward({"ls"}).exit_code, 0) << "it goes on";
    EXPECT_EQ(daemon.terminate(), 0);
}

TEST_F(AReload, WithoutChangesTellsNone) {
    EXPECT_EQ(steward_json(daemon.socket(), {"reload"}).size(), 0U);
}

TEST_F(AReload, IsNotNeededToLookAtTheFile) {
    EXPECT_EQ(run_stewardd({"--check-config", "--config", file.string()}).exit_code, 0);
    configure("log-level = loud\n");
    const auto outcome = run_stewardd({"--check-config", "--config", file.string()});
    EXPECT_EQ(outcome.exit_code, 78);
    EXPECT_THAT(outcome.errors, HasSubstr(file.string() + ":1: --log-level"));
    EXPECT_EQ(run_stewardd({"--check-config", "--log-level", "loud"}).exit_code, 64);
}

}  // namespace
}  // namespace steward::tests
