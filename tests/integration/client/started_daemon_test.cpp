#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

#include <steward/manager.hpp>

#include "tests/integration/client/client_test.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::tests {
namespace {

/// A daemon that Manager::start() runs.
using AStartedDaemon = testing::Test;

StartOptions options() {
    return {.daemon = STEWARDD_PATH};
}

TEST_F(AStartedDaemon, ServesItsCreatorAndItsChildren) {
    auto manager = Manager::start(options());
    auto value = manager.value<int>("value", 1);
    ChildProcess child([&] {
        value.fetch_add(1);
        return 0;
    });
    EXPECT_EQ(child.wait(), 0);
    EXPECT_EQ(value.get(), 2);
}

TEST_F(AStartedDaemon, ServesOtherProcessesByItsSocket) {
    const auto manager = Manager::start(options());
    manager.value<int>("value", 7);
    EXPECT_EQ(Manager({.socket = manager.socket()}).value<int>("value", 0).get(), 7);
}

TEST_F(AStartedDaemon, LeavesNothingBehind) {
    std::filesystem::path folder;
    {
        const auto manager = Manager::start(options());
        folder = manager.socket().parent_path();
        EXPECT_TRUE(std::filesystem::exists(folder));
    }
    EXPECT_FALSE(std::filesystem::exists(folder));
}

TEST_F(AStartedDaemon, LivesAsLongAsAProxy) {
    std::optional<Value<int>> value;
    value = Manager::start(options()).value<int>("value", 3);
    EXPECT_EQ(value->get(), 3);
}

TEST_F(AStartedDaemon, EndsWithACreatorThatIsKilled) {
    const TemporaryFolder folder;
    const auto link = folder.path() / "socket";
    ChildProcess creator([&] {
        const auto manager = Manager::start(options());
        std::filesystem::create_symlink(manager.socket(), link.string() + ".new");
        std::filesystem::rename(link.string() + ".new", link);
        return pause();
    });
    ASSERT_TRUE(eventually([&] { return std::filesystem::is_symlink(link); }));
    const auto socket = std::filesystem::read_symlink(link);
    creator.kill();
    EXPECT_TRUE(eventually([&] { return !std::filesystem::exists(socket.parent_path()); }));
}

TEST_F(AStartedDaemon, OutlivesAForkedChildThatDestroysTheManager) {
    std::optional<Manager> manager = Manager::start(options());
    ChildProcess child([&] {
        manager.reset();
        return 0;
    });
    EXPECT_EQ(child.wait(), 0);
    EXPECT_TRUE(manager->objects().empty());
}

TEST_F(AStartedDaemon, ThatIsNoProgramIsAnError) {
    std::error_code ec;
    EXPECT_FALSE(Manager::start({.daemon = "/no/such/stewardd"}, ec));
    EXPECT_EQ(ec, errc::not_connected);
}

TEST_F(AStartedDaemon, ThatEndsAtOnceIsAnErrorWithItsExitCode) {
    try {
        Manager::start({.daemon = "/bin/false"});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), errc::not_connected);
        EXPECT_NE(error.detail().find("it ended with exit code 1"), std::string::npos) << error.detail();
    }
}

TEST_F(AStartedDaemon, IsFoundByTheEnvironment) {
    setenv("STEWARDD", STEWARDD_PATH, 1);
    EXPECT_TRUE(Manager::start().objects().empty());
    unsetenv("STEWARDD");
}

}  // namespace
}  // namespace steward::tests
