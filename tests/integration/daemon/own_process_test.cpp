#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/process_status.hpp"

// What whoever starts the daemon leaves to it.
namespace steward::tests {
namespace {

/// But for standard error, which goes to a file of the test.
TEST(ADaemonWithoutStandardStreams, PrintsIntoNoFileOfItsOwn) {
    const DaemonProcess daemon({.before_exec = [] { ::close_range(0, STDERR_FILENO, 0); }});
    RawClient client(daemon.socket());
    EXPECT_TRUE(serves(client));
    for (const auto* stream : {"0", "1", "2"}) {
        const auto file = std::filesystem::read_symlink(proc(daemon.pid()) / "fd" / stream);
        EXPECT_TRUE(file == "/dev/null" || file.filename() == "stderr") << file;
    }
}

TEST(ADaemonWithAnyUmask, FindsItsMemoryAgain) {
    DaemonProcess daemon({.before_exec = [] { ::umask(0777); }});
    {
        RawClient client(daemon.socket());
        open_value(client, "value", pack(1));
    }
    daemon.terminate();
    daemon.start();
    RawClient client(daemon.socket());
    EXPECT_EQ(value_of(client, open_value(client, "value", pack(2))), pack(1));
}

/// RLIMIT_FSIZE (setrlimit(2)): the kernel ends whoever writes more into a file, unless he has said otherwise.
TEST(ADaemonWhoseFilesMayNotGrow, RefusesWithNoMemoryAndServesOn) {
    const DaemonProcess daemon({.before_exec = [] {
        const rlimit limit{10'240, 10'240};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }});
    for (int tries = 0; tries < 2; ++tries) {
        RawClient client(daemon.socket(), RawClient::Begin::without_session);
        client.send(RawClient::encoded(1, proto::session::Open{.client_name = "client", .capabilities = {}}));
        const auto frame = client.next_frame();
        ASSERT_TRUE(frame);
        const auto response = proto::decode_response(*frame);
        EXPECT_TRUE(response.refused);
        EXPECT_EQ(response.code, Errc::no_memory);
    }
}

TEST(ASession, IsNotGivenBackToAProcessThatHasGivenUpItsRights) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "not root: this process has no rights to give up";
    const DaemonProcess daemon;
    std::filesystem::permissions(daemon.folder(), std::filesystem::perms::others_exec,
                                 std::filesystem::perm_options::add);
    ChildProcess child([&] {
        constexpr uid_t nobody = 65'534;
        const RawClient before(daemon.socket());
        if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0)
            return 1;
        RawClient client(daemon.socket(), RawClient::Begin::without_session);
        client.send(RawClient::encoded(
            1, proto::session::Open{.client_name = "client", .capabilities = {}, .resume = before.session()}));
        const auto frame = client.next_frame();
        const auto response = frame ? proto::decode_response(*frame) : proto::Response{};
        return response.refused && response.code == Errc::session_lost ? 0 : 2;
    });
    EXPECT_EQ(child.wait(), 0);
}

}  // namespace
}  // namespace steward::tests
