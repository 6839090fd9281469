#include <algorithm>
#include <cstddef>
#include <ranges>
#include <string>
#include <system_error>
#include <vector>

#include <steward/steward.hpp>

#include "tests/cli/steward_test.hpp"
#include "tests/support/text_file.hpp"

namespace steward::tests {
namespace {

using testing::HasSubstr;

/// `steward dump` and `steward restore`, with another daemon to restore to.
class ADumpOfADaemon : public StewardTest {
  protected:
    std::string file() const { return (folder_.path() / "objects.dump").string(); }

    Outcome restore(std::vector<std::string> arguments = {}) {
        arguments.insert(arguments.begin(), {"restore", file()});
        return run_steward(other.socket(), std::move(arguments));
    }
    nlohmann::json json_of_other(std::vector<std::string> arguments) {
        return steward_json(other.socket(), std::move(arguments));
    }

    TemporaryFolder folder_;
    DaemonProcess other;
};

TEST_F(ADumpOfADaemon, IsRestoredByAnother) {
    steward({"set", "stats", "hits", "1"});
    steward({"make", "lock", "fair one", "--fair"});
    const auto dumped = json({"dump", file()});
    EXPECT_EQ(dumped.at("objects"), 2);
    const auto outcome = restore({"--json"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(nlohmann::json::parse(outcome.out).at("restored"), 2);
    EXPECT_EQ(run_steward(other.socket(), {"get", "stats", "hits"}).out, "1\n");
    EXPECT_EQ(run_steward(other.socket(), {"make", "lock", "fair one", "--fair"}).exit_code, 0);
}

TEST_F(ADumpOfADaemon, KeepsTheLargestValueThatCanBeSet) {
    const Manager manager({.socket = daemon.socket()});
    auto value = manager.value<std::string>("largest", "");
    const auto fits = [&](std::size_t bytes) {
        std::error_code error;
        value.set(std::string(bytes, 'x'), error);
        return !error;
    };
    constexpr std::size_t frame_bytes = std::size_t{16} << 20;
    const auto around = std::views::iota(std::size_t{0}, frame_bytes / 2);
    const auto bytes =
        frame_bytes - *std::ranges::partition_point(around, [&](auto left) { return !fits(frame_bytes - left); });
    EXPECT_TRUE(fits(bytes));
    EXPECT_EQ(steward({"dump", file()}).exit_code, 0);
    const auto outcome = restore();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(Manager({.socket = other.socket()}).value<std::string>("largest", "").get().size(), bytes);
}

TEST_F(ADumpOfADaemon, IsMadeWhileALockIsHeldAndGivesItBackFree) {
    auto holder = start({"run", "--lock", "deploy", "--", "sh", "-c", "echo held; exec sleep 1000"});
    holder.read_line();
    const auto token = json({"show", "deploy"}).at("token").get<std::uint64_t>();
    EXPECT_EQ(steward({"dump", file()}).exit_code, 0);
    EXPECT_EQ(restore().exit_code, 0);
    EXPECT_TRUE(json_of_other({"show", "deploy"}).at("holder").is_null());
    EXPECT_GE(json_of_other({"show", "deploy"}).at("token").get<std::uint64_t>(), token);
}

TEST_F(ADumpOfADaemon, KeepsObjectsWithinObjects) {
    Manager manager({.socket = daemon.socket()});
    auto work = manager.dict<std::string, List<int>>("work");
    work.set("jobs", manager.list<int>());
    work.at("jobs").append(7);
    EXPECT_EQ(steward({"dump", file()}).exit_code, 0);
    EXPECT_EQ(restore().exit_code, 0);
    Manager there({.socket = other.socket()});
    EXPECT_EQ((there.dict<std::string, List<int>>("work").at("jobs").at(0)), 7);
}

TEST_F(ADumpOfADaemon, HoldsMoreThanFitsIntoOneMessage) {
    Manager manager({.socket = daemon.socket()});
    auto large = manager.list<std::string>("large");
    for (int i = 0; i < 18; ++i)
        large.append(std::string(1 << 20, static_cast<char>('a' + i % 26)));
    EXPECT_EQ(steward({"dump", file()}).exit_code, 0);
    EXPECT_EQ(restore().exit_code, 0);
    Manager there({.socket = other.socket()});
    EXPECT_EQ(there.list<std::string>("large").size(), 18U);
}

TEST_F(ADumpOfADaemon, IsNotRestoredOverWhatExists) {
    steward({"set", "a", "1"});
    steward({"set", "b", "1"});
    steward({"dump", file()});
    run_steward(other.socket(), {"set", "b", "2"});
    const auto refused = restore();
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("value 'b' exists already"));
    EXPECT_THAT(refused.err, HasSubstr("--skip-existing"));
    EXPECT_EQ(json_of_other({"ls"}).size(), 1U);
    EXPECT_EQ(restore({"--skip-existing"}).exit_code, 0);
    EXPECT_EQ(run_steward(other.socket(), {"get", "a"}).out, "1\n");
    EXPECT_EQ(run_steward(other.socket(), {"get", "b"}).out, "2\n");
    EXPECT_EQ(restore({"--replace"}).exit_code, 0);
    EXPECT_EQ(run_steward(other.socket(), {"get", "b"}).out, "1\n");
    EXPECT_EQ(restore({"--replace", "--skip-existing"}).exit_code, 64);
}

TEST_F(ADumpOfADaemon, IsNotRestoredWhereItIsDamaged) {
    steward({"set", "a", "1"});
    steward({"dump", file()});
    auto bytes = text_of(file());
    bytes[bytes.size() / 2] ^= 1;
    write_text(file(), bytes);
    const auto outcome = restore();
    EXPECT_EQ(outcome.exit_code, 65);
    EXPECT_THAT(outcome.err, HasSubstr(file()));
    EXPECT_EQ(json_of_other({"ls"}).size(), 0U);
}

TEST_F(ADumpOfADaemon, IsRefusedWhereTheFileCannotBe) {
    EXPECT_EQ(steward({"dump", (folder_.path() / "none" / "file").string()}).exit_code, 1);
    EXPECT_EQ(steward({"dump", "/dev/null"}).exit_code, 1);
    EXPECT_EQ(restore().exit_code, 66);
    EXPECT_EQ(steward({"dump"}).exit_code, 64);
    EXPECT_EQ(run_steward((folder_.path() / "none.sock").string(), {"dump", file()}).exit_code, 69);
    EXPECT_FALSE(std::filesystem::exists(file()));
}

}  // namespace
}  // namespace steward::tests
