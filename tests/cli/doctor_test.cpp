#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <steward/list.hpp>
#include <steward/manager.hpp>

#include "tests/cli/steward_test.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;
using testing::IsSupersetOf;

constexpr int well = 0;
constexpr int warned = 1;
constexpr int unwell = 2;

/// A daemon that promises no more memory than any machine has.
class ADoctor : public testing::Test {
  protected:
    Outcome doctor() { return run_steward(daemon.socket(), {"doctor"}); }
    nlohmann::json findings() { return steward_json(daemon.socket(), {"doctor"}); }

    /// The heap of a user who has an object.
    std::filesystem::path its_memory() {
        run_steward(daemon.socket(), {"set", "name", "1"});
        return daemon.memory_files().front();
    }

    static nlohmann::json finding(const nlohmann::json& findings, const std::string& check) {
        const auto found = std::ranges::find_if(findings, [&](const auto& each) { return each.at("check") == check; });
        return found == findings.end() ? nlohmann::json() : *found;
    }

    DaemonProcess daemon{{"--memory-limit", "32mb"}};
};

TEST_F(ADoctor, LooksAtEverythingAndFindsADaemonThatIsWell) {
    const auto all = findings();
    std::vector<std::string> checks;
    for (const auto& each : all)
        checks.push_back(each.at("check"));
    EXPECT_THAT(checks, IsSupersetOf({"socket", "daemon", "memory", "limits", "daemon's limits", "kernel", "leftovers",
                                      "round trip", "lock"}));
    for (const auto* check : {"socket", "daemon", "limits", "daemon's limits", "kernel"})
        EXPECT_EQ(finding(all, check).at("verdict"), "good") << finding(all, check);
    EXPECT_TRUE(finding(all, "socket").at("advice").is_null());
    EXPECT_THAT(finding(all, "socket").at("found"), HasSubstr(daemon.socket()));
    EXPECT_THAT(finding(all, "daemon").at("found"), HasSubstr("process " + std::to_string(daemon.pid())));
}

TEST_F(ADoctor, EndsByTheWorstThatItFinds) {
    const auto outcome = doctor();
    const bool warns = outcome.out.find("warning") != std::string::npos;  // of a busy machine
    EXPECT_EQ(outcome.exit_code, warns ? warned : well) << outcome.out;
    EXPECT_THAT(outcome.out, HasSubstr("CHECK"));
}

TEST_F(ADoctor, SaysThatADaemonIsStoppedAndHowItGoesOn) {
    daemon.stop();
    const auto outcome = doctor();
    daemon.go_on();
    EXPECT_EQ(outcome.exit_code, unwell);
    EXPECT_THAT(outcome.out, HasSubstr("is stopped"));
    EXPECT_THAT(outcome.out, HasSubstr("daemon: let it go on: `kill -CONT " + std::to_string(daemon.pid()) + "`"));
}

TEST_F(ADoctor, SaysThatADaemonHasEndedAndThatItsMemoryIsKept) {
    const auto memory = its_memory().filename().string();
    daemon.kill();
    const auto outcome = doctor();
    EXPECT_EQ(outcome.exit_code, unwell);
    EXPECT_THAT(outcome.out, HasSubstr("nobody listens at " + daemon.socket()));
    EXPECT_THAT(outcome.out, HasSubstr("socket: start the daemon again"));
    EXPECT_THAT(outcome.out, testing::Not(HasSubstr(memory))) << "the record beside the socket names it";
}

TEST_F(ADoctor, SaysThatTheMemoryIsUsedUp) {
    Manager manager({.socket = daemon.socket()});
    auto values = manager.list<std::string>("values");
    std::error_code full;
    while (!full)
        values.append(std::string(100'000, 'x'), full);
    EXPECT_EQ(full, errc::no_memory);
    const auto outcome = doctor();
    EXPECT_NE(outcome.exit_code, well);
    EXPECT_THAT(outcome.out, HasSubstr("raise `memory-limit`"));
}

TEST_F(ADoctor, FindsMemoryThatNobodyWillTakeUp) {
    its_memory();
    const auto files = daemon.memory_files();
    daemon.kill();
    std::filesystem::remove(daemon.memory_record());
    const auto found = finding(findings(), "leftovers");
    EXPECT_EQ(found.at("verdict"), "warning");
    EXPECT_THAT(found.at("advice"), HasSubstr("remove them"));
    for (const auto& file : files)
        std::filesystem::remove(file);
}

TEST(ADoctorWithoutASocket, SaysHowADaemonIsStarted) {
    TemporaryFolder folder;
    const auto outcome = run_steward((folder.path() / "none.sock").string(), {"doctor"});
    EXPECT_EQ(outcome.exit_code, unwell);
    EXPECT_THAT(outcome.out, HasSubstr("none.sock: No such file or directory"));
    EXPECT_THAT(outcome.out, HasSubstr("socket: start one: "));
}

}  // namespace
}  // namespace steward::tests
