#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/integration/daemon/daemon_test.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/process_status.hpp"

namespace steward::tests {
namespace {

constexpr int owner_fd = 100;

/// A daemon that belongs to a process, and serves in a folder of its own.
class APrivateDaemon : public testing::Test {
  protected:
    std::filesystem::path folder() const { return parent_.path() / "private"; }

    DaemonProcess::Settings settings() const {
        return {.arguments = {"--private", "--owner-fd", std::to_string(owner_fd)},
                .before_exec =
                    [owner = owner_.pid()] {
                        const auto pidfd = static_cast<int>(::syscall(SYS_pidfd_open, owner, 0));
                        ::dup2(pidfd, owner_fd);
                    },
                .socket = folder() / "steward.sock"};
    }

    /// The files in /dev/shm that the daemon has mapped, as proc(5) tells; those without a name end with "(deleted)".
    std::vector<std::string> mapped_memory_files() const {
        std::vector<std::string> files;
        std::istringstream lines(text_of(proc(daemon_.pid()) / "maps"));
        for (std::string line; std::getline(lines, line);)
            if (const auto name = line.find("/dev/shm/"); name != std::string::npos)
                files.push_back(line.substr(name));
        return files;
    }

    TemporaryFolder parent_;
    ChildProcess owner_{[] { return ::pause(); }};
    DaemonProcess daemon_{settings()};
};

TEST_F(APrivateDaemon, EndsWithItsOwnerAndLeavesNothing) {
    RawClient client(daemon_.socket());
    open_lock(client, "lock");
    owner_.kill();
    EXPECT_EQ(daemon_.wait(), 0);
    EXPECT_FALSE(std::filesystem::exists(folder()));
    EXPECT_FALSE(client.next_frame());
}

TEST_F(APrivateDaemon, HasNoMemoryFilesThatAnythingCouldLeaveBehind) {
    RawClient client(daemon_.socket());
    open_value(client, "value", pack(std::string(5'000'000, 'x')));
    const auto files = mapped_memory_files();
    EXPECT_FALSE(files.empty());
    for (const auto& file : files)
        EXPECT_TRUE(file.ends_with("(deleted)")) << file;
    EXPECT_FALSE(std::filesystem::exists(daemon_.memory_record()));
}

TEST_F(APrivateDaemon, LeavesNoMemoryFileWhenItIsKilled) {
    RawClient client(daemon_.socket());
    open_lock(client, "lock");
    const auto files = mapped_memory_files();
    daemon_.kill();
    EXPECT_FALSE(files.empty());
    for (const auto& file : files)
        EXPECT_FALSE(std::filesystem::exists(file.substr(0, file.find(' ')))) << file;
}

TEST_F(APrivateDaemon, IsForItsOwnUserOnly) {
    const auto mode = std::filesystem::status(daemon_.socket()).permissions();
    EXPECT_EQ(mode & std::filesystem::perms(0777), std::filesystem::perms(0600));
}

TEST_F(APrivateDaemon, LeavesNothingWhenItIsTerminatedEither) {
    RawClient client(daemon_.socket());
    EXPECT_EQ(daemon_.terminate(), 0);
    EXPECT_FALSE(std::filesystem::exists(folder()));
}

}  // namespace
}  // namespace steward::tests
