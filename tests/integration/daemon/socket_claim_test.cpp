#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/text_file.hpp"

namespace steward::tests {
namespace {

constexpr int another_serves = 69;
constexpr int system_refused = 71;

/// A socket file that nobody listens at, as a daemon that was killed leaves it.
void leave_stale_socket(const std::string& path) {
    const shared::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

TEST(ASecondDaemon, SaysThatAnotherServesAndLeavesThatOneAlone) {
    DaemonProcess first;
    RawClient client(first.socket());
    const auto value = open_value(client, "value", pack("kept"));
    const auto second = run_stewardd({"--socket", first.socket()});
    EXPECT_EQ(second.exit_code, another_serves);
    EXPECT_NE(second.errors.find("another daemon serves " + first.socket()), std::string::npos) << second.errors;
    EXPECT_EQ(value_of(client, value), pack("kept"));
    EXPECT_NO_THROW(RawClient(first.socket()));
}

TEST(ASecondDaemon, NeitherForgetsTheMemoryOfTheFirst) {
    DaemonProcess first;
    RawClient client(first.socket());
    EXPECT_EQ(run_stewardd({"--socket", first.socket(), "--forget"}).exit_code, another_serves);
    for (const auto& file : first.memory_files())
        EXPECT_TRUE(std::filesystem::exists(file)) << file;
    EXPECT_TRUE(serves(client));
}

TEST(ASecondDaemon, OnAnotherSocketServesBesideTheFirst) {
    DaemonProcess first;
    DaemonProcess second;
    RawClient one(first.socket());
    RawClient two(second.socket());
    open_lock(one, "lock");
    EXPECT_EQ(two.refusal(proto::object::Find{.name = "lock"}), Errc::no_such_object);
}

TEST(AStaleSocketFile, IsReplaced) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "steward.sock";
    leave_stale_socket(path);
    DaemonProcess daemon({.socket = path});
    EXPECT_NO_THROW(RawClient(daemon.socket()));
}

TEST(AStaleSocketFile, IsReplacedAfterTheDaemonWasKilled) {
    DaemonProcess daemon;
    daemon.kill();
    EXPECT_TRUE(std::filesystem::exists(daemon.socket()));
    daemon.start();
    EXPECT_NO_THROW(RawClient(daemon.socket()));
}

TEST(ALiveSocket, OfAnyOtherServerIsNeverReplaced) {
    const TemporaryFolder folder;
    const auto path = (folder.path() / "steward.sock").string();
    const shared::UniqueFd other(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(other.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(other.get(), 5), 0);
    EXPECT_EQ(run_stewardd({"--socket", path}).exit_code, another_serves);
    EXPECT_TRUE(std::filesystem::is_socket(path));
}

TEST(AFileThatIsNoSocket, IsLeftAlone) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "steward.sock";
    write_text(path, "somebody's letters");
    const auto outcome = run_stewardd({"--socket", path.string()});
    EXPECT_EQ(outcome.exit_code, system_refused);
    EXPECT_NE(outcome.errors.find("left alone"), std::string::npos) << outcome.errors;
    EXPECT_EQ(text_of(path), "somebody's letters");
}

TEST(ASocketPath, ThatIsTooLongIsRefused) {
    const TemporaryFolder folder;
    const auto outcome = run_stewardd({"--socket", (folder.path() / std::string(150, 'x')).string()});
    EXPECT_EQ(outcome.exit_code, system_refused);
    EXPECT_NE(outcome.errors.find("107 bytes"), std::string::npos) << outcome.errors;
}

}  // namespace
}  // namespace steward::tests
